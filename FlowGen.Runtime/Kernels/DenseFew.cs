using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The dense layer for a tile of one vector of which only some lanes are samples: outputs are the vector lanes, as for a single
/// sample, in register blocks of up to six samples, and the result is turned over. A block has a broadcast for every four
/// multiply-adds, where a panel of one vector has one for each, and lanes without a sample cost nothing.
/// </summary>
internal static class DenseFew
{
    private const int MaxVectors = 4;
    private const int MaxSamples = 64;

    // Between the use of a column of weights and its prefetch.
    private const int ColumnsAhead = 8;

    /// <summary>Whether this is less work than <see cref="DenseBlock"/> on the whole tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Pays(int samples, int outputs, nint depth) =>
        samples > 0 && depth > DenseThin.MaxDepth && 4 * outputs > 3 * samples * (Dense.Pad(outputs) >> 4) && !DenseSplit.Applies(outputs, depth);

    /// <summary>Whether a hidden layer, read by one of <paramref name="next"/> outputs only, is best left sample by sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool KeepsSamples<V>(ref Tile t, Rows input, int outputs, Activation activation, int next)
        where V : struct, IVec<V>
    {
        if (t.Recording || t.Samples == 0 || Unsafe.IsNullRef(ref t.SingleWeights) || DenseSplit.Applies(outputs, input.Count))
        {
            return false;
        }

        return t.Lanes == V.Count
            ? (t.BySample || Pays(t.Samples, outputs, input.Count)) && Pays(t.Samples, next, outputs)
            : activation == Activation.Relu && DenseSparse.MayPay<V>(ref t, outputs, next) && (t.BySample || input.Count > DenseThin.MaxDepth);
    }

    /// <summary>As <see cref="DenseTile.Forward"/>, where <see cref="Pays"/>, from and to rows or samples. Writes up to the next multiple of 16 rows.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Forward<V>(ref Tile t, Rows input, int weights, int outputs, int to, Activation activation, int preActivation, bool bySample)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        int samples = t.Samples;
        ref float bias = ref Unsafe.Add(ref t.SingleWeights, weights);
        ref float packed = ref Unsafe.Add(ref bias, Dense.Pad(outputs));
        ref float x = ref input.Values(ref t);
        nint sample = t.BySample ? Dense.Pad(input.Count) : 1;
        nint stride = t.BySample ? 1 : input.Stride(ref t);
        nint depth = input.Count;
        nint leading = Dense.Leading(outputs);
        ref float y = ref Unsafe.Add(ref t.Work, to * lanes);
        ref float pre = ref preActivation < 0 ? ref y : ref Unsafe.Add(ref t.Work, preActivation * lanes);
        bool relu = preActivation < 0 && activation == Activation.Relu;

        Span<float> buffer = stackalloc float[MaxSamples * MaxVectors * 16];
        ref float block = ref MemoryMarshal.GetReference(buffer);
        ref float result = ref pre;
        int vectors = (int)((uint)Dense.Pad(outputs) / (uint)V.Count);
        while (vectors > 0)
        {
            int width = vectors >= MaxVectors ? MaxVectors : vectors >= 2 ? 2 : 1;
            int floats = width * V.Count;
            if (bySample)
            {
                Samples<V>(ref bias, ref packed, leading, ref x, sample, stride, depth, ref result, Dense.Pad(outputs), samples, width, relu);
                result = ref Unsafe.Add(ref result, floats);
            }
            else
            {
                for (int first = 0; first < samples; first += MaxSamples)
                {
                    int some = Math.Min(MaxSamples, samples - first);
                    Samples<V>(ref bias, ref packed, leading, ref Unsafe.Add(ref x, first * sample), sample, stride, depth, ref block, floats, some, width, relu);
                    DenseTurn.Turn(ref block, floats, some, floats, ref Unsafe.Add(ref result, first), lanes);
                }

                result = ref Unsafe.Add(ref result, floats * lanes);
            }

            bias = ref Unsafe.Add(ref bias, floats);
            packed = ref Unsafe.Add(ref packed, floats);
            vectors -= width;
        }

        if (!relu && (preActivation >= 0 || activation != Activation.Identity))
        {
            ActivationKernels.Apply(activation, ref pre, ref y, bySample ? samples * Dense.Pad(outputs) : outputs * lanes);
        }
    }

    // Blocks of samples of nearly equal height.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Samples<V>(
        ref float bias, ref float w, nint leading, ref float x, nint sample, nint stride, nint depth, ref float y, nint leadingResult, int samples, int width, bool relu)
        where V : struct, IVec<V>
    {
        int blocks = DenseBlock.BlockCount(samples);
        for (; blocks > 0; blocks--)
        {
            int height = (int)((uint)(samples + blocks - 1) / (uint)blocks);
            switch (height)
            {
                case 6: Block<V, Size6>(ref bias, ref w, leading, ref x, sample, stride, depth, ref y, leadingResult, width, relu); break;
                case 5: Block<V, Size5>(ref bias, ref w, leading, ref x, sample, stride, depth, ref y, leadingResult, width, relu); break;
                case 4: Block<V, Size4>(ref bias, ref w, leading, ref x, sample, stride, depth, ref y, leadingResult, width, relu); break;
                case 3: Block<V, Size3>(ref bias, ref w, leading, ref x, sample, stride, depth, ref y, leadingResult, width, relu); break;
                case 2: Block<V, Size2>(ref bias, ref w, leading, ref x, sample, stride, depth, ref y, leadingResult, width, relu); break;
                default: Block<V, Size1>(ref bias, ref w, leading, ref x, sample, stride, depth, ref y, leadingResult, width, relu); break;
            }

            samples -= height;
            x = ref Unsafe.Add(ref x, height * sample);
            y = ref Unsafe.Add(ref y, height * leadingResult);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block<V, THeight>(
        ref float bias, ref float w, nint leading, ref float x, nint sample, nint stride, nint depth, ref float y, nint leadingResult, int width, bool relu)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
    {
        switch (width)
        {
            case 4: Block<V, THeight, Size4>(ref bias, ref w, leading, ref x, sample, stride, depth, ref y, leadingResult, relu); break;
            case 2: Block<V, THeight, Size2>(ref bias, ref w, leading, ref x, sample, stride, depth, ref y, leadingResult, relu); break;
            default: Block<V, THeight, Size1>(ref bias, ref w, leading, ref x, sample, stride, depth, ref y, leadingResult, relu); break;
        }
    }

    // c, sample, vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Block<V, THeight, TWidth>(
        ref float bias, ref float w, nint leading, ref float x, nint sample, nint stride, nint depth, ref float y, nint leadingResult, bool relu)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
        where TWidth : struct, IBlockSize
    {
        V c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33, c40, c41, c42, c43, c50, c51, c52, c53;
        c00 = c10 = c20 = c30 = c40 = c50 = V.Load(ref bias);
        c01 = c11 = c21 = c31 = c41 = c51 = V.Load(ref bias, TWidth.Value > 1 ? V.Count : 0);
        c02 = c12 = c22 = c32 = c42 = c52 = V.Load(ref bias, TWidth.Value > 2 ? 2 * V.Count : 0);
        c03 = c13 = c23 = c33 = c43 = c53 = V.Load(ref bias, TWidth.Value > 2 ? 3 * V.Count : 0);
        ref float x3 = ref Unsafe.Add(ref x, THeight.Value > 3 ? 3 * sample : 0);
        do
        {
            if (Sse.IsSupported)
            {
                byte* ahead = (byte*)Unsafe.AsPointer(ref Unsafe.Add(ref w, ColumnsAhead * leading));
                Sse.Prefetch0(ahead);
                if (TWidth.Value > 1) Sse.Prefetch0(ahead + 64);
                if (TWidth.Value > 2) Sse.Prefetch0(ahead + 128);
                if (TWidth.Value > 2) Sse.Prefetch0(ahead + 192);
            }

            V w0 = V.Load(ref w);
            V w1 = TWidth.Value > 1 ? V.Load(ref w, V.Count) : w0;
            V w2 = TWidth.Value > 2 ? V.Load(ref w, 2 * V.Count) : w0;
            V w3 = TWidth.Value > 2 ? V.Load(ref w, 3 * V.Count) : w0;
            w = ref Unsafe.Add(ref w, leading);

            V b = V.Create(x);
            V.Accumulate(ref c00, w0, b);
            if (TWidth.Value > 1) V.Accumulate(ref c01, w1, b);
            if (TWidth.Value > 2) V.Accumulate(ref c02, w2, b);
            if (TWidth.Value > 2) V.Accumulate(ref c03, w3, b);
            if (THeight.Value > 1)
            {
                b = V.Create(Unsafe.Add(ref x, sample));
                V.Accumulate(ref c10, w0, b);
                if (TWidth.Value > 1) V.Accumulate(ref c11, w1, b);
                if (TWidth.Value > 2) V.Accumulate(ref c12, w2, b);
                if (TWidth.Value > 2) V.Accumulate(ref c13, w3, b);
            }

            if (THeight.Value > 2)
            {
                b = V.Create(Unsafe.Add(ref x, 2 * sample));
                V.Accumulate(ref c20, w0, b);
                if (TWidth.Value > 1) V.Accumulate(ref c21, w1, b);
                if (TWidth.Value > 2) V.Accumulate(ref c22, w2, b);
                if (TWidth.Value > 2) V.Accumulate(ref c23, w3, b);
            }

            if (THeight.Value > 3)
            {
                b = V.Create(x3);
                V.Accumulate(ref c30, w0, b);
                if (TWidth.Value > 1) V.Accumulate(ref c31, w1, b);
                if (TWidth.Value > 2) V.Accumulate(ref c32, w2, b);
                if (TWidth.Value > 2) V.Accumulate(ref c33, w3, b);
            }

            if (THeight.Value > 4)
            {
                b = V.Create(Unsafe.Add(ref x3, sample));
                V.Accumulate(ref c40, w0, b);
                if (TWidth.Value > 1) V.Accumulate(ref c41, w1, b);
                if (TWidth.Value > 2) V.Accumulate(ref c42, w2, b);
                if (TWidth.Value > 2) V.Accumulate(ref c43, w3, b);
            }

            if (THeight.Value > 5)
            {
                b = V.Create(Unsafe.Add(ref x3, 2 * sample));
                V.Accumulate(ref c50, w0, b);
                if (TWidth.Value > 1) V.Accumulate(ref c51, w1, b);
                if (TWidth.Value > 2) V.Accumulate(ref c52, w2, b);
                if (TWidth.Value > 2) V.Accumulate(ref c53, w3, b);
            }

            x = ref Unsafe.Add(ref x, stride);
            if (THeight.Value > 3)
            {
                x3 = ref Unsafe.Add(ref x3, stride);
            }
        }
        while (--depth != 0);

        Store<V, TWidth>(c00, c01, c02, c03, ref y, relu);
        if (THeight.Value > 1) Store<V, TWidth>(c10, c11, c12, c13, ref Unsafe.Add(ref y, leadingResult), relu);
        if (THeight.Value > 2) Store<V, TWidth>(c20, c21, c22, c23, ref Unsafe.Add(ref y, 2 * leadingResult), relu);
        if (THeight.Value > 3) Store<V, TWidth>(c30, c31, c32, c33, ref Unsafe.Add(ref y, 3 * leadingResult), relu);
        if (THeight.Value > 4) Store<V, TWidth>(c40, c41, c42, c43, ref Unsafe.Add(ref y, 4 * leadingResult), relu);
        if (THeight.Value > 5) Store<V, TWidth>(c50, c51, c52, c53, ref Unsafe.Add(ref y, 5 * leadingResult), relu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, TWidth>(V c0, V c1, V c2, V c3, ref float y, bool relu)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
    {
        V.Store(relu ? VectorMath.Relu(c0) : c0 + V.Zero, ref y);
        if (TWidth.Value > 1) V.Store(relu ? VectorMath.Relu(c1) : c1 + V.Zero, ref y, V.Count);
        if (TWidth.Value > 2) V.Store(relu ? VectorMath.Relu(c2) : c2 + V.Zero, ref y, 2 * V.Count);
        if (TWidth.Value > 2) V.Store(relu ? VectorMath.Relu(c3) : c3 + V.Zero, ref y, 3 * V.Count);
    }
}
