using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>How the channels of an image lie in memory for convolutions: flat planes with borders of zeros.</summary>
/// <remarks>
/// <para>
/// A row of <see cref="Width"/> pixels is followed by <see cref="Radius"/> zeros: the right border of one row is the left border of the
/// next. Between two planes lie zeros enough for a whole border above and below. So a tap of a convolution is one constant offset, and
/// vectors run over the plane from end to end: pixel (row, column) is at row * <see cref="Stride"/> + column.
/// </para>
/// <para>
/// A run of planes is <see cref="Lead"/> zeros, the planes, each <see cref="Size"/> floats, and <see cref="Slack"/> zeros. All of these are
/// multiples of 16 floats, one cache line.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PlaneShape
{
    private readonly float[] pixels;
    private readonly float[] evenPixels;
    private readonly float[] oddPixels;
    private readonly float[] all;

    // For vectors of 1, 2, 4, 8 and 16 positions, made when they are asked for: twice at worst.
    private readonly int[]?[] starts = new int[5][];
    private readonly int[]?[] lanes = new int[5][];

    /// <summary>The planes of an image for convolutions of up to 2 <paramref name="radius"/> + 1 pixels.</summary>
    /// <param name="height">The rows of the image, at least 1.</param>
    /// <param name="width">The columns of the image, at least 1.</param>
    /// <param name="radius">The width of the border.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the radius negative.</exception>
    public PlaneShape(int height, int width, int radius)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        Height = height;
        Width = width;
        Radius = radius;
        Stride = width + radius;
        Extent = ((height - 1) * Stride) + width;
        Lanes = TileGeometry.Pad16(Extent);
        int border = radius * (Stride + 1);
        Lead = TileGeometry.Pad16(border);

        // An odd number of cache lines from plane to plane, or the planes would share few cache sets.
        Size = TileGeometry.Pad16(Extent + border) | 16;
        Slack = TileGeometry.Pad16(Lanes + border - Size + 16);
        all = new float[height * width];
        pixels = new float[Lanes];
        evenPixels = new float[Lanes];
        oddPixels = new float[Lanes];
        float set = BitConverter.Int32BitsToSingle(-1);
        all.AsSpan().Fill(set);
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                int position = (row * Stride) + column;
                pixels[position] = set;
                (((row + column) & 1) == 0 ? evenPixels : oddPixels)[position] = set;
            }
        }
    }

    /// <summary>The rows of the image.</summary>
    public int Height { get; }

    /// <summary>The columns of the image.</summary>
    public int Width { get; }

    /// <summary>The width of the border: half the largest kernel, rounded down.</summary>
    public int Radius { get; }

    /// <summary>From one row of an image to the next.</summary>
    internal int Stride { get; }

    /// <summary>From the first pixel of a plane to behind its last.</summary>
    internal int Extent { get; }

    /// <summary><see cref="Extent"/> in whole cache lines: what a convolution may compute of a plane.</summary>
    internal int Lanes { get; }

    /// <summary>The zeros before the first plane.</summary>
    internal int Lead { get; }

    /// <summary>From one plane to the next.</summary>
    internal int Size { get; }

    /// <summary>The floats behind the last plane.</summary>
    internal int Slack { get; }

    /// <summary>The floats that <paramref name="planes"/> planes take.</summary>
    /// <param name="planes">The number of planes.</param>
    public int Floats(int planes) => Lead + (planes * Size) + Slack;

    /// <summary>All bits set at the pixels, none at the borders: <see cref="Lanes"/> of them.</summary>
    internal ref float PixelMask => ref pixels[0];

    /// <summary>All bits set at every lane of a tile's row that is a pixel.</summary>
    internal ref float LaneMask => ref all[0];

    /// <summary>All bits set at the pixels of a plane that are asked for.</summary>
    internal ref float Mask(PixelSet set)
    {
        switch (set)
        {
            case PixelSet.Even:
                return ref evenPixels[0];
            case PixelSet.Odd:
                return ref oddPixels[0];
            default:
                return ref pixels[0];
        }
    }

    /// <summary>
    /// Where the vectors of positions start that a convolution computes of a plane. Where rows consist of whole vectors they leave out the borders between them;
    /// elsewhere they run over the plane from end to end, which makes fewer of them.
    /// </summary>
    internal int[] Starts<V>()
        where V : struct, IVec<V> => starts[BitOperations.Log2((uint)V.Count)] ??= HasWholeVectors<V>()
            ? [.. Enumerable.Range(0, Height * Width / V.Count).Select(vector => (vector * V.Count / Width * Stride) + (vector * V.Count % Width))]
            : [.. Enumerable.Range(0, (Extent + V.Count - 1) / V.Count).Select(static vector => vector * V.Count)];

    /// <summary>The lanes of a tile's row at which whole vectors of pixels start.</summary>
    internal int[] LaneStarts<V>()
        where V : struct, IVec<V> => lanes[BitOperations.Log2((uint)V.Count)] ??= [.. Enumerable.Range(0, Height * Width / V.Count).Select(static vector => vector * V.Count)];

    /// <summary>Whether rows consist of whole vectors, with one border between them at most.</summary>
    internal bool HasWholeVectors<V>()
        where V : struct, IVec<V> => Width % V.Count == 0 && Radius <= 1;

    /// <summary>Writes zeros around <paramref name="count"/> planes: before the first, and behind the last pixel of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void ClearBorders(ref float planes, int count)
    {
        Clear(ref planes, Lead);
        ref float behind = ref Unsafe.Add(ref planes, Lead + Extent);
        for (int plane = 1; plane < count; plane++)
        {
            Clear(ref behind, Size - Extent);
            behind = ref Unsafe.Add(ref behind, Size);
        }

        Clear(ref behind, Size - Extent + Slack);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(ref float start, int floats) =>
        MemoryMarshal.CreateSpan(ref start, floats).Clear();
}
