using System.Globalization;

namespace FlowGen;

/// <summary>The shape of one sample: a vector <c>[D]</c> or an image <c>[C, H, W]</c>.</summary>
public readonly record struct EventShape
{
    private EventShape(bool isImage, int channels, int height, int width)
    {
        IsImage = isImage;
        Channels = channels;
        Height = height;
        Width = width;
    }

    /// <summary>Whether samples are images.</summary>
    public bool IsImage { get; }

    /// <summary>C, the channels of an image; D, the coordinates of a vector.</summary>
    public int Channels { get; }

    /// <summary>H, the rows of an image; 1 for a vector.</summary>
    public int Height { get; }

    /// <summary>W, the columns of an image; 1 for a vector.</summary>
    public int Width { get; }

    /// <summary>The positions of an image, H W; 1 for a vector.</summary>
    public int Pixels => Height * Width;

    /// <summary>The number of coordinates of one sample: D, or C H W.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>A vector of <paramref name="dimensions"/> coordinates.</summary>
    public static EventShape Vector(int dimensions) => new(false, dimensions, 1, 1);

    /// <summary>An image: samples are row-major <c>[C, H, W]</c>.</summary>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    public static EventShape Image(int channels, int height, int width) => new(true, channels, height, width);

    /// <summary>The shape as in a declaration: <c>(D)</c> or <c>(C, H, W)</c>.</summary>
    public override string ToString() =>
        IsImage ? string.Create(CultureInfo.InvariantCulture, $"({Channels}, {Height}, {Width})") : string.Create(CultureInfo.InvariantCulture, $"({Size})");
}
