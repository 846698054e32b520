using System.Globalization;
using FlowGen.Samples.Data;
using ScottPlot;

namespace FlowGen.Samples.Plots;

/// <summary>What a map of the plane does to a grid, and its Jacobian.</summary>
internal static class MintPanels
{
    private const int Lines = 13;
    private const int PointsOfALine = 121;

    /// <summary>Where a map takes the lines of a grid.</summary>
    public static Plot Grid(IFlow flow, double reach, string title)
    {
        var plot = Figure.Panel(title, "z0", "z1");
        for (int direction = 0; direction < 2; direction++)
        {
            for (int line = 0; line < Lines; line++)
            {
                double fixedValue = -reach + (2 * reach * line / (Lines - 1));
                var points = new float[2 * PointsOfALine];
                for (int i = 0; i < PointsOfALine; i++)
                {
                    points[(2 * i) + direction] = (float)fixedValue;
                    points[(2 * i) + 1 - direction] = (float)(-reach + (2 * reach * i / (PointsOfALine - 1)));
                }

                float[] mapped = flow.Forward(points);
                double[] across = [.. Enumerable.Range(0, PointsOfALine).Select(i => (double)mapped[2 * i])];
                double[] up = [.. Enumerable.Range(0, PointsOfALine).Select(i => (double)mapped[(2 * i) + 1])];
                var curve = plot.Add.ScatterLine(across, up, Figure.Colors[direction]);
                curve.LineWidth = 1.1f;
            }
        }

        return plot;
    }

    /// <summary>The mean over points of the magnitude of every entry of a map's Jacobian, by the gradients of its latents.</summary>
    public static Plot Jacobian(IFlow flow, float[] points, string title)
    {
        int count = points.Length / 2;
        var mean = new double[2, 2];
        var gradX = new float[points.Length];
        for (int latent = 0; latent < 2; latent++)
        {
            var gradZ = new float[points.Length];
            for (int i = 0; i < count; i++)
            {
                gradZ[(2 * i) + latent] = 1;
            }

            flow.Pullback(points, gradZ, new float[count], gradX, []);
            for (int i = 0; i < gradX.Length; i++)
            {
                mean[latent, i % 2] += Math.Abs(gradX[i]) / count;
            }
        }

        var plot = Figure.Panel(title, "x", "z");
        var map = plot.Add.Heatmap(mean);
        map.Colormap = Figure.Blues;

        // From 0, so that what is small does not look like a zero.
        double largest = mean.Cast<double>().Max();
        map.ManualRange = new ScottPlot.Range(0, largest);
        for (int z = 0; z < 2; z++)
        {
            for (int x = 0; x < 2; x++)
            {
                var text = plot.Add.Text(mean[z, x].ToString("0.00", CultureInfo.InvariantCulture), x, 1 - z);
                text.LabelFontSize = 18;
                text.LabelFontColor = mean[z, x] > largest / 2 ? Colors.White : Colors.Black;
                text.LabelAlignment = Alignment.MiddleCenter;
            }
        }

        plot.Axes.Bottom.SetTicks([0, 1], ["x0", "x1"]);
        plot.Axes.Left.SetTicks([0, 1], ["z1", "z0"]);
        return plot;
    }
}
