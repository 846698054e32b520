namespace FlowGen.Generator.Model;

/// <summary>The sizes of the runtime's planes with borders: <c>PlaneShape</c>.</summary>
/// <param name="height">The rows of the image.</param>
/// <param name="width">Its columns.</param>
/// <param name="radius">The width of the border.</param>
internal readonly struct PlaneSize(int height, int width, int radius)
{
    private long Stride => width + radius;

    private long Extent => ((height - 1) * Stride) + width;

    private long Border => radius * (Stride + 1);

    /// <summary>The floats of a plane that are computed.</summary>
    public long Lanes => LayerSize.Pad(Extent);

    /// <summary>From one plane to the next.</summary>
    public long Size => LayerSize.Pad(Extent + Border) | 16;

    /// <summary>The floats of a run of planes.</summary>
    public long Floats(long planes) => LayerSize.Pad(Border) + LayerSize.Product(planes, Size) + LayerSize.Pad(Lanes + Border - Size + 16);
}
