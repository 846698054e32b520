using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>The values that every coordinate can take after a layer.</summary>
/// <param name="Low">The lower end, not attained.</param>
/// <param name="High">The upper end, not attained.</param>
internal readonly record struct ValueRange(double Low, double High)
{
    /// <summary>The real line.</summary>
    public static ValueRange Line => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The same range where nothing is known of an end but that there is one.</summary>
    public ValueRange Forgotten() => new(
        double.IsNegativeInfinity(Low) ? Low : -double.MaxValue,
        double.IsPositiveInfinity(High) ? High : double.MaxValue);

    /// <summary>Whether nothing is known of an end but that there is one.</summary>
    public static bool IsUnknown(double end) => Math.Abs(end).Equals(double.MaxValue);

    /// <summary>The lower end for people.</summary>
    public string LowText => Text(Low);

    /// <summary>The upper end for people.</summary>
    public string HighText => Text(High);

    private static string Text(double end) =>
        double.IsNegativeInfinity(end) ? "-infinity" : double.IsPositiveInfinity(end) ? "infinity" : IsUnknown(end) ? "a bound" : Literals.Of(end);
}
