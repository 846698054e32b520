using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The one matrix product of dense layers: result[m, n] = start + sum over d of left[m, d] * right[d, n], a block of rows and
/// vectors at a time in registers, each element one serial chain of multiply-adds in the order of d.
/// </summary>
/// <remarks>
/// The left side is broadcast, the right side and the result are vectors along n. Forward: left = W, right = x, n = lanes.
/// Gradient by the input: left = transposed W, right = dY, n = lanes. Gradient by the weights: left = dY, right = x turned over,
/// n = inputs.
/// </remarks>
internal static class DenseBlock
{
    /// <summary>Most rows in a register block: with four vectors, 24 accumulators, 4 operands and 1 broadcast fit 32 registers.</summary>
    internal const int MaxRows = 6;

    /// <summary>Floats of packed weights between their use and their prefetch: weights come in order, but from far away in large layers.</summary>
    internal const int PrefetchAhead = 1024;

    /// <summary>How many blocks of at most <see cref="MaxRows"/> rows, all of nearly equal height, cover <paramref name="rows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int BlockCount(int rows) => (int)((uint)(rows + MaxRows - 1) / MaxRows);

    /// <summary>The panels of nearly equal width that cover so many vectors: how many, how wide, and how many are one wider.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (int Panels, int Width, int Wider) Panels<V>(int vectors)
        where V : struct, IVec<V>
    {
        if (vectors <= V.BlockVectors)
        {
            return (1, vectors, 0);
        }

        int panels = (int)((uint)(vectors + V.BlockVectors - 1) / (uint)V.BlockVectors);
        int width = (int)((uint)vectors / (uint)panels);
        return (panels, width, vectors - (panels * width));
    }

    /// <summary>What the chains of row <paramref name="row"/> start from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Start<V, TFinish>(ref float side, nint row)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish => TFinish.HasBias ? V.Create(Unsafe.Add(ref side, row)) : V.Zero;

    /// <summary>Computes all rows for <paramref name="columns"/> columns, a multiple of the vector width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Multiply<V, TFinish>(scoped ref DenseProduct product, int columns)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        (int panels, int width, int wider) = Panels<V>((int)((uint)columns / (uint)V.Count));
        if (wider == 0)
        {
            Multiply<V, TFinish>(ref product, panels, width);
            return;
        }

        ref float left = ref product.Left;
        ref float result = ref product.Result;
        ref float side = ref product.Side;
        Multiply<V, TFinish>(ref product, wider, width + 1);
        int done = wider * (width + 1) * V.Count;
        product.Left = ref left;
        product.Right = ref Unsafe.Add(ref product.Right, done);
        product.Result = ref Unsafe.Add(ref result, done);
        product.Side = ref Unsafe.Add(ref side, TFinish.SideIsBlock ? done : 0);
        Multiply<V, TFinish>(ref product, panels - wider, width);
    }

    /// <summary>Computes all rows for <paramref name="panels"/> panels of <paramref name="width"/> vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Multiply<V, TFinish>(scoped ref DenseProduct product, int panels, int width)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        product.Panels = panels;
        if (product.Depth <= DenseThin.MaxDepth && product.LeftRow != 0)
        {
            product.Blocks = 1;
            DenseThin.Multiply<V, TFinish>(ref product, width, product.Rows);
            return;
        }

        int blocks = BlockCount(product.Rows);
        int height = (int)((uint)product.Rows / (uint)blocks);
        int higher = product.Rows - (blocks * height);
        if (higher > 0)
        {
            product.Blocks = higher;
            Dispatch<V, TFinish>(ref product, width, height + 1);
        }

        product.Blocks = blocks - higher;
        Dispatch<V, TFinish>(ref product, width, height);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Dispatch<V, TFinish>(scoped ref DenseProduct product, int width, int height)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        if (product.Depth <= DenseThin.MaxDepth)
        {
            DenseThin.Multiply<V, TFinish>(ref product, width, height);
            return;
        }

        if (width == 1 && height >= 5 && product.Blocks >= 2)
        {
            bool odd = (product.Blocks & 1) != 0;
            if (height == 6)
            {
                DenseNarrow.Pairs<V, Size6, TFinish>(ref product);
            }
            else
            {
                DenseNarrow.Pairs<V, Size5, TFinish>(ref product);
            }

            if (!odd)
            {
                return;
            }

            product.Blocks = 1;
        }

        switch ((width << 3) + height)
        {
            case (4 << 3) + 6:
                Blocks<V, Size6, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 5:
                Blocks<V, Size5, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 4:
                Blocks<V, Size4, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 3:
                Blocks<V, Size3, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 2:
                Blocks<V, Size2, Size4, TFinish>(ref product);
                break;
            case (4 << 3) + 1:
                Blocks<V, Size1, Size4, TFinish>(ref product);
                break;
            case (3 << 3) + 6:
                Blocks<V, Size6, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 5:
                Blocks<V, Size5, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 4:
                Blocks<V, Size4, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 3:
                Blocks<V, Size3, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 2:
                Blocks<V, Size2, Size3, TFinish>(ref product);
                break;
            case (3 << 3) + 1:
                Blocks<V, Size1, Size3, TFinish>(ref product);
                break;
            case (2 << 3) + 6:
                Blocks<V, Size6, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 5:
                Blocks<V, Size5, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 4:
                Blocks<V, Size4, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 3:
                Blocks<V, Size3, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 2:
                Blocks<V, Size2, Size2, TFinish>(ref product);
                break;
            case (2 << 3) + 1:
                Blocks<V, Size1, Size2, TFinish>(ref product);
                break;
            case (1 << 3) + 6:
                Blocks<V, Size6, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 5:
                Blocks<V, Size5, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 4:
                Blocks<V, Size4, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 3:
                Blocks<V, Size3, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 2:
                Blocks<V, Size2, Size1, TFinish>(ref product);
                break;
            case (1 << 3) + 1:
                Blocks<V, Size1, Size1, TFinish>(ref product);
                break;
        }
    }

    // The conditions are constants of each instantiation: what remains of the inner loop is TWidth loads, THeight broadcasts,
    // their product of multiply-adds, and the pointer arithmetic.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Blocks<V, THeight, TWidth, TFinish>(scoped ref DenseProduct product)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
        where TWidth : struct, IBlockSize
        where TFinish : struct, IFinish
    {
        nint leftRow = product.LeftRow == 0 ? 1 : product.LeftRow;
        nint leftStep = product.LeftRow == 0 ? THeight.Value : product.LeftColumn;
        bool hasNext = product.Next != 0;
        nint ahead = product.Ahead(THeight.Value);
        nint nextStep = product.AheadStep(THeight.Value);
        float* next = (float*)Unsafe.AsPointer(ref product.Left) + product.Next;
        nint rightStride = product.RightStride;
        nint resultStride = product.ResultStride;
        ref float left = ref product.Left;
        ref float result = ref product.Result;
        ref float side = ref product.Side;
        int blocks = product.Blocks;
        do
        {
            int panel = product.Panels;
            ref float rightPanel = ref product.Right;
            ref float resultPanel = ref result;
            ref float sidePanel = ref side;
            do
            {
                V c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23;
                V c30, c31, c32, c33, c40, c41, c42, c43, c50, c51, c52, c53;
                if (TFinish.Continues)
                {
                    ref float sums = ref resultPanel;
                    LoadRow<V, TWidth>(ref sums, out c00, out c01, out c02, out c03);
                    sums = ref Unsafe.Add(ref sums, THeight.Value > 1 ? resultStride : 0);
                    LoadRow<V, TWidth>(ref sums, out c10, out c11, out c12, out c13);
                    sums = ref Unsafe.Add(ref sums, THeight.Value > 2 ? resultStride : 0);
                    LoadRow<V, TWidth>(ref sums, out c20, out c21, out c22, out c23);
                    sums = ref Unsafe.Add(ref sums, THeight.Value > 3 ? resultStride : 0);
                    LoadRow<V, TWidth>(ref sums, out c30, out c31, out c32, out c33);
                    sums = ref Unsafe.Add(ref sums, THeight.Value > 4 ? resultStride : 0);
                    LoadRow<V, TWidth>(ref sums, out c40, out c41, out c42, out c43);
                    sums = ref Unsafe.Add(ref sums, THeight.Value > 5 ? resultStride : 0);
                    LoadRow<V, TWidth>(ref sums, out c50, out c51, out c52, out c53);
                }
                else
                {
                    c00 = Start<V, TFinish>(ref sidePanel, 0);
                    c01 = c02 = c03 = c00;
                    c10 = Start<V, TFinish>(ref sidePanel, THeight.Value > 1 ? 1 : 0);
                    c11 = c12 = c13 = c10;
                    c20 = Start<V, TFinish>(ref sidePanel, THeight.Value > 2 ? 2 : 0);
                    c21 = c22 = c23 = c20;
                    c30 = Start<V, TFinish>(ref sidePanel, THeight.Value > 3 ? 3 : 0);
                    c31 = c32 = c33 = c30;
                    c40 = Start<V, TFinish>(ref sidePanel, THeight.Value > 4 ? 4 : 0);
                    c41 = c42 = c43 = c40;
                    c50 = Start<V, TFinish>(ref sidePanel, THeight.Value > 5 ? 5 : 0);
                    c51 = c52 = c53 = c50;
                }

                if (TFinish.AddsToResult && Sse.IsSupported)
                {
                    // The sums so far are far away, and the chain takes long enough to fetch them.
                    byte* sums = (byte*)Unsafe.AsPointer(ref resultPanel);
                    for (int row = 0; row < THeight.Value; row++)
                    {
                        Sse.Prefetch0(sums);
                        if (TWidth.Value > 1) Sse.Prefetch0(sums + (4 * V.Count));
                        if (TWidth.Value > 2) Sse.Prefetch0(sums + (8 * V.Count));
                        if (TWidth.Value > 3) Sse.Prefetch0(sums + (12 * V.Count));
                        sums += 4 * resultStride;
                    }
                }

                nint depth = product.Depth;
                ref float a = ref left;
                ref float b = ref Unsafe.Add(ref left, THeight.Value > 3 ? 3 * leftRow : 0);
                ref float x = ref rightPanel;
                if (!hasNext)
                {
                    next = (float*)Unsafe.AsPointer(ref left) + ahead;
                }

                do
                {
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch0(next);
                        next += nextStep;
                    }

                    V x0 = V.Load(ref x);
                    V x1 = TWidth.Value > 1 ? V.Load(ref x, V.Count) : x0;
                    V x2 = TWidth.Value > 2 ? V.Load(ref x, 2 * V.Count) : x0;
                    V x3 = TWidth.Value > 3 ? V.Load(ref x, 3 * V.Count) : x0;
                    x = ref Unsafe.Add(ref x, rightStride);

                    V w = V.Create(a);
                    V.Accumulate(ref c00, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c01, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c02, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c03, w, x3);
                    if (THeight.Value > 1)
                    {
                        w = V.Create(Unsafe.Add(ref a, leftRow));
                        V.Accumulate(ref c10, w, x0);
                        if (TWidth.Value > 1) V.Accumulate(ref c11, w, x1);
                        if (TWidth.Value > 2) V.Accumulate(ref c12, w, x2);
                        if (TWidth.Value > 3) V.Accumulate(ref c13, w, x3);
                    }

                    if (THeight.Value > 2)
                    {
                        w = V.Create(Unsafe.Add(ref a, 2 * leftRow));
                        V.Accumulate(ref c20, w, x0);
                        if (TWidth.Value > 1) V.Accumulate(ref c21, w, x1);
                        if (TWidth.Value > 2) V.Accumulate(ref c22, w, x2);
                        if (TWidth.Value > 3) V.Accumulate(ref c23, w, x3);
                    }

                    a = ref Unsafe.Add(ref a, leftStep);
                    if (THeight.Value > 3)
                    {
                        w = V.Create(b);
                        V.Accumulate(ref c30, w, x0);
                        if (TWidth.Value > 1) V.Accumulate(ref c31, w, x1);
                        if (TWidth.Value > 2) V.Accumulate(ref c32, w, x2);
                        if (TWidth.Value > 3) V.Accumulate(ref c33, w, x3);
                    }

                    if (THeight.Value > 4)
                    {
                        w = V.Create(Unsafe.Add(ref b, leftRow));
                        V.Accumulate(ref c40, w, x0);
                        if (TWidth.Value > 1) V.Accumulate(ref c41, w, x1);
                        if (TWidth.Value > 2) V.Accumulate(ref c42, w, x2);
                        if (TWidth.Value > 3) V.Accumulate(ref c43, w, x3);
                    }

                    if (THeight.Value > 5)
                    {
                        w = V.Create(Unsafe.Add(ref b, 2 * leftRow));
                        V.Accumulate(ref c50, w, x0);
                        if (TWidth.Value > 1) V.Accumulate(ref c51, w, x1);
                        if (TWidth.Value > 2) V.Accumulate(ref c52, w, x2);
                        if (TWidth.Value > 3) V.Accumulate(ref c53, w, x3);
                    }

                    if (THeight.Value > 3)
                    {
                        b = ref Unsafe.Add(ref b, leftStep);
                    }
                }
                while (--depth != 0);

                ref float y = ref resultPanel;
                ref float h = ref sidePanel;
                Finish<V, TWidth, TFinish>(c00, c01, c02, c03, ref y, ref h);
                if (THeight.Value > 1)
                {
                    y = ref Unsafe.Add(ref y, resultStride);
                    h = ref Unsafe.Add(ref h, product.SideStride);
                    Finish<V, TWidth, TFinish>(c10, c11, c12, c13, ref y, ref h);
                }

                if (THeight.Value > 2)
                {
                    y = ref Unsafe.Add(ref y, resultStride);
                    h = ref Unsafe.Add(ref h, product.SideStride);
                    Finish<V, TWidth, TFinish>(c20, c21, c22, c23, ref y, ref h);
                }

                if (THeight.Value > 3)
                {
                    y = ref Unsafe.Add(ref y, resultStride);
                    h = ref Unsafe.Add(ref h, product.SideStride);
                    Finish<V, TWidth, TFinish>(c30, c31, c32, c33, ref y, ref h);
                }

                if (THeight.Value > 4)
                {
                    y = ref Unsafe.Add(ref y, resultStride);
                    h = ref Unsafe.Add(ref h, product.SideStride);
                    Finish<V, TWidth, TFinish>(c40, c41, c42, c43, ref y, ref h);
                }

                if (THeight.Value > 5)
                {
                    y = ref Unsafe.Add(ref y, resultStride);
                    h = ref Unsafe.Add(ref h, product.SideStride);
                    Finish<V, TWidth, TFinish>(c50, c51, c52, c53, ref y, ref h);
                }

                rightPanel = ref Unsafe.Add(ref rightPanel, TWidth.Value * V.Count);
                resultPanel = ref Unsafe.Add(ref resultPanel, TWidth.Value * V.Count);
                sidePanel = ref Unsafe.Add(ref sidePanel, TFinish.SideIsBlock ? TWidth.Value * V.Count : 0);
            }
            while (--panel != 0);

            left = ref Unsafe.Add(ref left, THeight.Value * product.LeftAdvance);
            result = ref Unsafe.Add(ref result, THeight.Value * resultStride);
            side = ref Unsafe.Add(ref side, THeight.Value * product.SideStride);
        }
        while (--blocks != 0);

        product.Left = ref left;
        product.Result = ref result;
        product.Side = ref side;
        product.Next = hasNext ? (nint)(next - (float*)Unsafe.AsPointer(ref left)) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadRow<V, TWidth>(ref float row, out V c0, out V c1, out V c2, out V c3)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
    {
        c0 = V.Load(ref row);
        c1 = TWidth.Value > 1 ? V.Load(ref row, V.Count) : c0;
        c2 = TWidth.Value > 2 ? V.Load(ref row, 2 * V.Count) : c0;
        c3 = TWidth.Value > 3 ? V.Load(ref row, 3 * V.Count) : c0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V, TWidth, TFinish>(V c0, V c1, V c2, V c3, ref float result, ref float side)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
        where TFinish : struct, IFinish
    {
        TFinish.Finish(c0, ref result, ref side, 0);
        if (TWidth.Value > 1) TFinish.Finish(c1, ref result, ref side, V.Count);
        if (TWidth.Value > 2) TFinish.Finish(c2, ref result, ref side, 2 * V.Count);
        if (TWidth.Value > 3) TFinish.Finish(c3, ref result, ref side, 3 * V.Count);
    }
}
