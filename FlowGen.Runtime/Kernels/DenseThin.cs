using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// <see cref="DenseBlock"/> for chains of one, two or three links: the whole right side stays in registers
/// and rows are finished as fast as they can be stored.
/// </summary>
internal static class DenseThin
{
    /// <summary>The longest chain.</summary>
    internal const int MaxDepth = 3;

    /// <summary>Computes the blocks of height <paramref name="height"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Multiply<V, TFinish>(scoped ref DenseProduct product, int width, int height)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        switch ((int)(product.Depth << 3) + width)
        {
            case (1 << 3) + 4:
                Rows<V, Size1, Size4, TFinish>(ref product, height);
                break;
            case (1 << 3) + 3:
                Rows<V, Size1, Size3, TFinish>(ref product, height);
                break;
            case (1 << 3) + 2:
                Rows<V, Size1, Size2, TFinish>(ref product, height);
                break;
            case (1 << 3) + 1:
                Rows<V, Size1, Size1, TFinish>(ref product, height);
                break;
            case (2 << 3) + 4:
                Rows<V, Size2, Size4, TFinish>(ref product, height);
                break;
            case (2 << 3) + 3:
                Rows<V, Size2, Size3, TFinish>(ref product, height);
                break;
            case (2 << 3) + 2:
                Rows<V, Size2, Size2, TFinish>(ref product, height);
                break;
            case (2 << 3) + 1:
                Rows<V, Size2, Size1, TFinish>(ref product, height);
                break;
            case (3 << 3) + 4:
                Rows<V, Size3, Size4, TFinish>(ref product, height);
                break;
            case (3 << 3) + 3:
                Rows<V, Size3, Size3, TFinish>(ref product, height);
                break;
            case (3 << 3) + 2:
                Rows<V, Size3, Size2, TFinish>(ref product, height);
                break;
            case (3 << 3) + 1:
                Rows<V, Size3, Size1, TFinish>(ref product, height);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows<V, TDepth, TWidth, TFinish>(scoped ref DenseProduct product, nint height)
        where V : struct, IVec<V>
        where TDepth : struct, IBlockSize
        where TWidth : struct, IBlockSize
        where TFinish : struct, IFinish
    {
        nint resultStride = product.ResultStride;
        nint sideStride = product.SideStride;
        nint rightStride = product.RightStride;
        ref float right = ref product.Right;
        ref float result = ref product.Result;
        ref float side = ref product.Side;
        int blocks = product.Blocks;
        nint rows = blocks * height;
        nint row = product.LeftRow == 0 ? 1 : product.LeftRow;
        nint column = product.LeftRow == 0 ? height : product.LeftColumn;
        if (TDepth.Value == 1)
        {
            // Blocks of one column are a column.
            height = rows;
            blocks = 1;
        }

        int panels = product.Panels;
        do
        {
            ref float x = ref right;
            V x00 = V.Load(ref x);
            V x01 = TWidth.Value > 1 ? V.Load(ref x, V.Count) : x00;
            V x02 = TWidth.Value > 2 ? V.Load(ref x, 2 * V.Count) : x00;
            V x03 = TWidth.Value > 3 ? V.Load(ref x, 3 * V.Count) : x00;
            x = ref Unsafe.Add(ref x, TDepth.Value > 1 ? rightStride : 0);
            V x10 = TDepth.Value > 1 ? V.Load(ref x) : x00;
            V x11 = TDepth.Value > 1 && TWidth.Value > 1 ? V.Load(ref x, V.Count) : x00;
            V x12 = TDepth.Value > 1 && TWidth.Value > 2 ? V.Load(ref x, 2 * V.Count) : x00;
            V x13 = TDepth.Value > 1 && TWidth.Value > 3 ? V.Load(ref x, 3 * V.Count) : x00;
            x = ref Unsafe.Add(ref x, TDepth.Value > 2 ? rightStride : 0);
            V x20 = TDepth.Value > 2 ? V.Load(ref x) : x00;
            V x21 = TDepth.Value > 2 && TWidth.Value > 1 ? V.Load(ref x, V.Count) : x00;
            V x22 = TDepth.Value > 2 && TWidth.Value > 2 ? V.Load(ref x, 2 * V.Count) : x00;
            V x23 = TDepth.Value > 2 && TWidth.Value > 3 ? V.Load(ref x, 3 * V.Count) : x00;

            ref float w = ref product.Left;
            ref float y = ref result;
            ref float h = ref side;
            int block = blocks;
            do
            {
                nint left = height;
                do
                {
                    V c0 = DenseBlock.Start<V, TFinish>(ref h, 0);
                    V c1 = c0;
                    V c2 = c0;
                    V c3 = c0;
                    V factor = V.Create(w);
                    V.Accumulate(ref c0, factor, x00);
                    if (TWidth.Value > 1) V.Accumulate(ref c1, factor, x01);
                    if (TWidth.Value > 2) V.Accumulate(ref c2, factor, x02);
                    if (TWidth.Value > 3) V.Accumulate(ref c3, factor, x03);
                    if (TDepth.Value > 1)
                    {
                        factor = V.Create(Unsafe.Add(ref w, column));
                        V.Accumulate(ref c0, factor, x10);
                        if (TWidth.Value > 1) V.Accumulate(ref c1, factor, x11);
                        if (TWidth.Value > 2) V.Accumulate(ref c2, factor, x12);
                        if (TWidth.Value > 3) V.Accumulate(ref c3, factor, x13);
                    }

                    if (TDepth.Value > 2)
                    {
                        factor = V.Create(Unsafe.Add(ref w, 2 * column));
                        V.Accumulate(ref c0, factor, x20);
                        if (TWidth.Value > 1) V.Accumulate(ref c1, factor, x21);
                        if (TWidth.Value > 2) V.Accumulate(ref c2, factor, x22);
                        if (TWidth.Value > 3) V.Accumulate(ref c3, factor, x23);
                    }

                    TFinish.Finish(c0, ref y, ref h, 0);
                    if (TWidth.Value > 1) TFinish.Finish(c1, ref y, ref h, V.Count);
                    if (TWidth.Value > 2) TFinish.Finish(c2, ref y, ref h, 2 * V.Count);
                    if (TWidth.Value > 3) TFinish.Finish(c3, ref y, ref h, 3 * V.Count);
                    y = ref Unsafe.Add(ref y, resultStride);
                    h = ref Unsafe.Add(ref h, sideStride);
                    w = ref Unsafe.Add(ref w, row);
                }
                while (--left != 0);

                w = ref Unsafe.Add(ref w, (TDepth.Value - 1) * height);
            }
            while (--block != 0);

            right = ref Unsafe.Add(ref right, TWidth.Value * V.Count);
            result = ref Unsafe.Add(ref result, TWidth.Value * V.Count);
            side = ref Unsafe.Add(ref side, TFinish.SideIsBlock ? TWidth.Value * V.Count : 0);
        }
        while (--panels != 0);

        product.Left = ref Unsafe.Add(ref product.Left, rows * product.LeftAdvance);
        product.Result = ref Unsafe.Add(ref product.Result, rows * resultStride);
        product.Side = ref Unsafe.Add(ref product.Side, rows * sideStride);
    }
}
