using System.Reflection;
using ScottPlot;
using SkiaSharp;

namespace FlowGen.Samples.Plots;

/// <summary>Gives every plot the font that is part of this program, so that pictures need no font on the machine.</summary>
internal sealed class FigureFont : IFontResolver
{
    private const string Family = "FlowGen Sans";
    private readonly SKTypeface typeface;

    private FigureFont()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("FlowGenSans.ttf")!;
        typeface = SKTypeface.FromStream(stream);
    }

    /// <summary>Makes the font the only one.</summary>
    public static void Use()
    {
        Fonts.FontResolvers.Clear();
        Fonts.FontResolvers.Add(new FigureFont());
        Fonts.Default = Fonts.Sans = Fonts.Serif = Fonts.Monospace = Family;
    }

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => typeface;

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, bool bold, bool italic) => typeface;
}
