using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// <see cref="DenseBlock"/> for panels of a single vector: two blocks of rows at a time, since one alone has too few chains to
/// keep the multipliers busy.
/// </summary>
internal static class DenseNarrow
{
    /// <summary>Computes pairs of blocks, as many as there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static unsafe void Pairs<V, THeight, TFinish>(scoped ref DenseProduct product)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
        where TFinish : struct, IFinish
    {
        nint leftRow = product.LeftRow == 0 ? 1 : product.LeftRow;
        nint leftStep = product.LeftRow == 0 ? THeight.Value : product.LeftColumn;
        nint ahead = product.Ahead(THeight.Value);
        nint rightStride = product.RightStride;
        ref float left = ref product.Left;
        ref float result = ref product.Result;
        ref float side = ref product.Side;
        int pairs = product.Blocks >> 1;

        // Unlike in wider panels, there is no room for loads that are not needed.
        bool isFar = product.Depth >= 256;
        do
        {
            int panel = product.Panels;
            ref float rightPanel = ref product.Right;
            ref float resultPanel = ref result;
            ref float sidePanel = ref side;
            do
            {
                ref float lower = ref Unsafe.Add(ref sidePanel, THeight.Value * product.SideStride);
                ref float lowerSums = ref Unsafe.Add(ref resultPanel, THeight.Value * product.ResultStride);
                V c0 = Start<V, TFinish>(ref product, ref sidePanel, ref resultPanel, 0);
                V c1 = Start<V, TFinish>(ref product, ref sidePanel, ref resultPanel, 1);
                V c2 = Start<V, TFinish>(ref product, ref sidePanel, ref resultPanel, 2);
                V c3 = Start<V, TFinish>(ref product, ref sidePanel, ref resultPanel, 3);
                V c4 = Start<V, TFinish>(ref product, ref sidePanel, ref resultPanel, 4);
                V c5 = THeight.Value > 5 ? Start<V, TFinish>(ref product, ref sidePanel, ref resultPanel, 5) : c0;
                V d0 = Start<V, TFinish>(ref product, ref lower, ref lowerSums, 0);
                V d1 = Start<V, TFinish>(ref product, ref lower, ref lowerSums, 1);
                V d2 = Start<V, TFinish>(ref product, ref lower, ref lowerSums, 2);
                V d3 = Start<V, TFinish>(ref product, ref lower, ref lowerSums, 3);
                V d4 = Start<V, TFinish>(ref product, ref lower, ref lowerSums, 4);
                V d5 = THeight.Value > 5 ? Start<V, TFinish>(ref product, ref lower, ref lowerSums, 5) : d0;

                nint depth = product.Depth;
                ref float a0 = ref left;
                ref float a3 = ref Unsafe.Add(ref left, 3 * leftRow);
                ref float b0 = ref Unsafe.Add(ref left, THeight.Value * product.LeftAdvance);
                ref float b3 = ref Unsafe.Add(ref b0, 3 * leftRow);
                ref float source = ref rightPanel;
                do
                {
                    if (Sse.IsSupported && isFar)
                    {
                        Sse.Prefetch0((float*)Unsafe.AsPointer(ref a0) + ahead);
                        Sse.Prefetch0((float*)Unsafe.AsPointer(ref b0) + ahead);
                    }

                    V x = V.Load(ref source);
                    source = ref Unsafe.Add(ref source, rightStride);
                    V.Accumulate(ref c0, V.Create(a0), x);
                    V.Accumulate(ref c1, V.Create(Unsafe.Add(ref a0, leftRow)), x);
                    V.Accumulate(ref c2, V.Create(Unsafe.Add(ref a0, 2 * leftRow)), x);
                    V.Accumulate(ref c3, V.Create(a3), x);
                    V.Accumulate(ref c4, V.Create(Unsafe.Add(ref a3, leftRow)), x);
                    if (THeight.Value > 5) V.Accumulate(ref c5, V.Create(Unsafe.Add(ref a3, 2 * leftRow)), x);
                    V.Accumulate(ref d0, V.Create(b0), x);
                    V.Accumulate(ref d1, V.Create(Unsafe.Add(ref b0, leftRow)), x);
                    V.Accumulate(ref d2, V.Create(Unsafe.Add(ref b0, 2 * leftRow)), x);
                    V.Accumulate(ref d3, V.Create(b3), x);
                    V.Accumulate(ref d4, V.Create(Unsafe.Add(ref b3, leftRow)), x);
                    if (THeight.Value > 5) V.Accumulate(ref d5, V.Create(Unsafe.Add(ref b3, 2 * leftRow)), x);
                    a0 = ref Unsafe.Add(ref a0, leftStep);
                    a3 = ref Unsafe.Add(ref a3, leftStep);
                    b0 = ref Unsafe.Add(ref b0, leftStep);
                    b3 = ref Unsafe.Add(ref b3, leftStep);
                }
                while (--depth != 0);

                Finish<V, THeight, TFinish>(c0, c1, c2, c3, c4, c5, ref product, ref resultPanel, ref sidePanel);
                Finish<V, THeight, TFinish>(d0, d1, d2, d3, d4, d5, ref product, ref Unsafe.Add(ref resultPanel, THeight.Value * product.ResultStride), ref lower);
                rightPanel = ref Unsafe.Add(ref rightPanel, V.Count);
                resultPanel = ref Unsafe.Add(ref resultPanel, V.Count);
                sidePanel = ref Unsafe.Add(ref sidePanel, TFinish.SideIsBlock ? V.Count : 0);
            }
            while (--panel != 0);

            left = ref Unsafe.Add(ref left, 2 * THeight.Value * product.LeftAdvance);
            result = ref Unsafe.Add(ref result, 2 * THeight.Value * product.ResultStride);
            side = ref Unsafe.Add(ref side, 2 * THeight.Value * product.SideStride);
        }
        while (--pairs != 0);

        product.Left = ref left;
        product.Result = ref result;
        product.Side = ref side;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start<V, TFinish>(scoped ref DenseProduct product, ref float side, ref float sums, nint row)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish => TFinish.Continues ? V.Load(ref sums, row * product.ResultStride) : DenseBlock.Start<V, TFinish>(ref side, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V, THeight, TFinish>(V c0, V c1, V c2, V c3, V c4, V c5, scoped ref DenseProduct product, ref float result, ref float side)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
        where TFinish : struct, IFinish
    {
        TFinish.Finish(c0, ref result, ref side, 0);
        result = ref Unsafe.Add(ref result, product.ResultStride);
        side = ref Unsafe.Add(ref side, product.SideStride);
        TFinish.Finish(c1, ref result, ref side, 0);
        result = ref Unsafe.Add(ref result, product.ResultStride);
        side = ref Unsafe.Add(ref side, product.SideStride);
        TFinish.Finish(c2, ref result, ref side, 0);
        result = ref Unsafe.Add(ref result, product.ResultStride);
        side = ref Unsafe.Add(ref side, product.SideStride);
        TFinish.Finish(c3, ref result, ref side, 0);
        result = ref Unsafe.Add(ref result, product.ResultStride);
        side = ref Unsafe.Add(ref side, product.SideStride);
        TFinish.Finish(c4, ref result, ref side, 0);
        if (THeight.Value > 5)
        {
            result = ref Unsafe.Add(ref result, product.ResultStride);
            side = ref Unsafe.Add(ref side, product.SideStride);
            TFinish.Finish(c5, ref result, ref side, 0);
        }
    }
}
