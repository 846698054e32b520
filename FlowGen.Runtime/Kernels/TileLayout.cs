using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>Moves samples between the user's rows <c>[N, D]</c> and a tile's columns <c>[D, Lanes]</c>.</summary>
internal static unsafe class TileLayout
{
    /// <summary>Loads <paramref name="count"/> samples; lanes behind them hold copies of the last, which are computed and dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Load(float* source, int count, int size, float* state, int lanes)
    {
        if (lanes == 1)
        {
            new ReadOnlySpan<float>(source, size).CopyTo(new Span<float>(state, size));
            return;
        }

        // Features in blocks, so that the lines of the samples just read are still in cache for the next feature.
        for (int block = 0; block < size; block += 16)
        {
            int end = Math.Min(size, block + 16);
            for (int lane = 0; lane < lanes; lane++)
            {
                float* sample = source + ((nint)Math.Min(lane, count - 1) * size);
                float* column = state + ((nint)block * lanes) + lane;
                for (int feature = block; feature < end; feature++)
                {
                    *column = sample[feature];
                    column += lanes;
                }
            }
        }
    }

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(float* state, int lanes, float* destination, int count, int size)
    {
        if (lanes == 1)
        {
            new ReadOnlySpan<float>(state, size).CopyTo(new Span<float>(destination, size));
            return;
        }

        for (int block = 0; block < size; block += 16)
        {
            int end = Math.Min(size, block + 16);
            for (int lane = 0; lane < count; lane++)
            {
                float* sample = destination + ((nint)lane * size);
                float* column = state + ((nint)block * lanes) + lane;
                for (int feature = block; feature < end; feature++)
                {
                    sample[feature] = *column;
                    column += lanes;
                }
            }
        }
    }
}
