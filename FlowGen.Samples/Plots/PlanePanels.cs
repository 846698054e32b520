using FlowGen.Samples.Data;
using ScottPlot;

namespace FlowGen.Samples.Plots;

/// <summary>The panels that show a flow on the plane.</summary>
internal static class PlanePanels
{
    private const int Columns = 414;
    private const int Rows = 318;

    /// <summary>The density that the flow learned as a heat map, with some of the data on it.</summary>
    public static Plot Density(IFlow flow, Window window, float[] data, string title)
    {
        window = Figure.Fit(window);
        var grid = new float[2 * Rows * Columns];
        double dx = (window.Right - window.Left) / Columns;
        double dy = (window.Top - window.Bottom) / Rows;
        for (int row = 0, k = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                grid[k++] = (float)(window.Left + ((column + 0.5) * dx));
                grid[k++] = (float)(window.Top - ((row + 0.5) * dy));
            }
        }

        var logProb = new float[Rows * Columns];
        flow.LogProb(grid, logProb);
        var density = new double[Rows, Columns];
        for (int k = 0; k < logProb.Length; k++)
        {
            density[k / Columns, k % Columns] = Math.Exp(logProb[k]);
        }

        var plot = Panel(window, title, "x0", "x1");
        var map = plot.Add.Heatmap(density);
        map.Extent = new CoordinateRect(window.Left, window.Right, window.Bottom, window.Top);
        map.Colormap = Figure.Blues;
        map.Smooth = true;
        AddPoints(plot, data, Math.Min(data.Length / 2, 600), 2.2f, Figure.Colors[1].WithAlpha(0.75));
        return plot;
    }

    /// <summary>Points drawn from the flow.</summary>
    public static Plot Samples(float[] samples, Window window, string title)
    {
        var plot = Panel(Figure.Fit(window), title, "x0", "x1");
        AddPoints(plot, samples, samples.Length / 2, 1.8f, Figure.Colors[0].WithAlpha(0.45));
        return plot;
    }

    /// <summary>Where the flow sends data, in one colour for each part of the distribution, and the circles that hold 50, 90 and 99 % of a standard normal.</summary>
    public static Plot Latent(IFlow flow, float[] data, int[] parts, string title)
    {
        var latents = new float[data.Length];
        flow.Forward(data, latents, []);
        var plot = Panel(Figure.Fit(new Window(-3.6, 3.6, -3.6, 3.6)), title, "z0", "z1");
        foreach (var group in Enumerable.Range(0, parts.Length).GroupBy(i => parts[i]).OrderBy(static g => g.Key))
        {
            var points = group.Select(i => new Coordinates(latents[2 * i], latents[(2 * i) + 1])).ToArray();
            plot.Add.Markers(points, MarkerShape.FilledCircle, 1.8f, Figure.Colors[group.Key % Figure.Colors.Count].WithAlpha(0.5));
        }

        foreach (double share in new[] { 0.5, 0.9, 0.99 })
        {
            var circle = plot.Add.Circle(0, 0, Math.Sqrt(-2 * Math.Log(1 - share)));
            circle.FillColor = Colors.Transparent;
            circle.LineColor = Colors.Black.WithAlpha(0.55);
            circle.LineWidth = 1;
        }

        return plot;
    }

    private static Plot Panel(Window window, string title, string x, string y)
    {
        var plot = Figure.Panel(title, x, y);
        plot.Axes.SetLimits(window.Left, window.Right, window.Bottom, window.Top);
        return plot;
    }

    private static void AddPoints(Plot plot, float[] points, int count, float size, Color color)
    {
        var coordinates = new Coordinates[count];
        for (int i = 0; i < count; i++)
        {
            coordinates[i] = new Coordinates(points[2 * i], points[(2 * i) + 1]);
        }

        plot.Add.Markers(coordinates, MarkerShape.FilledCircle, size, color);
    }
}
