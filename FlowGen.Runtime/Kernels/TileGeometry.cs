using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>How wide tiles are on this processor.</summary>
internal static class TileGeometry
{
    /// <summary>Lanes of the widest vector: the grain of a tile.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated ? Vec512.Count
            : Vector256.IsHardwareAccelerated ? Vec256.Count
            : Vector128.IsHardwareAccelerated ? Vec128.Count
            : VecScalar.Count;
    }

    /// <summary>Lanes of a full tile: as many as a register block spans.</summary>
    public static int TileLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated ? Vec512.Count * Vec512.BlockVectors
            : Vector256.IsHardwareAccelerated ? Vec256.Count * Vec256.BlockVectors
            : Vector128.IsHardwareAccelerated ? Vec128.Count * Vec128.BlockVectors
            : VecScalar.Count * VecScalar.BlockVectors;
    }

    /// <summary>
    /// The samples of a tile where threads share a batch: of the widest, or as few as leave no thread without work. A narrow tile loads its weights for fewer
    /// samples: half of a full one takes some 55 % of its time, a quarter 33 %.
    /// </summary>
    public static int SharedLanes(int count, int threads, int widest)
    {
        int best = widest;
        double least = double.PositiveInfinity;
        for (int lanes = widest; lanes >= Math.Max(Width, TileLanes / 4); lanes /= 2)
        {
            int tiles = (count + lanes - 1) / lanes;
            double time = (tiles + threads - 1) / threads * lanes * (lanes >= TileLanes ? 1 : 2 * lanes == TileLanes ? 1.1 : 1.3);
            if (time < least)
            {
                (best, least) = (lanes, time);
            }
        }

        return best;
    }

    /// <summary>The largest rest of a batch that is cheaper sample by sample than as a tile of one vector.</summary>
    public static int MostSingles
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => HasFew ? 1 : Math.Max(1, Width / 4);
    }

    /// <summary>Whether <see cref="DenseFew"/> is used: it takes 32 registers.</summary>
    public static bool HasFew
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated;
    }

    /// <summary>Kernels may write up to this many rows past a block when there is one lane.</summary>
    public const int SlackRows = 16;

    /// <summary>The floats that a block of rows takes, with the slack that kernels rely on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BlockFloats(int rows, int lanes) => Pad16((rows * lanes) + (SlackRows * Math.Max(lanes, 16)));

    /// <summary>Rounded up to a multiple of 16, one cache line of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Pad16(int count) => (count + 15) & ~15;

    /// <summary>Rounded up to a multiple of the vector width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PadWidth(int count) => (count + Width - 1) / Width * Width;

    /// <summary>
    /// The lanes of a tile that is never a single sample: where a vector is one lane, two of them, since kernels take one lane for the single-sample
    /// path and its form of the weights.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PadTile(int count) => Math.Max(2, PadWidth(count));
}
