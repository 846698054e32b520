using FlowGen.Samples.Data;
using ScottPlot;
using ScottPlot.Colormaps;

namespace FlowGen.Samples.Plots;

/// <summary>The look that all pictures share, and how they are written.</summary>
internal static class Figure
{
    /// <summary>The width of one panel in pixels.</summary>
    public const int PanelWidth = 480;

    /// <summary>The height of one panel in pixels.</summary>
    public const int PanelHeight = 400;

    private static readonly PixelPadding Padding = new(left: 58, right: 14, bottom: 42, top: 40);
    private static readonly Color Ink = Color.FromHex("#243447");

    static Figure() => FigureFont.Use();

    /// <summary>From no density to much: white to deep blue.</summary>
    public static IColormap Blues { get; } = new CustomInterpolated(
        [Color.FromHex("#ffffff"), Color.FromHex("#dbe9f6"), Color.FromHex("#9dc6e4"), Color.FromHex("#4e97cc"), Color.FromHex("#1f5fa8"), Color.FromHex("#0d2f62")]);

    /// <summary>The colours of lines and points, in order of use.</summary>
    public static IReadOnlyList<Color> Colors { get; } =
        [.. new[] { "#1f5fa8", "#e07b21", "#2c9c69", "#b23a61", "#7a5cc0", "#8a6d3b", "#148f9e", "#5b6770" }.Select(static hex => Color.FromHex(hex))];

    /// <summary>An empty panel.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="x">The label of the horizontal axis.</param>
    /// <param name="y">The label of the vertical axis.</param>
    /// <param name="wideNumbers">Whether numbers on the vertical axis take more room than coordinates do.</param>
    public static Plot Panel(string title, string x, string y, bool wideNumbers = false)
    {
        var plot = new Plot();
        plot.Layout.Fixed(wideNumbers ? new PixelPadding(left: 80, Padding.Right, Padding.Bottom, Padding.Top) : Padding);
        plot.Title(title, 15);
        plot.XLabel(x, 13);
        plot.YLabel(y, 13);
        plot.Axes.Color(Ink);
        plot.Axes.Title.Label.ForeColor = Ink;
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Grid.MajorLineColor = Ink.WithAlpha(0.08);
        plot.Legend.ShadowColor = ScottPlot.Colors.Transparent;
        plot.Legend.OutlineColor = Ink.WithAlpha(0.2);
        plot.Legend.FontColor = Ink;
        return plot;
    }

    /// <summary>The window, widened to the proportions of a panel so that one unit is as long in both directions.</summary>
    public static Window Fit(Window window)
    {
        double aspect = (PanelWidth - Padding.Left - Padding.Right) / (double)(PanelHeight - Padding.Top - Padding.Bottom);
        double width = window.Right - window.Left;
        double height = window.Top - window.Bottom;
        double moreWidth = Math.Max(0, (height * aspect) - width) / 2;
        double moreHeight = Math.Max(0, (width / aspect) - height) / 2;
        return new Window(window.Left - moreWidth, window.Right + moreWidth, window.Bottom - moreHeight, window.Top + moreHeight);
    }

    /// <summary>Writes panels side by side as one PNG.</summary>
    /// <exception cref="SampleException">The file cannot be written.</exception>
    public static string Save(string path, params IReadOnlyList<Plot> panels)
    {
        var figure = new Multiplot();
        figure.AddPlots(panels.Count);
        for (int i = 0; i < panels.Count; i++)
        {
            figure.Subplots.RemoveAt(0);
        }

        foreach (var panel in panels)
        {
            figure.Subplots.Add(panel);
        }

        figure.Layout = new ScottPlot.MultiplotLayouts.Columns();
        Write(path, () => figure.SavePng(path, PanelWidth * panels.Count, PanelHeight));
        return path;
    }

    /// <summary>Runs what writes a file and tells in one line why it cannot.</summary>
    internal static void Write(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"Cannot write {path}: {e.Message}", e);
        }
    }
}
