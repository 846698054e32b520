using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The one convolution: y[o][p] = start + sum over taps t of w[t][o] * x[offset[t] + p], a few outputs and vectors of positions at a time
/// in registers, each element one serial chain of multiply-adds in the order of the taps.
/// </summary>
internal static class TapKernel
{
    /// <summary>Most outputs in a register block: with four vectors, 24 accumulators, 4 operands and 1 broadcast fit 32 registers.</summary>
    internal const int MaxOutputs = 6;

    /// <summary>Computes all output planes of <paramref name="blocks"/>.</summary>
    /// <param name="product">The operands, each at its start.</param>
    /// <param name="blocks">The taps of each block of outputs.</param>
    /// <param name="vectors">The vectors of positions in a plane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Multiply<V, TFinish>(scoped ref TapProduct product, TapBlocks blocks, int vectors)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        foreach (TapBlock block in blocks.Blocks)
        {
            scoped TapProduct part = product;
            Multiply<V, TFinish>(ref part, blocks, block, vectors);
        }
    }

    /// <summary>Computes the output planes of one block.</summary>
    /// <param name="product">The operands, each at its start: what is left of them is of no use.</param>
    /// <param name="blocks">The taps of each block of outputs.</param>
    /// <param name="block">The block.</param>
    /// <param name="vectors">The vectors of positions in a plane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Multiply<V, TFinish>(scoped ref TapProduct product, TapBlocks blocks, in TapBlock block, int vectors)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        int panels = (vectors + V.BlockVectors - 1) / V.BlockVectors;
        (int width, int wider) = Math.DivRem(vectors, panels);
        Enter<TFinish>(ref product, blocks, block);
        product.Result = ref Unsafe.Add(ref product.Result, block.First * product.ResultStride);
        product.Side = ref Unsafe.Add(ref product.Side, block.First * product.SideStride);
        if (wider > 0)
        {
            product.Panels = wider;
            Dispatch<V, TFinish>(ref product, width + 1, block.Height);
        }

        product.Panels = panels - wider;
        product.Starts = ref Unsafe.Add(ref product.Starts, wider * (width + 1));
        product.Targets = ref Unsafe.Add(ref product.Targets, wider * (width + 1));
        Dispatch<V, TFinish>(ref product, width, block.Height);
    }

    /// <summary>Computes a few vectors of one block, into planes that start with its first output.</summary>
    /// <param name="product">The operands, each at its start: what is left of them is of no use.</param>
    /// <param name="blocks">The taps of each block of outputs.</param>
    /// <param name="block">The block.</param>
    /// <param name="first">The first vector.</param>
    /// <param name="width">The number of vectors, no more than a register block spans.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Multiply<V, TFinish>(scoped ref TapProduct product, TapBlocks blocks, in TapBlock block, int first, int width)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        Enter<TFinish>(ref product, blocks, block);
        product.Starts = ref Unsafe.Add(ref product.Starts, first);
        product.Targets = ref Unsafe.Add(ref product.Targets, first);
        product.Panels = 1;
        Dispatch<V, TFinish>(ref product, width, block.Height);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Enter<TFinish>(scoped ref TapProduct product, TapBlocks blocks, in TapBlock block)
        where TFinish : struct, IFinish
    {
        product.Offsets = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(blocks.Offsets), block.TapStart);
        product.Taps = block.TapCount;
        product.Weights = ref Unsafe.Add(ref product.Weights, block.WeightStart);
        product.Bias = ref Unsafe.Add(ref product.Bias, TFinish.HasBias ? block.First : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Dispatch<V, TFinish>(scoped ref TapProduct product, int width, int height)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        switch ((width << 3) + height)
        {
            case (4 << 3) + 6:
                Panels<V, Size6, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 5:
                Panels<V, Size5, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 4:
                Panels<V, Size4, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 3:
                Panels<V, Size3, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 2:
                Panels<V, Size2, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 1:
                Panels<V, Size1, Size4, TFinish>(ref product);
                break;
            case (3 << 3) + 6:
                Panels<V, Size6, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 5:
                Panels<V, Size5, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 4:
                Panels<V, Size4, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 3:
                Panels<V, Size3, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 2:
                Panels<V, Size2, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 1:
                Panels<V, Size1, Size3, TFinish>(ref product);
                break;
            case (2 << 3) + 6:
                Panels<V, Size6, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 5:
                Panels<V, Size5, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 4:
                Panels<V, Size4, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 3:
                Panels<V, Size3, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 2:
                Panels<V, Size2, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 1:
                Panels<V, Size1, Size2, TFinish>(ref product);
                break;
            case (1 << 3) + 6:
                Panels<V, Size6, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 5:
                Panels<V, Size5, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 4:
                Panels<V, Size4, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 3:
                Panels<V, Size3, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 2:
                Panels<V, Size2, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 1:
                Panels<V, Size1, Size1, TFinish>(ref product);
                break;
        }
    }

    // The conditions are constants of each instantiation: what remains of the inner loop is an offset, TWidth loads, THeight broadcasts,
    // their product of multiply-adds, and the pointer arithmetic.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Panels<V, THeight, TWidth, TFinish>(scoped ref TapProduct product)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
        where TWidth : struct, IBlockSize
        where TFinish : struct, IFinish
    {
        ref int starts = ref product.Starts;
        ref int targets = ref product.Targets;
        ref float bias = ref product.Bias;
        ref int offsets = ref product.Offsets;
        nint taps = product.Taps;
        int panel = product.Panels;
        do
        {
            V c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23;
            V c30, c31, c32, c33, c40, c41, c42, c43, c50, c51, c52, c53;
            c00 = TFinish.HasBias ? V.Create(bias) : V.Zero;
            c01 = c02 = c03 = c00;
            c10 = TFinish.HasBias ? V.Create(Unsafe.Add(ref bias, THeight.Value > 1 ? 1 : 0)) : V.Zero;
            c11 = c12 = c13 = c10;
            c20 = TFinish.HasBias ? V.Create(Unsafe.Add(ref bias, THeight.Value > 2 ? 2 : 0)) : V.Zero;
            c21 = c22 = c23 = c20;
            c30 = TFinish.HasBias ? V.Create(Unsafe.Add(ref bias, THeight.Value > 3 ? 3 : 0)) : V.Zero;
            c31 = c32 = c33 = c30;
            c40 = TFinish.HasBias ? V.Create(Unsafe.Add(ref bias, THeight.Value > 4 ? 4 : 0)) : V.Zero;
            c41 = c42 = c43 = c40;
            c50 = TFinish.HasBias ? V.Create(Unsafe.Add(ref bias, THeight.Value > 5 ? 5 : 0)) : V.Zero;
            c51 = c52 = c53 = c50;

            ref float pixels = ref Unsafe.Add(ref product.Pixels, starts);
            nint next1 = TWidth.Value > 1 ? Unsafe.Add(ref starts, 1) - starts : 0;
            nint next2 = TWidth.Value > 2 ? Unsafe.Add(ref starts, 2) - starts : 0;
            nint next3 = TWidth.Value > 3 ? Unsafe.Add(ref starts, 3) - starts : 0;
            ref float weight = ref product.Weights;
            for (nint tap = 0; tap < taps; tap++)
            {
                ref float x = ref Unsafe.Add(ref pixels, Unsafe.Add(ref offsets, tap));
                V x0 = V.Load(ref x);
                V x1 = TWidth.Value > 1 ? V.Load(ref x, next1) : x0;
                V x2 = TWidth.Value > 2 ? V.Load(ref x, next2) : x0;
                V x3 = TWidth.Value > 3 ? V.Load(ref x, next3) : x0;

                V w = V.Create(weight);
                V.Accumulate(ref c00, w, x0);
                if (TWidth.Value > 1) V.Accumulate(ref c01, w, x1);
                if (TWidth.Value > 2) V.Accumulate(ref c02, w, x2);
                if (TWidth.Value > 3) V.Accumulate(ref c03, w, x3);
                if (THeight.Value > 1)
                {
                    w = V.Create(Unsafe.Add(ref weight, 1));
                    V.Accumulate(ref c10, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c11, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c12, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c13, w, x3);
                }

                if (THeight.Value > 2)
                {
                    w = V.Create(Unsafe.Add(ref weight, 2));
                    V.Accumulate(ref c20, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c21, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c22, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c23, w, x3);
                }

                if (THeight.Value > 3)
                {
                    w = V.Create(Unsafe.Add(ref weight, 3));
                    V.Accumulate(ref c30, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c31, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c32, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c33, w, x3);
                }

                if (THeight.Value > 4)
                {
                    w = V.Create(Unsafe.Add(ref weight, 4));
                    V.Accumulate(ref c40, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c41, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c42, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c43, w, x3);
                }

                if (THeight.Value > 5)
                {
                    w = V.Create(Unsafe.Add(ref weight, 5));
                    V.Accumulate(ref c50, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c51, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c52, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c53, w, x3);
                }

                weight = ref Unsafe.Add(ref weight, THeight.Value);
            }

            ref float mask = ref product.Mask;
            nint target0 = targets;
            nint target1 = Unsafe.Add(ref targets, TWidth.Value > 1 ? 1 : 0);
            nint target2 = Unsafe.Add(ref targets, TWidth.Value > 2 ? 2 : 0);
            nint target3 = Unsafe.Add(ref targets, TWidth.Value > 3 ? 3 : 0);
            nint border = product.Border;
            ref float y = ref product.Result;
            ref float h = ref product.Side;
            Finish<V, TWidth, TFinish>(c00, c01, c02, c03, ref y, ref h, ref mask, target0, target1, target2, target3, border);
            if (THeight.Value > 1)
            {
                y = ref Unsafe.Add(ref y, product.ResultStride);
                h = ref Unsafe.Add(ref h, product.SideStride);
                Finish<V, TWidth, TFinish>(c10, c11, c12, c13, ref y, ref h, ref mask, target0, target1, target2, target3, border);
            }

            if (THeight.Value > 2)
            {
                y = ref Unsafe.Add(ref y, product.ResultStride);
                h = ref Unsafe.Add(ref h, product.SideStride);
                Finish<V, TWidth, TFinish>(c20, c21, c22, c23, ref y, ref h, ref mask, target0, target1, target2, target3, border);
            }

            if (THeight.Value > 3)
            {
                y = ref Unsafe.Add(ref y, product.ResultStride);
                h = ref Unsafe.Add(ref h, product.SideStride);
                Finish<V, TWidth, TFinish>(c30, c31, c32, c33, ref y, ref h, ref mask, target0, target1, target2, target3, border);
            }

            if (THeight.Value > 4)
            {
                y = ref Unsafe.Add(ref y, product.ResultStride);
                h = ref Unsafe.Add(ref h, product.SideStride);
                Finish<V, TWidth, TFinish>(c40, c41, c42, c43, ref y, ref h, ref mask, target0, target1, target2, target3, border);
            }

            if (THeight.Value > 5)
            {
                y = ref Unsafe.Add(ref y, product.ResultStride);
                h = ref Unsafe.Add(ref h, product.SideStride);
                Finish<V, TWidth, TFinish>(c50, c51, c52, c53, ref y, ref h, ref mask, target0, target1, target2, target3, border);
            }

            starts = ref Unsafe.Add(ref starts, TWidth.Value);
            targets = ref Unsafe.Add(ref targets, TWidth.Value);
        }
        while (--panel != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V, TWidth, TFinish>(
        V c0, V c1, V c2, V c3, ref float result, ref float side, ref float mask, nint target0, nint target1, nint target2, nint target3, nint border)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
        where TFinish : struct, IFinish
    {
        if (!TFinish.AddsToResult && border != 0)
        {
            // What is behind a vector that does not end its row comes next.
            Unsafe.Add(ref result, target0 + border) = 0;
            if (TWidth.Value > 1) Unsafe.Add(ref result, target1 + border) = 0;
            if (TWidth.Value > 2) Unsafe.Add(ref result, target2 + border) = 0;
            if (TWidth.Value > 3) Unsafe.Add(ref result, target3 + border) = 0;
        }

        TFinish.Finish(V.And(c0, V.Load(ref mask, target0)), ref result, ref side, target0);
        if (TWidth.Value > 1) TFinish.Finish(V.And(c1, V.Load(ref mask, target1)), ref result, ref side, target1);
        if (TWidth.Value > 2) TFinish.Finish(V.And(c2, V.Load(ref mask, target2)), ref result, ref side, target2);
        if (TWidth.Value > 3) TFinish.Finish(V.And(c3, V.Load(ref mask, target3)), ref result, ref side, target3);
    }
}
