using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The dense layer for a single sample: outputs are the vector lanes, inputs are broadcast.</summary>
/// <remarks>
/// What takes the time are the weights, each used once. Those of inputs that are zero are not even fetched (<see cref="Dense"/> says why that changes no bit):
/// after a ReLU, that is half of them.
/// </remarks>
internal static class DenseSingle
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Forward<V>(ref Tile t, Rows input, int weights, int outputs, int to, Activation activation, int preActivation)
        where V : struct, IVec<V>
    {
        int padded = Dense.Pad(outputs);
        ref float bias = ref Unsafe.Add(ref t.Weights, weights);
        ref float packed = ref Unsafe.Add(ref bias, padded);
        ref float y = ref Unsafe.Add(ref t.Work, to);
        bool relu = preActivation < 0 && activation == Activation.Relu;
        ref float pre = ref preActivation < 0 ? ref y : ref Unsafe.Add(ref t.Work, preActivation);
        bool mayPay = input.IsWork && input.Count >= DenseSparse.MinDepth && !DenseSplit.Applies(outputs, input.Count) && DenseMasks.HasZero<V>(ref input.Values(ref t));
        if (!mayPay || !TryActive<V>(ref bias, ref packed, ref input.Values(ref t), input.Count, ref pre, outputs, relu))
        {
            Multiply<V>(ref bias, ref packed, ref input.Values(ref t), input.Step, input.Count, ref pre, outputs, relu);
        }

        if (!relu && (preActivation >= 0 || activation != Activation.Identity))
        {
            ActivationKernels.Apply(activation, ref pre, ref y, padded);
        }
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

        nint leading = Dense.Leading(outputs);
        int vectors = (int)((uint)Dense.Pad(outputs) / (uint)V.Count);
        for (; vectors >= 8; vectors -= 8)
        {
            Block<V, Size8>(ref bias, ref packed, leading, ref x, stride, depth, ref y, relu);
            bias = ref Unsafe.Add(ref bias, 8 * V.Count);
            packed = ref Unsafe.Add(ref packed, 8 * V.Count);
            y = ref Unsafe.Add(ref y, 8 * V.Count);
        }

        if ((vectors & 4) != 0)
        {
            Block<V, Size4>(ref bias, ref packed, leading, ref x, stride, depth, ref y, relu);
            bias = ref Unsafe.Add(ref bias, 4 * V.Count);
            packed = ref Unsafe.Add(ref packed, 4 * V.Count);
            y = ref Unsafe.Add(ref y, 4 * V.Count);
        }

        if ((vectors & 2) != 0)
        {
            Block<V, Size2>(ref bias, ref packed, leading, ref x, stride, depth, ref y, relu);
            bias = ref Unsafe.Add(ref bias, 2 * V.Count);
            packed = ref Unsafe.Add(ref packed, 2 * V.Count);
            y = ref Unsafe.Add(ref y, 2 * V.Count);
        }

        if ((vectors & 1) != 0)
        {
            Block<V, Size1>(ref bias, ref packed, leading, ref x, stride, depth, ref y, relu);
        }
    }

    /// <summary>The product from the columns of the inputs that are not zero, where those are few enough, or false.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static bool TryActive<V>(ref float bias, ref float packed, ref float x, nint depth, ref float y, int outputs, bool relu)
        where V : struct, IVec<V>
    {
        if (depth > DenseSparse.MaxDepth)
        {
            return false;
        }

        Span<ulong> words = stackalloc ulong[DenseSparse.MaxDepth / 64];
        ref ulong masks = ref MemoryMarshal.GetReference(words);
        nint count = DenseMasks.Single<V>(ref x, depth, ref masks, out nint active);
        if (8 * active > 7 * depth)
        {
            return false;
        }

        nint leading = Dense.Leading(outputs);
        int vectors = (int)((uint)Dense.Pad(outputs) / (uint)V.Count);
        for (; vectors >= 8; vectors -= 8)
        {
            Active<V, Size8>(ref bias, ref packed, leading, ref x, ref masks, count, ref y, relu);
            bias = ref Unsafe.Add(ref bias, 8 * V.Count);
            packed = ref Unsafe.Add(ref packed, 8 * V.Count);
            y = ref Unsafe.Add(ref y, 8 * V.Count);
        }

        if ((vectors & 4) != 0)
        {
            Active<V, Size4>(ref bias, ref packed, leading, ref x, ref masks, count, ref y, relu);
            bias = ref Unsafe.Add(ref bias, 4 * V.Count);
            packed = ref Unsafe.Add(ref packed, 4 * V.Count);
            y = ref Unsafe.Add(ref y, 4 * V.Count);
        }

        if ((vectors & 2) != 0)
        {
            Active<V, Size2>(ref bias, ref packed, leading, ref x, ref masks, count, ref y, relu);
            bias = ref Unsafe.Add(ref bias, 2 * V.Count);
            packed = ref Unsafe.Add(ref packed, 2 * V.Count);
            y = ref Unsafe.Add(ref y, 2 * V.Count);
        }

        if ((vectors & 1) != 0)
        {
            Active<V, Size1>(ref bias, ref packed, leading, ref x, ref masks, count, ref y, relu);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block<V, TWidth>(ref float bias, ref float w, nint leading, ref float x, nint stride, nint depth, ref float y, bool relu)
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
            x = ref Unsafe.Add(ref x, stride);
            V.Accumulate(ref c0, b, ref w, 0);
            if (TWidth.Value > 1) V.Accumulate(ref c1, b, ref w, V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c2, b, ref w, 2 * V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c3, b, ref w, 3 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c4, b, ref w, 4 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c5, b, ref w, 5 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c6, b, ref w, 6 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c7, b, ref w, 7 * V.Count);
            w = ref Unsafe.Add(ref w, leading);
            b = V.Create(x);
            x = ref Unsafe.Add(ref x, stride);
            V.Accumulate(ref c0, b, ref w, 0);
            if (TWidth.Value > 1) V.Accumulate(ref c1, b, ref w, V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c2, b, ref w, 2 * V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c3, b, ref w, 3 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c4, b, ref w, 4 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c5, b, ref w, 5 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c6, b, ref w, 6 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c7, b, ref w, 7 * V.Count);
            w = ref Unsafe.Add(ref w, leading);
            b = V.Create(x);
            x = ref Unsafe.Add(ref x, stride);
            V.Accumulate(ref c0, b, ref w, 0);
            if (TWidth.Value > 1) V.Accumulate(ref c1, b, ref w, V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c2, b, ref w, 2 * V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c3, b, ref w, 3 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c4, b, ref w, 4 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c5, b, ref w, 5 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c6, b, ref w, 6 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c7, b, ref w, 7 * V.Count);
            w = ref Unsafe.Add(ref w, leading);
            b = V.Create(x);
            x = ref Unsafe.Add(ref x, stride);
            V.Accumulate(ref c0, b, ref w, 0);
            if (TWidth.Value > 1) V.Accumulate(ref c1, b, ref w, V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c2, b, ref w, 2 * V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c3, b, ref w, 3 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c4, b, ref w, 4 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c5, b, ref w, 5 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c6, b, ref w, 6 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c7, b, ref w, 7 * V.Count);
            w = ref Unsafe.Add(ref w, leading);
        }

        for (; depth > 0; depth--)
        {
            b = V.Create(x);
            x = ref Unsafe.Add(ref x, stride);
            V.Accumulate(ref c0, b, ref w, 0);
            if (TWidth.Value > 1) V.Accumulate(ref c1, b, ref w, V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c2, b, ref w, 2 * V.Count);
            if (TWidth.Value > 2) V.Accumulate(ref c3, b, ref w, 3 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c4, b, ref w, 4 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c5, b, ref w, 5 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c6, b, ref w, 6 * V.Count);
            if (TWidth.Value > 4) V.Accumulate(ref c7, b, ref w, 7 * V.Count);
            w = ref Unsafe.Add(ref w, leading);
        }

        Store<V, TWidth>(c0, c1, c2, c3, c4, c5, c6, c7, ref y, relu);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Active<V, TWidth>(ref float bias, ref float w, nint leading, ref float x, ref ulong masks, nint words, ref float y, bool relu)
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
        do
        {
            ulong mask = masks;
            while (mask != 0)
            {
                nint k = BitOperations.TrailingZeroCount(mask);
                mask &= mask - 1;
                var b = V.Create(Unsafe.Add(ref x, k));
                ref float column = ref Unsafe.Add(ref w, k * leading);
                V.Accumulate(ref c0, b, ref column, 0);
                if (TWidth.Value > 1) V.Accumulate(ref c1, b, ref column, V.Count);
                if (TWidth.Value > 2) V.Accumulate(ref c2, b, ref column, 2 * V.Count);
                if (TWidth.Value > 2) V.Accumulate(ref c3, b, ref column, 3 * V.Count);
                if (TWidth.Value > 4) V.Accumulate(ref c4, b, ref column, 4 * V.Count);
                if (TWidth.Value > 4) V.Accumulate(ref c5, b, ref column, 5 * V.Count);
                if (TWidth.Value > 4) V.Accumulate(ref c6, b, ref column, 6 * V.Count);
                if (TWidth.Value > 4) V.Accumulate(ref c7, b, ref column, 7 * V.Count);
            }

            masks = ref Unsafe.Add(ref masks, 1);
            x = ref Unsafe.Add(ref x, 64);
            w = ref Unsafe.Add(ref w, 64 * leading);
        }
        while (--words != 0);

        Store<V, TWidth>(c0, c1, c2, c3, c4, c5, c6, c7, ref y, relu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, TWidth>(V c0, V c1, V c2, V c3, V c4, V c5, V c6, V c7, ref float y, bool relu)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
    {
        V.Store(relu ? VectorMath.Relu(c0) : c0 + V.Zero, ref y);
        if (TWidth.Value > 1) V.Store(relu ? VectorMath.Relu(c1) : c1 + V.Zero, ref y, V.Count);
        if (TWidth.Value > 2) V.Store(relu ? VectorMath.Relu(c2) : c2 + V.Zero, ref y, 2 * V.Count);
        if (TWidth.Value > 2) V.Store(relu ? VectorMath.Relu(c3) : c3 + V.Zero, ref y, 3 * V.Count);
        if (TWidth.Value > 4) V.Store(relu ? VectorMath.Relu(c4) : c4 + V.Zero, ref y, 4 * V.Count);
        if (TWidth.Value > 4) V.Store(relu ? VectorMath.Relu(c5) : c5 + V.Zero, ref y, 5 * V.Count);
        if (TWidth.Value > 4) V.Store(relu ? VectorMath.Relu(c6) : c6 + V.Zero, ref y, 6 * V.Count);
        if (TWidth.Value > 4) V.Store(relu ? VectorMath.Relu(c7) : c7 + V.Zero, ref y, 7 * V.Count);
    }
}
