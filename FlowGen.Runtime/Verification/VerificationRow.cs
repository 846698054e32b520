namespace FlowGen;

/// <summary>One check of a flow or of one of its layers.</summary>
/// <param name="Layer">The layer's position in the expanded stack; null for the whole flow.</param>
/// <param name="Kind">The layer's name, or the flow's.</param>
/// <param name="Check">What was compared.</param>
/// <param name="Error">The worst error, in relation to its tolerance; infinite where a number was due and none came.</param>
/// <param name="Tolerance">What was allowed there.</param>
/// <param name="Where">Where the worst error is.</param>
/// <param name="Compared">How many values were compared.</param>
/// <param name="Skipped">How many could not be: outside the domain of the map, beyond the range of single precision, or on a kink.</param>
public sealed record VerificationRow(
    int? Layer, string Kind, VerificationCheck Check, double Error, double Tolerance, string Where, int Compared, int Skipped)
{
    /// <summary>Whether something was compared and every error is within its tolerance.</summary>
    public bool Passed => Compared > 0 && Error <= Tolerance;
}
