using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>The forward pass of a <see cref="DenseLine"/>: sample by sample, with units of the second layer as vector lanes.</summary>
internal static class DenseLineForward
{
    /// <summary>The chains of a sum.</summary>
    internal const int Chains = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<V>(ref Tile t, Rows input, int weights, in DenseLineShape shape, int to, Activation activation)
        where V : struct, IVec<V>
    {
        if (shape.Outputs == 0)
        {
            DenseLineRows.Forward<V>(ref t, input, weights, shape, to, activation);
        }
        else if (activation == Activation.Relu)
        {
            Run<V, ReluOp>(ref t, input, weights, shape, to);
        }
        else
        {
            Run<V, LeakyReluOp>(ref t, input, weights, shape, to);
        }
    }

    /// <summary>The number of breakpoints below x: the piece that x is on. Not a number is on the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Piece<V>(ref float points, int count, int blocks, float x)
        where V : struct, IVec<V>
    {
        V at = V.Create(x);
        int below = 0;
        if (blocks > 0)
        {
            // The last block is where no other one is.
            below = Chains * Count<V>(ref Unsafe.Add(ref points, count), Dense.Pad(blocks), at);
            points = ref Unsafe.Add(ref points, below);
            count = Chains;
        }

        return below + Count<V>(ref points, count, at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Count<V>(ref float points, int count, V at)
        where V : struct, IVec<V>
    {
        int below = 0;
        for (nint i = 0; i < count; i += V.Count)
        {
            below += V.CountLess(V.Load(ref points, i), at);
        }

        return below;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<V, TOp>(ref Tile t, Rows input, int weights, in DenseLineShape shape, int to)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        nint lanes = t.Lanes;
        nint samples = t.Samples > 0 ? t.Samples : lanes;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float x = ref input.Values(ref t);
        ref float y = ref Unsafe.Add(ref t.Work, to * lanes);
        if (DenseLine64.Applies<V>(shape))
        {
            DenseLine64.Forward<V, TOp>(ref prepared, shape, ref x, samples, ref y, lanes);
            return;
        }

        switch (shape.Outputs)
        {
            case 1: Samples<V, TOp, Size1>(ref prepared, shape, ref x, samples, ref y, lanes); break;
            case 2: Samples<V, TOp, Size2>(ref prepared, shape, ref x, samples, ref y, lanes); break;
            case 3: Samples<V, TOp, Size3>(ref prepared, shape, ref x, samples, ref y, lanes); break;
            default: Samples<V, TOp, Size4>(ref prepared, shape, ref x, samples, ref y, lanes); break;
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Samples<V, TOp, TOutputs>(ref float prepared, in DenseLineShape shape, ref float x, nint samples, ref float y, nint lanes)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
        where TOutputs : struct, IBlockSize
    {
        int points = shape.Points;
        int blocks = shape.Blocks;
        nint width = shape.Width;
        nint stride = shape.RowStride;
        ref float anchors = ref Unsafe.Add(ref prepared, shape.Anchors);
        ref float rows = ref Unsafe.Add(ref prepared, shape.Rows);
        ref float last = ref Unsafe.Add(ref prepared, shape.Last);
        ref float bias = ref Unsafe.Add(ref prepared, shape.Bias);
        Span<float> buffer = stackalloc float[DenseLine.MaxOutputs * Chains];
        ref float chains = ref MemoryMarshal.GetReference(buffer);
        for (nint i = 0; i < samples; i++)
        {
            float at = Unsafe.Add(ref x, i);
            nint piece = Piece<V>(ref prepared, points, blocks, at);
            V way = V.Create(at - Unsafe.Add(ref anchors, piece));
            ref float value = ref Unsafe.Add(ref rows, piece * stride);
            ref float slope = ref Unsafe.Add(ref value, width);
            for (nint chain = 0; chain < Chains; chain += V.Count)
            {
                V c0, c1, c2, c3;
                c0 = c1 = c2 = c3 = V.Zero;
                for (nint k = chain; k < width; k += Chains)
                {
                    V h = V.Load(ref value, k);
                    V.Accumulate(ref h, way, ref slope, k);
                    h = TOp.Apply(h);
                    V.Accumulate(ref c0, h, ref last, k);
                    if (TOutputs.Value > 1) V.Accumulate(ref c1, h, ref last, width + k);
                    if (TOutputs.Value > 2) V.Accumulate(ref c2, h, ref last, (2 * width) + k);
                    if (TOutputs.Value > 3) V.Accumulate(ref c3, h, ref last, (3 * width) + k);
                }

                if (V.Count == Chains)
                {
                    Finish(Quarter(c0), ref bias, ref y, i);
                    if (TOutputs.Value > 1) Finish(Quarter(c1), ref Unsafe.Add(ref bias, 1), ref y, lanes + i);
                    if (TOutputs.Value > 2) Finish(Quarter(c2), ref Unsafe.Add(ref bias, 2), ref y, (2 * lanes) + i);
                    if (TOutputs.Value > 3) Finish(Quarter(c3), ref Unsafe.Add(ref bias, 3), ref y, (3 * lanes) + i);
                    break;
                }

                V.Store(c0, ref chains, chain);
                if (TOutputs.Value > 1) V.Store(c1, ref chains, Chains + chain);
                if (TOutputs.Value > 2) V.Store(c2, ref chains, (2 * Chains) + chain);
                if (TOutputs.Value > 3) V.Store(c3, ref chains, (3 * Chains) + chain);
            }

            if (V.Count < Chains)
            {
                for (nint output = 0; output < TOutputs.Value; output++)
                {
                    Finish(Quarter(ref Unsafe.Add(ref chains, output * Chains)), ref Unsafe.Add(ref bias, output), ref y, (output * lanes) + i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Vector128<float> quarter, ref float bias, ref float y, nint at) => Unsafe.Add(ref y, at) = Sum(quarter) + bias;

    /// <summary>Chains c, c + 4, c + 8 and c + 12 added, as (0 + 8) + (4 + 12).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Quarter<V>(V chains)
        where V : struct, IVec<V>
    {
        Vector512<float> all = Unsafe.BitCast<V, Vector512<float>>(chains);
        Vector256<float> half = all.GetLower() + all.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    /// <summary>The same from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Quarter(ref float chains) =>
        (Vector128.LoadUnsafe(ref chains) + Vector128.LoadUnsafe(ref chains, 8)) + (Vector128.LoadUnsafe(ref chains, 4) + Vector128.LoadUnsafe(ref chains, 12));

    /// <summary>(0 + 2) + (1 + 3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Sum(Vector128<float> quarter)
    {
        Vector128<float> half = quarter + Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1));
        return half.ToScalar() + half.GetElement(1);
    }
}
