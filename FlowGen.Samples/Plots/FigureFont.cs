using System.Reflection;
using ScottPlot;
using SkiaSharp;

namespace FlowGen.Samples.Plots;

/// <summary>Gives every plot the font that is part of this program, so that pictures need no font on the machine.</summary>
internal sealed class FigureFont : IFontResolver
{
    private const string Family = "FlowGen Sans";
    private static readonly Lazy<SKTypeface> Loaded = new(Load);

    private FigureFont()
    {
    }

    /// <summary>The font itself.</summary>
    public static SKTypeface Typeface => Loaded.Value;

    /// <summary>Makes the font the only one.</summary>
    public static void Use()
    {
        Fonts.FontResolvers.Clear();
        Fonts.FontResolvers.Add(new FigureFont());
        Fonts.Default = Fonts.Sans = Fonts.Serif = Fonts.Monospace = Family;
    }

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => Typeface;

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, bool bold, bool italic) => Typeface;

    private static SKTypeface Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("FlowGenSans.ttf")!;
        return SKTypeface.FromStream(stream);
    }
}
