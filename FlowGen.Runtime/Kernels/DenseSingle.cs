using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The dense layer for a single sample: outputs are the vector lanes, inputs are broadcast.</summary>
internal static class DenseSingle
{
    /// <summary>
    /// The vectors of the next register block when <paramref name="vectors"/> are left: as many as hold 64 outputs, with which
    /// weights stream fastest from the second cache, but no more than 8.
    /// </summary>
    internal static int BlockWidth(int vectors, int vectorCount) =>
        vectors >= 8 && vectorCount < 16 ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Forward<V>(ref Tile t, Rows input, int weights, int outputs, int to, Activation activation, int preActivation)
        where V : struct, IVec<V>
    {
        int padded = Dense.Pad(outputs);
        ref float bias = ref Unsafe.Add(ref t.Weights, weights);
        ref float packed = ref Unsafe.Add(ref bias, padded);
        ref float y = ref Unsafe.Add(ref t.Work, to);
        if (preActivation < 0 && activation is Activation.Relu or Activation.Identity)
        {
            Multiply<V>(ref bias, ref packed, ref input.Values(ref t), input.Step, input.Count, ref y, outputs, activation == Activation.Relu);
            return;
        }

        ref float pre = ref preActivation < 0 ? ref y : ref Unsafe.Add(ref t.Work, preActivation);
        Multiply<V>(ref bias, ref packed, ref input.Values(ref t), input.Step, input.Count, ref pre, outputs, relu: false);
        ActivationKernels.Apply(activation, ref pre, ref y, padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<V>(ref float bias, ref float packed, ref float x, nint stride, nint depth, ref float y, int outputs, bool relu)
        where V : struct, IVec<V>
    {
        if (DenseSplit.Applies(outputs, depth))
        {
            DenseSplit.Single(ref bias, ref packed, ref x, stride, depth, ref y, outputs, relu);
            return;
        }

        int vectors = (int)((uint)Dense.Pad(outputs) / (uint)V.Count);
        if (V.Count < 16)
        {
            for (; vectors >= 8; vectors -= 8)
            {
                Block<V, Size8>(ref bias, ref packed, ref x, stride, depth, ref y, relu);
                bias = ref Unsafe.Add(ref bias, 8 * V.Count);
                packed = ref Unsafe.Add(ref packed, 8 * V.Count * depth);
                y = ref Unsafe.Add(ref y, 8 * V.Count);
            }
        }

        for (; vectors >= 4; vectors -= 4)
        {
            Block<V, Size4>(ref bias, ref packed, ref x, stride, depth, ref y, relu);
            bias = ref Unsafe.Add(ref bias, 4 * V.Count);
            packed = ref Unsafe.Add(ref packed, 4 * V.Count * depth);
            y = ref Unsafe.Add(ref y, 4 * V.Count);
        }

        if ((vectors & 2) != 0)
        {
            Block<V, Size2>(ref bias, ref packed, ref x, stride, depth, ref y, relu);
            bias = ref Unsafe.Add(ref bias, 2 * V.Count);
            packed = ref Unsafe.Add(ref packed, 2 * V.Count * depth);
            y = ref Unsafe.Add(ref y, 2 * V.Count);
        }

        if ((vectors & 1) != 0)
        {
            Block<V, Size1>(ref bias, ref packed, ref x, stride, depth, ref y, relu);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block<V, TWidth>(ref float bias, ref float w, ref float x, nint stride, nint depth, ref float y, bool relu)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
    {
        V c0 = V.Load(ref bias);
        V c1 = TWidth.Value > 1 ? V.Load(ref bias, V.Count) : c0;
        V c2 = TWidth.Value > 2 ? V.Load(ref bias, 2 * V.Count) : c0;
        V c3 = TWidth.Value > 2 ? V.Load(ref bias, 3 * V.Count) : c0;
        V c4 = TWidth.Value > 4 ? V.Load(ref bias, 4 * V.Count) : c0;
        V c5 = TWidth.Value > 4 ? V.Load(ref bias, 5 * V.Count) : c0;
        V c6 = TWidth.Value > 4 ? V.Load(ref bias, 6 * V.Count) : c0;
        V c7 = TWidth.Value > 4 ? V.Load(ref bias, 7 * V.Count) : c0;
        V b;

        for (; depth >= 4; depth -= 4)
        {
            b = V.Create(x);
            V.Accumulate(ref c0, b, ref w, 0);
            if (TWidth.Value > 1)
            {
                V.Accumulate(ref c1, b, ref w, V.Count);
            }

            if (TWidth.Value > 2)
            {
                V.Accumulate(ref c2, b, ref w, 2 * V.Count);
                V.Accumulate(ref c3, b, ref w, 3 * V.Count);
            }

            if (TWidth.Value > 4)
            {
                V.Accumulate(ref c4, b, ref w, 4 * V.Count);
                V.Accumulate(ref c5, b, ref w, 5 * V.Count);
                V.Accumulate(ref c6, b, ref w, 6 * V.Count);
                V.Accumulate(ref c7, b, ref w, 7 * V.Count);
            }

            x = ref Unsafe.Add(ref x, stride);
            b = V.Create(x);
            V.Accumulate(ref c0, b, ref w, TWidth.Value * V.Count);
            if (TWidth.Value > 1)
            {
                V.Accumulate(ref c1, b, ref w, (TWidth.Value + 1) * V.Count);
            }

            if (TWidth.Value > 2)
            {
                V.Accumulate(ref c2, b, ref w, (TWidth.Value + 2) * V.Count);
                V.Accumulate(ref c3, b, ref w, (TWidth.Value + 3) * V.Count);
            }

            if (TWidth.Value > 4)
            {
                V.Accumulate(ref c4, b, ref w, (TWidth.Value + 4) * V.Count);
                V.Accumulate(ref c5, b, ref w, (TWidth.Value + 5) * V.Count);
                V.Accumulate(ref c6, b, ref w, (TWidth.Value + 6) * V.Count);
                V.Accumulate(ref c7, b, ref w, (TWidth.Value + 7) * V.Count);
            }

            x = ref Unsafe.Add(ref x, stride);
            b = V.Create(x);
            V.Accumulate(ref c0, b, ref w, 2 * TWidth.Value * V.Count);
            if (TWidth.Value > 1)
            {
                V.Accumulate(ref c1, b, ref w, ((2 * TWidth.Value) + 1) * V.Count);
            }

            if (TWidth.Value > 2)
            {
                V.Accumulate(ref c2, b, ref w, ((2 * TWidth.Value) + 2) * V.Count);
                V.Accumulate(ref c3, b, ref w, ((2 * TWidth.Value) + 3) * V.Count);
            }

            if (TWidth.Value > 4)
            {
                V.Accumulate(ref c4, b, ref w, ((2 * TWidth.Value) + 4) * V.Count);
                V.Accumulate(ref c5, b, ref w, ((2 * TWidth.Value) + 5) * V.Count);
                V.Accumulate(ref c6, b, ref w, ((2 * TWidth.Value) + 6) * V.Count);
                V.Accumulate(ref c7, b, ref w, ((2 * TWidth.Value) + 7) * V.Count);
            }

            x = ref Unsafe.Add(ref x, stride);
            b = V.Create(x);
            V.Accumulate(ref c0, b, ref w, 3 * TWidth.Value * V.Count);
            if (TWidth.Value > 1)
            {
                V.Accumulate(ref c1, b, ref w, ((3 * TWidth.Value) + 1) * V.Count);
            }

            if (TWidth.Value > 2)
            {
                V.Accumulate(ref c2, b, ref w, ((3 * TWidth.Value) + 2) * V.Count);
                V.Accumulate(ref c3, b, ref w, ((3 * TWidth.Value) + 3) * V.Count);
            }

            if (TWidth.Value > 4)
            {
                V.Accumulate(ref c4, b, ref w, ((3 * TWidth.Value) + 4) * V.Count);
                V.Accumulate(ref c5, b, ref w, ((3 * TWidth.Value) + 5) * V.Count);
                V.Accumulate(ref c6, b, ref w, ((3 * TWidth.Value) + 6) * V.Count);
                V.Accumulate(ref c7, b, ref w, ((3 * TWidth.Value) + 7) * V.Count);
            }

            x = ref Unsafe.Add(ref x, stride);
            w = ref Unsafe.Add(ref w, 4 * TWidth.Value * V.Count);
        }

        for (; depth > 0; depth--)
        {
            b = V.Create(x);
            V.Accumulate(ref c0, b, ref w, 0);
            if (TWidth.Value > 1)
            {
                V.Accumulate(ref c1, b, ref w, V.Count);
            }

            if (TWidth.Value > 2)
            {
                V.Accumulate(ref c2, b, ref w, 2 * V.Count);
                V.Accumulate(ref c3, b, ref w, 3 * V.Count);
            }

            if (TWidth.Value > 4)
            {
                V.Accumulate(ref c4, b, ref w, 4 * V.Count);
                V.Accumulate(ref c5, b, ref w, 5 * V.Count);
                V.Accumulate(ref c6, b, ref w, 6 * V.Count);
                V.Accumulate(ref c7, b, ref w, 7 * V.Count);
            }

            x = ref Unsafe.Add(ref x, stride);
            w = ref Unsafe.Add(ref w, TWidth.Value * V.Count);
        }

        if (relu)
        {
            c0 = VectorMath.Relu(c0);
            c1 = VectorMath.Relu(c1);
            c2 = VectorMath.Relu(c2);
            c3 = VectorMath.Relu(c3);
            c4 = VectorMath.Relu(c4);
            c5 = VectorMath.Relu(c5);
            c6 = VectorMath.Relu(c6);
            c7 = VectorMath.Relu(c7);
        }

        V.Store(c0, ref y);
        if (TWidth.Value > 1)
        {
            V.Store(c1, ref y, V.Count);
        }

        if (TWidth.Value > 2)
        {
            V.Store(c2, ref y, 2 * V.Count);
            V.Store(c3, ref y, 3 * V.Count);
        }

        if (TWidth.Value > 4)
        {
            V.Store(c4, ref y, 4 * V.Count);
            V.Store(c5, ref y, 5 * V.Count);
            V.Store(c6, ref y, 6 * V.Count);
            V.Store(c7, ref y, 7 * V.Count);
        }
    }
}
