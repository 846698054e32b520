using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Moves an image between its flat form <c>[D]</c>, what was split off first, and a tile; and the sums that go with a change of shape.</summary>
internal static unsafe class ImageTile
{
    /// <summary>Takes an image in the form it has between two layers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Load(ref Tile t, float* source, in ImageView view)
    {
        Enter(ref t, view);
        new ReadOnlySpan<float>(source, view.Emitted).CopyTo(new Span<float>(Unsafe.AsPointer(ref t.Latent), view.Emitted));
        LoadRows(ref *(source + view.Emitted), ref t.State, view.Channels, view.Pixels, t.Lanes, fill: true);
    }

    /// <summary>Hands an image over in the form it has between two layers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(ref Tile t, float* destination, in ImageView view)
    {
        new ReadOnlySpan<float>(Unsafe.AsPointer(ref t.Latent), view.Emitted).CopyTo(new Span<float>(destination, view.Emitted));
        StoreRows(ref t.State, ref *(destination + view.Emitted), view.Channels, view.Pixels, t.Lanes);
    }

    /// <summary>Gives the tile the form that the image has at a place, without moving anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(ref Tile t, in ImageView view)
    {
        t.Lanes = view.Lanes;
        t.Pixels = view.Pixels;
        t.Emitted = view.Emitted;
    }

    /// <summary>The same in a gradient, where every pixel's lane holds dL/dlog-det and padding holds zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EnterGradient(ref Tile t, in ImageView view)
    {
        Enter(ref t, view);
        SpreadGradLogDet(ref t);
    }

    /// <summary>dL/dlog-det in the lanes of the pixels, zero in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SpreadGradLogDet(ref Tile t)
    {
        var lanes = new Span<float>(Unsafe.AsPointer(ref t.GradLogDet), t.Lanes);
        lanes[..t.Pixels].Fill(t.ImageGradLogDet);
        lanes[t.Pixels..].Clear();
    }

    /// <summary>The log-determinant of the image so far: what was folded, and the sums of its pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LogDet(ref Tile t)
    {
        // Eight pixels in four pairs of partial sums, the same on every width: one chain would take the latency of an addition for every pixel.
        ref float high = ref t.LogDet;
        ref float low = ref Unsafe.Add(ref high, t.Lanes);
        Vector128<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        nint lane = 0;
        for (; lane <= t.Pixels - 8; lane += 8)
        {
            var high0 = Vector128.LoadUnsafe(ref high, (nuint)lane);
            var high1 = Vector128.LoadUnsafe(ref high, (nuint)lane + 4);
            var low0 = Vector128.LoadUnsafe(ref low, (nuint)lane);
            var low1 = Vector128.LoadUnsafe(ref low, (nuint)lane + 4);
            sum0 += Vector128.WidenLower(high0) + Vector128.WidenLower(low0);
            sum1 += Vector128.WidenUpper(high0) + Vector128.WidenUpper(low0);
            sum2 += Vector128.WidenLower(high1) + Vector128.WidenLower(low1);
            sum3 += Vector128.WidenUpper(high1) + Vector128.WidenUpper(low1);
        }

        double sum = t.FoldedLogDet + Vector128.Sum(sum0 + sum1 + (sum2 + sum3));
        for (; lane < t.Pixels; lane++)
        {
            sum += (double)Unsafe.Add(ref high, lane) + Unsafe.Add(ref low, lane);
        }

        return sum;
    }

    /// <summary>Changes the number of lanes: adds the sums of the pixels up and starts new ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Reshape(ref Tile t, int pixels)
    {
        t.FoldedLogDet = LogDet(ref t);
        t.Pixels = pixels;
        t.Lanes = TileGeometry.PadTile(pixels);
        new Span<float>(Unsafe.AsPointer(ref t.LogDet), 2 * t.Lanes).Clear();
    }

    /// <summary>Rows from a flat block; the lanes behind the pixels are copies of the last one, or zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LoadRows(ref float source, ref float rows, int channels, int pixels, int lanes, bool fill)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            ref float from = ref Unsafe.Add(ref source, channel * (nint)pixels);
            ref float to = ref Unsafe.Add(ref rows, channel * (nint)lanes);
            RowCopy.Copy(ref from, ref to, pixels);
            Fill(ref to, pixels, lanes, fill ? Unsafe.Add(ref from, pixels - 1) : 0);
        }
    }

    /// <summary>Rows to a flat block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void StoreRows(ref float rows, ref float destination, int channels, int pixels, int lanes)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            RowCopy.Copy(ref Unsafe.Add(ref rows, channel * (nint)lanes), ref Unsafe.Add(ref destination, channel * (nint)pixels), pixels);
        }
    }

    /// <summary>A value in the lanes behind the pixels of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill(ref float row, int pixels, int lanes, float value)
    {
        for (int lane = pixels; lane < lanes; lane++)
        {
            Unsafe.Add(ref row, lane) = value;
        }
    }
}
