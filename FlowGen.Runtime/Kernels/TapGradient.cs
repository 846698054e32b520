using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Gradients by the weights of a convolution: sums over the positions of a plane, in a fixed order.</summary>
/// <remarks>
/// Outputs and taps form the block, positions are the lanes: six outputs by four taps is a load for every 2.4 multiply-adds, and what is left at
/// the end of a plane, sums over lanes, comes in the layout of the tensor.
/// </remarks>
internal static class TapGradient
{
    private const int TapsAtOnce = 4;

    /// <summary>Whether the sums of upstream planes cost nothing besides: where some taps leave registers free, additions go where no multiplications do.</summary>
    internal static bool SumsComeAlong(in TapBlock block) => block.TapCount % TapsAtOnce != 0;

    /// <summary>gradient[weight of output o and tap t] += sum over positions p of upstream[o][p] * x[offset[t] + p], for the outputs of one block.</summary>
    /// <param name="blocks">The taps of each block of outputs.</param>
    /// <param name="block">The block.</param>
    /// <param name="upstream">The first pixel of plane 0 of the gradient by the outputs, zero at borders.</param>
    /// <param name="pixels">The first pixel of input plane 0.</param>
    /// <param name="stride">From one plane to the next, in both.</param>
    /// <param name="vectors">The vectors of positions in a plane.</param>
    /// <param name="gradient">The gradient of the layer's tensor.</param>
    /// <param name="biasGradient">That of its bias, to which the sums of upstream planes are added, or null; not null only where <see cref="SumsComeAlong"/>.</param>
    /// <param name="channels">For each output its place there.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Weights<V>(
        TapBlocks blocks, in TapBlock block, ref float upstream, ref float pixels, nint stride, int vectors, ref float gradient, ref float biasGradient, int[] channels)
        where V : struct, IVec<V>
    {
        Span<float> memory = stackalloc float[TapKernel.MaxOutputs * TapsAtOnce];
        ref float sums = ref MemoryMarshal.GetReference(memory);
        ref int rowStarts = ref MemoryMarshal.GetReference(RowStarts);
        ref int allOffsets = ref MemoryMarshal.GetArrayDataReference(blocks.Offsets);
        ref int allWeights = ref MemoryMarshal.GetArrayDataReference(blocks.Weights);
        int mostOutputs = MostOutputs<V>();
        for (int row = 0; row < block.Height; row += mostOutputs)
        {
            int height = Math.Min(mostOutputs, block.Height - row);
            ref float upstreamRow = ref Unsafe.Add(ref upstream, (block.First + row) * stride);
            bool isBiasLeft = !Unsafe.IsNullRef(ref biasGradient);
            for (int tap = 0, count; tap < block.TapCount; tap += count)
            {
                count = Next(block.TapCount - tap);
                ref int offsets = ref Unsafe.Add(ref allOffsets, block.TapStart + tap);
                ref int weights = ref Unsafe.Add(ref allWeights, block.WeightStart + (tap * block.Height) + row);
                scoped TapDots dots = new()
                {
                    Upstream = ref upstreamRow,
                    Stride = stride,
                    Pixels0 = ref Unsafe.Add(ref pixels, offsets),
                    Pixels1 = ref Unsafe.Add(ref pixels, Unsafe.Add(ref offsets, count > 1 ? 1 : 0)),
                    Pixels2 = ref Unsafe.Add(ref pixels, Unsafe.Add(ref offsets, count > 2 ? 2 : 0)),
                    Pixels3 = ref Unsafe.Add(ref pixels, Unsafe.Add(ref offsets, count > 3 ? 3 : 0)),
                    Lanes = vectors * V.Count,
                };
                if (blocks.IsDense && count == TapsAtOnce)
                {
                    dots.Sums = ref gradient;
                    dots.RowStarts = ref weights;
                    Add<V, PlainRead>(ref dots, height, count, bias: false);
                    continue;
                }

                bool bias = isBiasLeft && count < TapsAtOnce;
                memory.Clear();
                dots.Sums = ref sums;
                dots.RowStarts = ref rowStarts;
                Add<V, PlainRead>(ref dots, height, count, bias);
                for (int output = 0; bias && output < height; output++)
                {
                    Unsafe.Add(ref biasGradient, channels[block.First + row + output]) += Unsafe.Add(ref sums, (output * TapsAtOnce) + TapsAtOnce - 1);
                }

                isBiasLeft &= !bias;
                for (int i = 0; i < count; i++)
                {
                    for (int output = 0; output < height; output++)
                    {
                        int weight = Unsafe.Add(ref weights, (i * block.Height) + output);
                        if (weight >= 0)
                        {
                            Unsafe.Add(ref gradient, weight) += Unsafe.Add(ref sums, (output * TapsAtOnce) + i);
                        }
                    }
                }
            }
        }
    }

    /// <summary>gradient[i, j] += sum over positions of upstream[i] * what TRead makes of values[j].</summary>
    /// <param name="upstream">The first position of plane 0 of the left side.</param>
    /// <param name="values">The first position of plane 0 of the right side.</param>
    /// <param name="stride">From one plane to the next, in both.</param>
    /// <param name="rows">The planes of the left side.</param>
    /// <param name="columns">The planes of the right side.</param>
    /// <param name="lanes">The positions of a plane, whole vectors.</param>
    /// <param name="gradient">The sums, a row for each plane of the left side.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Products<V, TRead>(ref float upstream, ref float values, nint stride, int rows, int columns, nint lanes, ref float gradient)
        where V : struct, IVec<V>
        where TRead : struct, IValueRead
    {
        Span<float> memory = stackalloc float[TapKernel.MaxOutputs * TapsAtOnce];
        ref float sums = ref MemoryMarshal.GetReference(memory);
        ref int rowStarts = ref MemoryMarshal.GetReference(RowStarts);
        int mostOutputs = MostOutputs<V>();
        int blocks = (rows + mostOutputs - 1) / mostOutputs;
        for (int block = 0, row = 0, height; block < blocks; block++, row += height)
        {
            height = (rows - row + blocks - block - 1) / (blocks - block);
            for (int column = 0, count; column < columns; column += count)
            {
                count = Next(columns - column);
                ref float first = ref Unsafe.Add(ref values, column * stride);
                memory.Clear();
                scoped TapDots dots = new()
                {
                    Upstream = ref Unsafe.Add(ref upstream, row * stride),
                    Stride = stride,
                    Pixels0 = ref first,
                    Pixels1 = ref Unsafe.Add(ref first, count > 1 ? stride : 0),
                    Pixels2 = ref Unsafe.Add(ref first, count > 2 ? 2 * stride : 0),
                    Pixels3 = ref Unsafe.Add(ref first, count > 3 ? 3 * stride : 0),
                    Lanes = lanes,
                    Sums = ref sums,
                    RowStarts = ref rowStarts,
                };
                Add<V, TRead>(ref dots, height, count, bias: false);
                for (nint i = 0; i < height; i++)
                {
                    for (nint j = 0; j < count; j++)
                    {
                        Unsafe.Add(ref gradient, ((row + i) * columns) + column + j) += Unsafe.Add(ref sums, (i * TapsAtOnce) + j);
                    }
                }
            }
        }
    }

    // With 16 registers, two outputs: their sums, the pixels and one upstream vector leave two over.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int MostOutputs<V>()
        where V : struct, IVec<V> => V.BlockVectors == 4 ? TapKernel.MaxOutputs : 2;

    // Three and two rather than four and one, which would load more than it multiplies.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(int taps) => taps == 5 ? 3 : Math.Min(taps, TapsAtOnce);

    private static ReadOnlySpan<int> RowStarts => [0, 4, 8, 12, 16, 20];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<V, TRead>(scoped ref TapDots dots, int height, int count, bool bias)
        where V : struct, IVec<V>
        where TRead : struct, IValueRead
    {
        switch (bias ? count + TapsAtOnce : count)
        {
            case 3 + TapsAtOnce:
                Add<V, Size3, Size1, TRead>(ref dots, height);
                break;
            case 2 + TapsAtOnce:
                Add<V, Size2, Size1, TRead>(ref dots, height);
                break;
            case 1 + TapsAtOnce:
                Add<V, Size1, Size1, TRead>(ref dots, height);
                break;
            case TapsAtOnce:
                Add<V, Size4, Size0, TRead>(ref dots, height);
                break;
            case 3:
                Add<V, Size3, Size0, TRead>(ref dots, height);
                break;
            case 2:
                Add<V, Size2, Size0, TRead>(ref dots, height);
                break;
            default:
                Add<V, Size1, Size0, TRead>(ref dots, height);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<V, TTaps, TBias, TRead>(scoped ref TapDots dots, int height)
        where V : struct, IVec<V>
        where TTaps : struct, IBlockSize
        where TBias : struct, IBlockSize
        where TRead : struct, IValueRead
    {
        switch (height)
        {
            case 6:
                Dots<V, Size6, TTaps, TBias, TRead>(ref dots);
                break;
            case 5:
                Dots<V, Size5, TTaps, TBias, TRead>(ref dots);
                break;
            case 4:
                Dots<V, Size4, TTaps, TBias, TRead>(ref dots);
                break;
            case 3:
                Dots<V, Size3, TTaps, TBias, TRead>(ref dots);
                break;
            case 2:
                Dots<V, Size2, TTaps, TBias, TRead>(ref dots);
                break;
            default:
                Dots<V, Size1, TTaps, TBias, TRead>(ref dots);
                break;
        }
    }

    // The conditions are constants of each instantiation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Dots<V, THeight, TTaps, TBias, TRead>(scoped ref TapDots dots)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
        where TTaps : struct, IBlockSize
        where TBias : struct, IBlockSize
        where TRead : struct, IValueRead
    {
        V c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23;
        V c30, c31, c32, c33, c40, c41, c42, c43, c50, c51, c52, c53;
        c00 = c01 = c02 = c03 = c10 = c11 = c12 = c13 = c20 = c21 = c22 = c23 = V.Zero;
        c30 = c31 = c32 = c33 = c40 = c41 = c42 = c43 = c50 = c51 = c52 = c53 = V.Zero;
        ref float x0 = ref dots.Pixels0;
        ref float x1 = ref dots.Pixels1;
        ref float x2 = ref dots.Pixels2;
        ref float x3 = ref dots.Pixels3;
        nint stride = dots.Stride;
        ref float low = ref dots.Upstream;
        ref float high = ref Unsafe.Add(ref low, THeight.Value > 3 ? 3 * stride : 0);
        nint lanes = dots.Lanes;
        for (nint p = 0; p < lanes; p += V.Count)
        {
            V p0 = TRead.Read(V.Load(ref x0, p));
            V p1 = TTaps.Value > 1 ? TRead.Read(V.Load(ref x1, p)) : p0;
            V p2 = TTaps.Value > 2 ? TRead.Read(V.Load(ref x2, p)) : p0;
            V p3 = TTaps.Value > 3 ? TRead.Read(V.Load(ref x3, p)) : p0;
            V g = V.Load(ref low);
            V.Accumulate(ref c00, g, p0);
            if (TTaps.Value > 1) V.Accumulate(ref c01, g, p1);
            if (TTaps.Value > 2) V.Accumulate(ref c02, g, p2);
            if (TTaps.Value > 3) V.Accumulate(ref c03, g, p3);
            if (TBias.Value != 0) c03 += g;
            if (THeight.Value > 1)
            {
                g = V.Load(ref low, stride);
                V.Accumulate(ref c10, g, p0);
                if (TTaps.Value > 1) V.Accumulate(ref c11, g, p1);
                if (TTaps.Value > 2) V.Accumulate(ref c12, g, p2);
                if (TTaps.Value > 3) V.Accumulate(ref c13, g, p3);
                if (TBias.Value != 0) c13 += g;
            }

            if (THeight.Value > 2)
            {
                g = V.Load(ref low, 2 * stride);
                V.Accumulate(ref c20, g, p0);
                if (TTaps.Value > 1) V.Accumulate(ref c21, g, p1);
                if (TTaps.Value > 2) V.Accumulate(ref c22, g, p2);
                if (TTaps.Value > 3) V.Accumulate(ref c23, g, p3);
                if (TBias.Value != 0) c23 += g;
            }

            if (THeight.Value > 3)
            {
                g = V.Load(ref high);
                V.Accumulate(ref c30, g, p0);
                if (TTaps.Value > 1) V.Accumulate(ref c31, g, p1);
                if (TTaps.Value > 2) V.Accumulate(ref c32, g, p2);
                if (TTaps.Value > 3) V.Accumulate(ref c33, g, p3);
                if (TBias.Value != 0) c33 += g;
            }

            if (THeight.Value > 4)
            {
                g = V.Load(ref high, stride);
                V.Accumulate(ref c40, g, p0);
                if (TTaps.Value > 1) V.Accumulate(ref c41, g, p1);
                if (TTaps.Value > 2) V.Accumulate(ref c42, g, p2);
                if (TTaps.Value > 3) V.Accumulate(ref c43, g, p3);
                if (TBias.Value != 0) c43 += g;
            }

            if (THeight.Value > 5)
            {
                g = V.Load(ref high, 2 * stride);
                V.Accumulate(ref c50, g, p0);
                if (TTaps.Value > 1) V.Accumulate(ref c51, g, p1);
                if (TTaps.Value > 2) V.Accumulate(ref c52, g, p2);
                if (TTaps.Value > 3) V.Accumulate(ref c53, g, p3);
                if (TBias.Value != 0) c53 += g;
            }

            low = ref Unsafe.Add(ref low, V.Count);
            if (THeight.Value > 3)
            {
                high = ref Unsafe.Add(ref high, V.Count);
            }
        }

        ref float sums = ref dots.Sums;
        ref int rowStarts = ref dots.RowStarts;
        LaneSums.AddFour(c00, c01, c02, c03, ref Unsafe.Add(ref sums, rowStarts));
        if (THeight.Value > 1) LaneSums.AddFour(c10, c11, c12, c13, ref Unsafe.Add(ref sums, Unsafe.Add(ref rowStarts, 1)));
        if (THeight.Value > 2) LaneSums.AddFour(c20, c21, c22, c23, ref Unsafe.Add(ref sums, Unsafe.Add(ref rowStarts, 2)));
        if (THeight.Value > 3) LaneSums.AddFour(c30, c31, c32, c33, ref Unsafe.Add(ref sums, Unsafe.Add(ref rowStarts, 3)));
        if (THeight.Value > 4) LaneSums.AddFour(c40, c41, c42, c43, ref Unsafe.Add(ref sums, Unsafe.Add(ref rowStarts, 4)));
        if (THeight.Value > 5) LaneSums.AddFour(c50, c51, c52, c53, ref Unsafe.Add(ref sums, Unsafe.Add(ref rowStarts, 5)));
    }

    /// <summary>A few outputs against four taps.</summary>
    private ref struct TapDots
    {
        public ref float Upstream;
        public ref float Pixels0;
        public ref float Pixels1;
        public ref float Pixels2;
        public ref float Pixels3;
        public ref float Sums;
        public ref int RowStarts;
        public nint Stride;
        public nint Lanes;
    }
}
