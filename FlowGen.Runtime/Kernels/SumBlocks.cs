using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>Where a <see cref="Sum"/> has its blocks in the work area, in floats.</summary>
internal readonly struct SumBlocks
{
    // What kernels of images may write behind their own planes.
    private const int ImageSlack = 16 * TileGeometry.SlackRows;

    /// <param name="t">The tile.</param>
    /// <param name="size">Its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SumBlocks(ref Tile t, int size)
    {
        IsImage = t.Pixels > 0;
        Lanes = t.Lanes;
        Count = size * (nint)t.Lanes;
        Size = IsImage ? TileGeometry.Pad16((int)Count) + 16 : TileGeometry.Pad16(size) * (nint)t.Lanes;
    }

    public bool IsImage { get; }

    public nint Lanes { get; }

    /// <summary>The floats of a state.</summary>
    public nint Count { get; }

    /// <summary>The floats of a block that holds one.</summary>
    public nint Size { get; }

    /// <summary>
    /// The logarithms of the first module's diagonal; then, after a forward pass, its share of that of the sum, or in an inversion the diagonal of the
    /// sum; in a gradient the derivatives by them.
    /// </summary>
    public nint First => 0;

    /// <summary>The logarithms of the second module's diagonal; then those of the sum's; in a gradient the derivatives by them.</summary>
    public nint Second => Size;

    /// <summary>The value of the first module; in a gradient dL/dz.</summary>
    public nint Value => 2 * Size;

    /// <summary>x; in a gradient what the second module passes back.</summary>
    public nint Input => 3 * Size;

    /// <summary>z, in an inversion.</summary>
    public nint Target => 4 * Size;

    /// <summary>Where the layers have their work, or the inputs and records of one after the other.</summary>
    public nint Layers => 5 * Size;

    /// <summary>From the input of a layer to that of the next, where they are recorded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Step(int record) => Size + (IsImage ? record + ImageSlack : record * Lanes);
}
