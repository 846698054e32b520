using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// Dense layers of one or two outputs, as the last ones of flows on the plane. Their outputs are too few to hide the latency of
/// a chain of multiply-adds, so that each has four: input k belongs to chain k mod 4, the first starts from the bias, and the
/// ends are added as (0 + 1) + (2 + 3).
/// </summary>
internal static class DenseSplit
{
    private const int MaxOutputs = 2;
    private const int Chains = 4;

    /// <summary>Whether a layer is computed so, on every path.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Applies(int outputs, nint depth) => outputs <= MaxOutputs && depth > DenseThin.MaxDepth;

    /// <summary>The product for <paramref name="columns"/> columns, a multiple of the vector width, with the left side row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Multiply<V, TFinish>(scoped ref DenseProduct product, int columns)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        int vectors = (int)((uint)columns / (uint)V.Count);
        if (V.BlockVectors == 4)
        {
            product.Panels = vectors >> 1;
            vectors &= 1;
            if (product.Panels > 0 && product.Rows == 2)
            {
                Panels<V, Size2, Size2, TFinish>(ref product);
            }
            else if (product.Panels > 0)
            {
                Panels<V, Size1, Size2, TFinish>(ref product);
            }
        }

        product.Panels = vectors;
        if (vectors > 0 && product.Rows == 2)
        {
            Panels<V, Size2, Size1, TFinish>(ref product);
        }
        else if (vectors > 0)
        {
            Panels<V, Size1, Size1, TFinish>(ref product);
        }
    }

    /// <summary>
    /// The layer for a single sample, from W row by row: the four chains of an output are the lanes of a vector. Padded to 16 outputs, the weights would be eight times
    /// as many to wait for.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Single(ref float bias, ref float w, ref float x, nint stride, nint depth, ref float y, int outputs, bool relu)
    {
        if (!Vector128.IsHardwareAccelerated || stride != 1)
        {
            SingleByChains(ref bias, ref w, ref x, stride, depth, ref y, outputs, relu);
            return;
        }

        nint whole = depth & -Chains;
        nint second = outputs > 1 ? depth : 0;
        Vec128 c0 = Vec128.Zero;
        Vec128 c1 = Vec128.Zero;
        Unsafe.As<Vec128, float>(ref c0) = bias;
        Unsafe.As<Vec128, float>(ref c1) = Unsafe.Add(ref bias, outputs - 1);
        for (nint k = 0; k < whole; k += Chains)
        {
            var values = Vec128.Load(ref x, k);
            Vec128.Accumulate(ref c0, values, ref w, k);
            Vec128.Accumulate(ref c1, values, ref w, second + k);
        }

        Finish(c0, ref Unsafe.Add(ref w, whole), ref Unsafe.Add(ref x, whole), depth - whole, ref y, relu);
        if (outputs > 1)
        {
            Finish(c1, ref Unsafe.Add(ref w, second + whole), ref Unsafe.Add(ref x, whole), depth - whole, ref Unsafe.Add(ref y, 1), relu);
        }
    }

    /// <summary>What is left of the chains, and their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Vec128 chains, ref float w, ref float x, nint rest, ref float y, bool relu)
    {
        var ends = Unsafe.BitCast<Vec128, Vector128<float>>(chains);
        var c0 = VecScalar.Create(ends[0]);
        var c1 = VecScalar.Create(ends[1]);
        var c2 = VecScalar.Create(ends[2]);
        if (rest > 0) VecScalar.Accumulate(ref c0, VecScalar.Create(x), ref w, 0);
        if (rest > 1) VecScalar.Accumulate(ref c1, VecScalar.Create(Unsafe.Add(ref x, 1)), ref w, 1);
        if (rest > 2) VecScalar.Accumulate(ref c2, VecScalar.Create(Unsafe.Add(ref x, 2)), ref w, 2);
        Finish((c0 + c1) + (c2 + VecScalar.Create(ends[3])), ref y, relu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(VecScalar sum, ref float y, bool relu) => VecScalar.Store(relu ? VectorMath.Relu(sum) : sum + VecScalar.Zero, ref y);

    private static void SingleByChains(ref float bias, ref float w, ref float x, nint stride, nint depth, ref float y, int outputs, bool relu)
    {
        Span<VecScalar> chains = stackalloc VecScalar[Chains];
        for (nint output = 0; output < outputs; output++)
        {
            chains.Clear();
            chains[0] = VecScalar.Create(Unsafe.Add(ref bias, output));
            for (nint k = 0; k < depth; k++)
            {
                VecScalar.Accumulate(ref chains[(int)(k % Chains)], VecScalar.Create(Unsafe.Add(ref x, k * stride)), ref w, (output * depth) + k);
            }

            Finish((chains[0] + chains[1]) + (chains[2] + chains[3]), ref Unsafe.Add(ref y, output), relu);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Panels<V, THeight, TWidth, TFinish>(scoped ref DenseProduct product)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
        where TWidth : struct, IBlockSize
        where TFinish : struct, IFinish
    {
        nint stride = product.RightStride;
        nint second = product.LeftRow;
        ref float right = ref product.Right;
        ref float result = ref product.Result;
        int panels = product.Panels;
        do
        {
            // c, row, chain, vector.
            V c000, c001, c010, c011, c020, c021, c030, c031, c100, c101, c110, c111, c120, c121, c130, c131, x0, x1, w;
            c000 = c001 = DenseBlock.Start<V, TFinish>(ref product.Side, 0);
            c100 = c101 = DenseBlock.Start<V, TFinish>(ref product.Side, THeight.Value > 1 ? 1 : 0);
            c010 = c011 = c020 = c021 = c030 = c031 = c110 = c111 = c120 = c121 = c130 = c131 = V.Zero;
            ref float x = ref right;
            ref float a = ref product.Left;
            nint depth = product.Depth;
            while (true)
            {
                x0 = V.Load(ref x);
                x1 = TWidth.Value > 1 ? V.Load(ref x, V.Count) : x0;
                w = V.Create(a);
                V.Accumulate(ref c000, w, x0);
                if (TWidth.Value > 1) V.Accumulate(ref c001, w, x1);
                if (THeight.Value > 1)
                {
                    w = V.Create(Unsafe.Add(ref a, second));
                    V.Accumulate(ref c100, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c101, w, x1);
                }

                if (depth == 1) break;
                x = ref Unsafe.Add(ref x, stride);
                x0 = V.Load(ref x);
                x1 = TWidth.Value > 1 ? V.Load(ref x, V.Count) : x0;
                w = V.Create(Unsafe.Add(ref a, 1));
                V.Accumulate(ref c010, w, x0);
                if (TWidth.Value > 1) V.Accumulate(ref c011, w, x1);
                if (THeight.Value > 1)
                {
                    w = V.Create(Unsafe.Add(ref a, second + 1));
                    V.Accumulate(ref c110, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c111, w, x1);
                }

                if (depth == 2) break;
                x = ref Unsafe.Add(ref x, stride);
                x0 = V.Load(ref x);
                x1 = TWidth.Value > 1 ? V.Load(ref x, V.Count) : x0;
                w = V.Create(Unsafe.Add(ref a, 2));
                V.Accumulate(ref c020, w, x0);
                if (TWidth.Value > 1) V.Accumulate(ref c021, w, x1);
                if (THeight.Value > 1)
                {
                    w = V.Create(Unsafe.Add(ref a, second + 2));
                    V.Accumulate(ref c120, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c121, w, x1);
                }

                if (depth == 3) break;
                x = ref Unsafe.Add(ref x, stride);
                x0 = V.Load(ref x);
                x1 = TWidth.Value > 1 ? V.Load(ref x, V.Count) : x0;
                w = V.Create(Unsafe.Add(ref a, 3));
                V.Accumulate(ref c030, w, x0);
                if (TWidth.Value > 1) V.Accumulate(ref c031, w, x1);
                if (THeight.Value > 1)
                {
                    w = V.Create(Unsafe.Add(ref a, second + 3));
                    V.Accumulate(ref c130, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c131, w, x1);
                }

                if (depth == Chains) break;
                depth -= Chains;
                x = ref Unsafe.Add(ref x, stride);
                a = ref Unsafe.Add(ref a, Chains);
            }

            ref float side = ref product.Side;
            TFinish.Finish((c000 + c010) + (c020 + c030), ref result, ref side, 0);
            if (TWidth.Value > 1) TFinish.Finish((c001 + c011) + (c021 + c031), ref result, ref side, V.Count);
            if (THeight.Value > 1)
            {
                ref float lower = ref Unsafe.Add(ref result, product.ResultStride);
                TFinish.Finish((c100 + c110) + (c120 + c130), ref lower, ref side, 0);
                if (TWidth.Value > 1) TFinish.Finish((c101 + c111) + (c121 + c131), ref lower, ref side, V.Count);
            }

            right = ref Unsafe.Add(ref right, TWidth.Value * V.Count);
            result = ref Unsafe.Add(ref result, TWidth.Value * V.Count);
        }
        while (--panels != 0);

        product.Right = ref right;
        product.Result = ref result;
    }
}
