using ScottPlot;

namespace FlowGen.Samples.Plots;

/// <summary>Curves over epochs, with a level to compare them to.</summary>
internal static class CurvePanel
{
    /// <summary>One named curve.</summary>
    internal sealed record Curve(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);

    /// <summary>Draws the curves; a level is a dashed line.</summary>
    public static Plot Create(string title, string x, string y, IReadOnlyList<Curve> curves, params IReadOnlyList<(string Name, double Value)> levels)
    {
        var plot = Figure.Panel(title, x, y, wideNumbers: true);
        for (int i = 0; i < curves.Count; i++)
        {
            var line = plot.Add.ScatterLine(curves[i].X.ToArray(), curves[i].Y.ToArray(), Figure.Colors[i]);
            line.LineWidth = 1.6f;
            line.LegendText = curves[i].Name;
        }

        foreach ((string name, double value) in levels)
        {
            var line = plot.Add.HorizontalLine(value, 1.4f, Colors.Black.WithAlpha(0.6), LinePattern.Dashed);
            line.LegendText = name;
            line.ExcludeFromLegend = false;
        }

        // The first epochs of a flow can be orders of magnitude away from the rest, which sets the scale.
        double[] sorted = [.. curves.SelectMany(static c => c.Y).Where(double.IsFinite).Order()];
        bool rising = curves.Count > 0 && curves[0].Y.Count > 0 && curves[0].Y[^1] > curves[0].Y[0];
        if (sorted.Length > 0)
        {
            int outliers = (int)(0.05 * (sorted.Length - 1));
            double low = levels.Select(static l => l.Value).Append(sorted[rising ? outliers : 0]).Min();
            double high = levels.Select(static l => l.Value).Append(sorted[rising ? ^1 : ^(1 + outliers)]).Max();
            double margin = Math.Max(0.08 * (high - low), 1e-3);
            plot.Axes.AutoScaleX();
            plot.Axes.SetLimitsY(low - margin, high + margin);
        }

        plot.ShowLegend(rising ? Alignment.LowerRight : Alignment.UpperRight);
        return plot;
    }
}
