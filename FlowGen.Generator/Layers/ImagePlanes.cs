using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Layers;

/// <summary>The planes of a conditioner's convolutions: <c>PlaneShape</c> with a border of one pixel.</summary>
/// <param name="Height">The rows of the image.</param>
/// <param name="Width">The columns of the image.</param>
/// <param name="Pixels">The pixels that are read, a <c>PixelSet</c>.</param>
internal sealed record ImagePlanes(int Height, int Width, string Pixels)
{
    private const int Radius = 1;

    /// <summary>The floats of a row of the tile.</summary>
    public long Lanes => LayerSize.Pad(LayerSize.Product(Height, Width));

    /// <summary>The construction of the planes as C# text.</summary>
    public string Code => $"new({Literals.Of(Height)}, {Literals.Of(Width)}, radius: {Literals.Of(Radius)})";

    /// <summary>A further argument of what reads or returns pixels, where they are not all.</summary>
    public string PixelArgument => Pixels == "All" ? "" : $", PixelSet.{Pixels}";

    /// <summary>The floats that a number of planes takes: <c>PlaneShape.Floats</c>.</summary>
    public long Floats(long planes)
    {
        long stride = Width + Radius;
        long extent = LayerSize.Product(Height - 1, stride) + Width;
        long border = Radius * (stride + 1);
        long size = LayerSize.Pad(extent + border) | 16;
        long slack = LayerSize.Pad(LayerSize.Pad(extent) + border - size + 16);
        return LayerSize.Pad(border) + LayerSize.Product(planes, size) + slack;
    }

    /// <summary>The floats that a convolution takes in the prepared weights: <c>TapConvolution.PreparedSize</c>.</summary>
    public static long PreparedSize(long inputs, long outputs, int kernel) =>
        LayerSize.Pad(outputs) + LayerSize.Pad(TensorSize(inputs, outputs, kernel));

    /// <summary>The weights of a convolution.</summary>
    public static long TensorSize(long inputs, long outputs, int kernel) => LayerSize.Product(LayerSize.Product(inputs, outputs), kernel * kernel);

    /// <summary>Rows of the tile that hold so many floats.</summary>
    public long Rows(long floats) => (floats + Lanes - 1) / Lanes;
}
