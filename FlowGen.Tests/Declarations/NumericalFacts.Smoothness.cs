using FlowGen.Generator.Model;

namespace FlowGen.Tests.Declarations;

// Kinks, by what differences become when their steps are halved again and again: of a smooth function they vanish with the step.
internal sealed partial class NumericalFacts
{
    private const double Reach = 4;
    private const int Cells = 160;
    private const int Halvings = 11;

    /// <summary>How often a layer can be differentiated along a line through its input, as far as a search for jumps can tell; with the place of the jump.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="seed">Which line.</param>
    public (Smoothness Seen, double At) SmoothnessOf(int layer, int seed)
    {
        var interpreter = interpreters[seed % interpreters.Count];
        double[] start = (double[])points[seed % points.Count].Clone();
        _ = interpreter.Forward(start, 0, layer);
        var random = new System.Random(seed);
        double[] direction = [.. start.Select(_ => random.NextDouble() + (random.Next(2) == 0 ? 0.3 : -1.3))];
        double[] mix = [.. start.Select(_ => random.NextDouble() + 0.3)];
        double Along(double s)
        {
            double[] state = [.. start.Select((value, i) => (value * 0.3) + (s * direction[i]))];
            _ = interpreter.Forward(state, layer, layer + 1);
            double sum = 0;
            for (int i = 0; i < state.Length; i++)
            {
                sum += mix[i] * state[i];
            }

            return sum;
        }

        return Jump(Along, second: false) is { } kink ? (Smoothness.Continuous, kink) : Jump(Along, second: true) is { } bend ? (Smoothness.Once, bend) : (Smoothness.Smooth, double.NaN);
    }

    /// <summary>Where the first derivative of a function jumps, or the second; null if it is not seen to.</summary>
    private static double? Jump(Func<double, double> function, bool second)
    {
        double Ratio(double center, double step) => Math.Abs(second
            ? (function(center + (1.5 * step)) - (3 * function(center + (0.5 * step))) + (3 * function(center - (0.5 * step))) - function(center - (1.5 * step))) / (step * step)
            : (function(center + step) - (2 * function(center)) + function(center - step)) / step);
        double width = 2 * Reach / Cells;
        var cells = Enumerable.Range(1, Cells - 1).Select(i => (Center: -Reach + (i * width), Ratio: Ratio(-Reach + (i * width), width)))
            .Where(static cell => double.IsFinite(cell.Ratio)).OrderByDescending(static cell => cell.Ratio).Take(2);
        foreach (var (cell, first) in cells)
        {
            double center = cell;
            double step = width;
            double ratio = first;
            for (int i = 0; i < Halvings; i++)
            {
                step /= 2;
                (center, ratio) = ((double[])[-2, -1, 0, 1, 2]).Select(k => (center + (k * step), Ratio(center + (k * step), step))).MaxBy(static place => place.Item2);
            }

            double rounding = 1e-15 * Math.Abs(function(center)) / (second ? step * step : step);
            if (ratio > 0.3 * first && ratio > (second ? 1e-3 : 1e-5) + (20 * rounding))
            {
                return center;
            }
        }

        return null;
    }
}
