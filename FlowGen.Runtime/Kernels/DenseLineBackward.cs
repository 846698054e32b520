using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>The backward pass of a <see cref="DenseLine"/>: sample by sample, with units of the second layer as vector lanes. It evaluates the second layer once more.</summary>
internal static class DenseLineBackward
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<V>(ref Tile t, Rows input, int weights, in DenseLineShape shape, int from, int parameters, int sums, Activation activation)
        where V : struct, IVec<V>
    {
        if (shape.Outputs == 0)
        {
            DenseLineRows.Backward<V>(ref t, input, weights, shape, from, sums);
        }
        else if (activation == Activation.Relu)
        {
            Run<V, ReluOp>(ref t, input, weights, shape, from, parameters, sums);
        }
        else
        {
            Run<V, LeakyReluOp>(ref t, input, weights, shape, from, parameters, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<V, TOp>(ref Tile t, Rows input, int weights, in DenseLineShape shape, int from, int parameters, int sums)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        if (DenseLine64.Applies<V>(shape))
        {
            DenseLine64.Backward<V, TOp>(
                ref Unsafe.Add(ref t.Weights, weights), shape, ref input.Values(ref t), ref input.Gradients(ref t), ref Unsafe.Add(ref t.GradWork, from * (nint)t.Lanes), t.Lanes,
                ref Unsafe.Add(ref t.Gradient, sums), ref Unsafe.Add(ref t.Gradient, parameters + shape.LastBias));
            return;
        }

        switch (shape.Outputs)
        {
            case 1: Samples<V, TOp, Size1>(ref t, input, weights, shape, from, parameters, sums); break;
            case 2: Samples<V, TOp, Size2>(ref t, input, weights, shape, from, parameters, sums); break;
            case 3: Samples<V, TOp, Size3>(ref t, input, weights, shape, from, parameters, sums); break;
            default: Samples<V, TOp, Size4>(ref t, input, weights, shape, from, parameters, sums); break;
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Samples<V, TOp, TOutputs>(ref Tile t, Rows input, int weights, in DenseLineShape shape, int from, int parameters, int sums)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
        where TOutputs : struct, IBlockSize
    {
        nint lanes = t.Lanes;
        int points = shape.Points;
        int blocks = shape.Blocks;
        nint width = shape.Width;
        nint stride = shape.RowStride;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float anchors = ref Unsafe.Add(ref prepared, shape.Anchors);
        ref float rows = ref Unsafe.Add(ref prepared, shape.Rows);
        ref float last = ref Unsafe.Add(ref prepared, shape.Last);
        ref float bins = ref Unsafe.Add(ref t.Gradient, sums);
        ref float byLast = ref Unsafe.Add(ref bins, shape.SumsOfLast);
        ref float byBias = ref Unsafe.Add(ref t.Gradient, parameters + shape.LastBias);
        ref float x = ref input.Values(ref t);
        ref float byX = ref input.Gradients(ref t);
        ref float upstream = ref Unsafe.Add(ref t.GradWork, from * lanes);
        Span<float> buffer = stackalloc float[DenseLineForward.Chains];
        ref float chains = ref MemoryMarshal.GetReference(buffer);
        float b0 = 0, b1 = 0, b2 = 0, b3 = 0;
        for (nint i = 0; i < lanes; i++)
        {
            float at = Unsafe.Add(ref x, i);
            nint piece = DenseLineForward.Piece<V>(ref prepared, points, blocks, at);
            V way = V.Create(at - Unsafe.Add(ref anchors, piece));
            ref float value = ref Unsafe.Add(ref rows, piece * stride);
            ref float slope = ref Unsafe.Add(ref value, width);
            ref float sum = ref Unsafe.Add(ref bins, piece * stride);
            ref float moment = ref Unsafe.Add(ref sum, width);

            float up = Unsafe.Add(ref upstream, i);
            b0 += up;
            V u0 = V.Create(up);
            V u1 = u0, u2 = u0, u3 = u0;
            if (TOutputs.Value > 1)
            {
                up = Unsafe.Add(ref upstream, lanes + i);
                b1 += up;
                u1 = V.Create(up);
            }

            if (TOutputs.Value > 2)
            {
                up = Unsafe.Add(ref upstream, (2 * lanes) + i);
                b2 += up;
                u2 = V.Create(up);
            }

            if (TOutputs.Value > 3)
            {
                up = Unsafe.Add(ref upstream, (3 * lanes) + i);
                b3 += up;
                u3 = V.Create(up);
            }

            for (nint chain = 0; chain < DenseLineForward.Chains; chain += V.Count)
            {
                V along = V.Zero;
                for (nint k = chain; k < width; k += DenseLineForward.Chains)
                {
                    V s = V.Load(ref slope, k);
                    V h = TOp.Apply(V.MultiplyAdd(way, s, V.Load(ref value, k)));
                    V g = u0 * V.Load(ref last, k);
                    Add(h, u0, ref byLast, k);
                    if (TOutputs.Value > 1)
                    {
                        V.Accumulate(ref g, u1, ref last, width + k);
                        Add(h, u1, ref byLast, width + k);
                    }

                    if (TOutputs.Value > 2)
                    {
                        V.Accumulate(ref g, u2, ref last, (2 * width) + k);
                        Add(h, u2, ref byLast, (2 * width) + k);
                    }

                    if (TOutputs.Value > 3)
                    {
                        V.Accumulate(ref g, u3, ref last, (3 * width) + k);
                        Add(h, u3, ref byLast, (3 * width) + k);
                    }

                    g *= TOp.Derivative(h);
                    V.Store(V.Load(ref sum, k) + g, ref sum, k);
                    Add(g, way, ref moment, k);
                    V.Accumulate(ref along, s, g);
                }

                if (V.Count == DenseLineForward.Chains)
                {
                    Unsafe.Add(ref byX, i) += DenseLineForward.Sum(DenseLineForward.Quarter(along));
                    break;
                }

                V.Store(along, ref chains, chain);
            }

            if (V.Count < DenseLineForward.Chains)
            {
                Unsafe.Add(ref byX, i) += DenseLineForward.Sum(DenseLineForward.Quarter(ref chains));
            }
        }

        byBias += b0;
        if (TOutputs.Value > 1) Unsafe.Add(ref byBias, 1) += b1;
        if (TOutputs.Value > 2) Unsafe.Add(ref byBias, 2) += b2;
        if (TOutputs.Value > 3) Unsafe.Add(ref byBias, 3) += b3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<V>(V left, V right, ref float sum, nint at)
        where V : struct, IVec<V> => V.Store(V.MultiplyAdd(left, right, V.Load(ref sum, at)), ref sum, at);
}
