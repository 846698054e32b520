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

    /// <summary>The same range with the ends of a larger one where nothing else is known of them.</summary>
    public ValueRange Known(ValueRange larger) => new(IsUnknown(Low) ? larger.Low : Low, IsUnknown(High) ? larger.High : High);

    /// <summary>What an increasing function makes of the range; of an unknown end it makes one.</summary>
    /// <param name="function">The function, with its limits at both ends of the line.</param>
    public ValueRange Map(Func<double, double> function)
    {
        return new(End(Low), End(High));

        double End(double end)
        {
            double limit = function(IsUnknown(end) ? Math.Sign(end) * double.PositiveInfinity : end);
            return IsUnknown(end) && double.IsInfinity(limit) ? end : limit;
        }
    }

    /// <summary>Whether nothing is known of an end but that there is one.</summary>
    public static bool IsUnknown(double end) => Math.Abs(end).Equals(double.MaxValue);

    /// <summary>The lower end for people.</summary>
    public string LowText => Text(Low);

    /// <summary>The upper end for people.</summary>
    public string HighText => Text(High);

    private static string Text(double end) =>
        double.IsNegativeInfinity(end) ? "-infinity" : double.IsPositiveInfinity(end) ? "infinity" : IsUnknown(end) ? "a bound" : Literals.Of(end);
}
