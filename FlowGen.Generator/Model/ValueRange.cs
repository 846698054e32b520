namespace FlowGen.Generator.Model;

/// <summary>The values that every coordinate can take after a layer.</summary>
/// <param name="Low">The lower end, not attained.</param>
/// <param name="High">The upper end, not attained.</param>
internal readonly record struct ValueRange(double Low, double High)
{
    /// <summary>The real line.</summary>
    public static ValueRange Line => new(double.NegativeInfinity, double.PositiveInfinity);
}
