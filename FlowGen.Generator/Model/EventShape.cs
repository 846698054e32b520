using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>The shape of one sample: a vector, which has one position, or an image.</summary>
/// <param name="Channels">The coordinates of a vector, the channels of an image: the rows of a tile.</param>
/// <param name="Height">The rows of an image.</param>
/// <param name="Width">The columns of an image.</param>
/// <param name="IsImage">Which of the two.</param>
internal sealed record EventShape(int Channels, int Height, int Width, bool IsImage)
{
    /// <summary>The number of positions.</summary>
    public int Pixels => Height * Width;

    /// <summary>Whether blocks of 2 x 2 pixels cover it.</summary>
    public bool CanSqueeze => IsImage && Height % 2 == 0 && Width % 2 == 0;

    /// <summary>The number of coordinates.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>The floats of a row of a tile, however wide the processor's vectors: the samples of a vector's tile are counted apart.</summary>
    public long Lanes => IsImage ? LayerSize.Pad(Pixels) : 1;

    /// <summary>The shape as C# text.</summary>
    public string Code => IsImage
        ? $"EventShape.Image({Literals.Of(Channels)}, {Literals.Of(Height)}, {Literals.Of(Width)})"
        : $"EventShape.Vector({Literals.Of(Size)})";

    /// <summary>A vector.</summary>
    public static EventShape Vector(int dimensions) => new(dimensions, 1, 1, false);

    /// <summary>An image.</summary>
    public static EventShape Image(int channels, int height, int width) => new(channels, height, width, true);

    /// <summary>The shape as in a declaration.</summary>
    public override string ToString() => IsImage
        ? $"({Literals.Of(Channels)}, {Literals.Of(Height)}, {Literals.Of(Width)})"
        : $"({Literals.Of(Channels)})";

    /// <summary>The order of the coordinates that an order of the rows makes: all positions of a row go together.</summary>
    public int[] Expand(int[] rows)
    {
        int[] order = new int[rows.Length * Pixels];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = (rows[i / Pixels] * Pixels) + (i % Pixels);
        }

        return order;
    }
}
