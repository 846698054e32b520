using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>The values that every coordinate can take after a layer.</summary>
/// <param name="Low">The lower end, not attained.</param>
/// <param name="High">The upper end, not attained.</param>
internal readonly record struct ValueRange(double Low, double High)
{
    /// <summary>The real line.</summary>
    public static ValueRange Line => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The lower end for people.</summary>
    public string LowText => Text(Low);

    /// <summary>The upper end for people.</summary>
    public string HighText => Text(High);

    private static string Text(double end) =>
        double.IsNegativeInfinity(end) ? "-infinity" : double.IsPositiveInfinity(end) ? "infinity" : Literals.Of(end);
}
