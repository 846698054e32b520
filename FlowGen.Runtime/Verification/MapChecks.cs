namespace FlowGen.Verification;

/// <summary>The checks of a layer, or of the whole flow, as a map and its inverse.</summary>
internal sealed class MapChecks(LayerDescription? layer, string kind, double tolerance)
{
    /// <summary>What a value may be off by, in relation to the largest of its sample.</summary>
    public double Tolerance { get; } = tolerance;

    public CheckTally Reference { get; } = new(layer, kind, VerificationCheck.Reference);

    public CheckTally Forward { get; } = new(layer, kind, VerificationCheck.Forward);

    public CheckTally ForwardLogDet { get; } = new(layer, kind, VerificationCheck.ForwardLogDet);

    public CheckTally InverseLogDet { get; } = new(layer, kind, VerificationCheck.InverseLogDet);

    public CheckTally RoundTrip { get; } = new(layer, kind, VerificationCheck.RoundTrip);

    public CheckTally LatentRoundTrip { get; } = new(layer, kind, VerificationCheck.LatentRoundTrip);

    /// <summary>A sample without a finite latent: where the reference has no number, none may come.</summary>
    public void SkipForward(ReadOnlySpan<float> z, ReadOnlySpan<double> expected, int sample)
    {
        for (int i = 0; i < z.Length; i++)
        {
            if (double.IsNaN(expected[i]))
            {
                Forward.Compare(z[i], expected[i], Tolerance, new CheckPlace(sample, "z", i));
            }
            else
            {
                Forward.Skip();
            }
        }

        Reference.Skip();
        ForwardLogDet.Skip();
        RoundTrip.Skip();
    }

    /// <summary>A latent without finite data.</summary>
    public void SkipInverse()
    {
        InverseLogDet.Skip();
        LatentRoundTrip.Skip();
    }

    public IEnumerable<VerificationRow> ToRows() =>
        [Reference.ToRow(), Forward.ToRow(), ForwardLogDet.ToRow(), InverseLogDet.ToRow(), RoundTrip.ToRow(), LatentRoundTrip.ToRow()];
}
