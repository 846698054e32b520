using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The dense layer for a tile of which many inputs are zero, as after a ReLU: outputs are the vector lanes, as for a single sample, and every sample walks the
/// inputs that are not zero by its bits of a mask. <see cref="Dense"/> says why that changes no bit of the result.
/// </summary>
/// <remarks>
/// A multiply-add has a load of its own here, of which a register block needs less than half of one, and so takes 1.3 times as long: with half of the inputs zero a
/// layer takes two thirds of the time. A chunk of weights of at most 32 KB, 64 inputs by 128 outputs or 128 by 64, serves all samples, two at a time, before the next.
/// </remarks>
internal static class DenseSparse
{
    /// <summary>The fewest inputs for which looking for zeros pays.</summary>
    internal const int MinDepth = 32;

    /// <summary>The most inputs: as many as the masks on the stack have room for.</summary>
    internal const int MaxDepth = 4096;

    // Fewer do not make up for the way to masks and back to rows.
    private const int MinSamples = 7;
    private const int MaxLanes = 64;

    // The weights of smaller layers come fast enough by themselves, and a prefetch takes the place of a load.
    private const int FarWeights = 65536;
    private const int MaxWidth = 8;

    /// <summary>Whether this is less work than <see cref="DenseBlock"/> or <see cref="DenseFew"/>, going by some of the inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Pays<V>(ref Tile t, Rows input, int outputs)
        where V : struct, IVec<V> =>
        t.Samples >= MinSamples && !Unsafe.IsNullRef(ref t.SingleWeights) && input.IsWork && input.Count >= MinDepth && input.Count <= MaxDepth && outputs > 2 * V.Count && IsSparse<V>(ref t, input);

    /// <summary>As <see cref="DenseTile.Forward"/>, for inputs in the work area. Writes up to the next multiple of 16 rows.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Forward<V>(ref Tile t, Rows input, int weights, int outputs, int to, Activation activation, int preActivation)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        int depth = input.Count;
        ref float y = ref Unsafe.Add(ref t.Work, to * lanes);
        ref float pre = ref preActivation < 0 ? ref y : ref Unsafe.Add(ref t.Work, preActivation * lanes);
        bool relu = preActivation < 0 && activation == Activation.Relu;

        Span<uint> words = stackalloc uint[MaxDepth / 32 * MaxLanes];
        Span<float> buffer = stackalloc float[MaxLanes * MaxWidth * 16];
        ref uint masks = ref MemoryMarshal.GetReference(words);
        ref float block = ref MemoryMarshal.GetReference(buffer);
        bool isFar = depth * outputs >= FarWeights;
        for (int first = 0; first < t.Samples; first += MaxLanes)
        {
            int samples = Math.Min(MaxLanes, t.Samples - first);
            Masks<V>(ref Unsafe.Add(ref input.Values(ref t), first), lanes, (int)Math.Min(MaxLanes, lanes - first), depth, ref masks);
            ref float bias = ref Unsafe.Add(ref t.SingleWeights, weights);
            ref float packed = ref Unsafe.Add(ref bias, Dense.Pad(outputs));
            ref float rows = ref Unsafe.Add(ref pre, first);
            int vectors = (int)((uint)Dense.Pad(outputs) / (uint)V.Count);
            int blocks = (int)((uint)(vectors + MaxWidth - 1) / MaxWidth);
            for (; blocks > 0; blocks--)
            {
                int width = (int)((uint)(vectors + blocks - 1) / (uint)blocks);
                int floats = width * V.Count;
                ActiveProduct product = new()
                {
                    Start = ref bias,
                    Weights = ref packed,
                    Leading = Dense.Leading(outputs),
                    X = ref Unsafe.Add(ref input.Values(ref t), first),
                    Masks = ref masks,
                    Lanes = lanes,
                    Result = ref block,
                    Pairs = (samples + 1) >> 1,
                };
                int chunk = width > 4 ? 64 : 128;
                for (int at = 0; at < depth; at += chunk)
                {
                    product.Words = Math.Min(chunk, depth - at + 63) >> 6;
                    bool isLast = at + chunk >= depth;
                    product.End = !isLast ? ChainEnd.None : relu ? ChainEnd.Relu : ChainEnd.Sum;
                    product.Next = ref isLast ? ref Unsafe.Add(ref packed, floats) : ref Unsafe.Add(ref product.Weights, chunk * product.Leading);
                    product.ColumnsAhead = isFar ? (int)((uint)(chunk + product.Pairs - 1) / (uint)product.Pairs) : 0;
                    Dispatch<V>(ref product, width);
                    product.Start = ref block;
                    product.StartStride = floats;
                    product.Weights = ref Unsafe.Add(ref product.Weights, chunk * product.Leading);
                    product.X = ref Unsafe.Add(ref product.X, chunk * lanes);
                    product.Masks = ref Unsafe.Add(ref product.Masks, (chunk >> 5) * MaxLanes);
                }

                DenseTurn.Turn(ref block, floats, samples, floats, ref rows, lanes);
                bias = ref Unsafe.Add(ref bias, floats);
                packed = ref Unsafe.Add(ref packed, floats);
                rows = ref Unsafe.Add(ref rows, floats * lanes);
                vectors -= width;
            }
        }

        if (!relu && (preActivation >= 0 || activation != Activation.Identity))
        {
            ActivationKernels.Apply(activation, ref pre, ref y, outputs * lanes);
        }
    }

    /// <summary>Whether any of the first numbers of x, as many as a vector holds, is zero: where none is, there are hardly enough zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool HasZero<V>(ref float x)
        where V : struct, IVec<V> => V.Count == 1 || Zeros(V.Load(ref x)) != 0;

    /// <summary>The bits of the inputs of a single sample that are not zero, NaN among them, 64 to a word; returns the number of words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint Masks<V>(ref float x, nint depth, ref ulong masks, out nint active)
        where V : struct, IVec<V>
    {
        nint word = 0;
        active = 0;
        for (nint first = 0; first < depth; first += 64)
        {
            nint count = nint.Min(64, depth - first);
            ulong zeros = 0;
            for (nint k = 0; k < count; k += V.Count)
            {
                zeros |= (ulong)Zeros(V.Load(ref x, first + k)) << (int)k;
            }

            ulong mask = ~zeros & (ulong.MaxValue >> (int)(64 - count));
            Unsafe.Add(ref masks, word++) = mask;
            active += BitOperations.PopCount(mask);
        }

        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Zeros<V>(V x)
        where V : struct, IVec<V>
    {
        if (typeof(V) == typeof(Vec512))
        {
            return (uint)Vector512.Equals(Unsafe.BitCast<V, Vector512<float>>(x), Vector512<float>.Zero).ExtractMostSignificantBits();
        }

        if (typeof(V) == typeof(Vec256))
        {
            return Vector256.Equals(Unsafe.BitCast<V, Vector256<float>>(x), Vector256<float>.Zero).ExtractMostSignificantBits();
        }

        if (typeof(V) == typeof(Vec128))
        {
            return Vector128.Equals(Unsafe.BitCast<V, Vector128<float>>(x), Vector128<float>.Zero).ExtractMostSignificantBits();
        }

        return Unsafe.BitCast<V, float>(x) == 0 ? 1u : 0u;
    }

    // Of every sixteenth row, 16 rows at most: what it costs a tile without zeros must not be noticed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static bool IsSparse<V>(ref Tile t, Rows input)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        nint step = Math.Max(16, input.Count >> 4) * lanes;
        ref float x = ref input.Values(ref t);
        int zeros = 0;
        int seen = 0;
        for (nint at = 0; at < input.Count * lanes; at += step)
        {
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                zeros += BitOperations.PopCount(Zeros(V.Load(ref x, at + lane)));
                seen += V.Count;
            }

            if (zeros == 0 && at >= step)
            {
                return false;
            }
        }

        return 10 * zeros > 3 * seen;
    }

    // Bit k of a lane's words, 32 inputs to a word and [words, MaxLanes] of them, is set where its input k is not zero; NaN is not. The number of words is even.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Masks<V>(ref float x, nint stride, nint lanes, int depth, ref uint masks)
        where V : struct, IVec<V>
    {
        int words = (depth + 63) >> 6 << 1;
        for (int word = 0; word < words; word++)
        {
            int count = Math.Clamp(depth - (32 * word), 0, 32);
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                ref float row = ref Unsafe.Add(ref x, lane);
                V mask = V.Zero;
                V bit = V.CreateBits(1);
                for (int k = 0; k < count; k++)
                {
                    mask = V.Or(mask, V.Select(V.Equal(V.Load(ref row), V.Zero), V.Zero, bit));
                    bit = V.AddBits(bit, bit);
                    row = ref Unsafe.Add(ref row, stride);
                }

                V.Store(mask, ref Unsafe.As<uint, float>(ref Unsafe.Add(ref masks, lane)));
            }

            masks = ref Unsafe.Add(ref masks, MaxLanes);
            x = ref Unsafe.Add(ref x, count * stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Dispatch<V>(scoped ref ActiveProduct product, int width)
        where V : struct, IVec<V>
    {
        switch (width)
        {
            case 8: Pairs<V, Size8>(ref product); break;
            case 7: Pairs<V, Size7>(ref product); break;
            case 6: Pairs<V, Size6>(ref product); break;
            case 5: Pairs<V, Size5>(ref product); break;
            case 4: Pairs<V, Size4>(ref product); break;
            case 3: Pairs<V, Size3>(ref product); break;
            case 2: Pairs<V, Size2>(ref product); break;
            default: Pairs<V, Size1>(ref product); break;
        }
    }

    // Two samples at a time: while both have inputs left, there are chains enough to hide the latency of a multiply-add, and loops end half as often.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Pairs<V, TWidth>(scoped ref ActiveProduct product)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
    {
        nint leading = product.Leading;
        nint lanes = product.Lanes;
        nint stride = product.StartStride;
        int pairs = product.Pairs;
        ref float start = ref product.Start;
        ref float x = ref product.X;
        ref uint masks = ref product.Masks;
        ref float result = ref product.Result;
        ref float next = ref product.Next;
        do
        {
            if (Sse.IsSupported)
            {
                // The next chunk's share of this pair, into the second cache: the first one is full.
                for (int column = product.ColumnsAhead; column > 0; column--)
                {
                    byte* ahead = (byte*)Unsafe.AsPointer(ref next);
                    Sse.Prefetch1(ahead);
                    if (TWidth.Value > 1) Sse.Prefetch1(ahead + (4 * V.Count));
                    if (TWidth.Value > 2) Sse.Prefetch1(ahead + (8 * V.Count));
                    if (TWidth.Value > 3) Sse.Prefetch1(ahead + (12 * V.Count));
                    if (TWidth.Value > 4) Sse.Prefetch1(ahead + (16 * V.Count));
                    if (TWidth.Value > 5) Sse.Prefetch1(ahead + (20 * V.Count));
                    if (TWidth.Value > 6) Sse.Prefetch1(ahead + (24 * V.Count));
                    if (TWidth.Value > 7) Sse.Prefetch1(ahead + (28 * V.Count));
                    next = ref Unsafe.Add(ref next, leading);
                }
            }

            V c0 = V.Load(ref start);
            V c1 = TWidth.Value > 1 ? V.Load(ref start, V.Count) : c0;
            V c2 = TWidth.Value > 2 ? V.Load(ref start, 2 * V.Count) : c0;
            V c3 = TWidth.Value > 3 ? V.Load(ref start, 3 * V.Count) : c0;
            V c4 = TWidth.Value > 4 ? V.Load(ref start, 4 * V.Count) : c0;
            V c5 = TWidth.Value > 5 ? V.Load(ref start, 5 * V.Count) : c0;
            V c6 = TWidth.Value > 6 ? V.Load(ref start, 6 * V.Count) : c0;
            V c7 = TWidth.Value > 7 ? V.Load(ref start, 7 * V.Count) : c0;
            ref float second = ref Unsafe.Add(ref start, stride);
            V d0 = V.Load(ref second);
            V d1 = TWidth.Value > 1 ? V.Load(ref second, V.Count) : d0;
            V d2 = TWidth.Value > 2 ? V.Load(ref second, 2 * V.Count) : d0;
            V d3 = TWidth.Value > 3 ? V.Load(ref second, 3 * V.Count) : d0;
            V d4 = TWidth.Value > 4 ? V.Load(ref second, 4 * V.Count) : d0;
            V d5 = TWidth.Value > 5 ? V.Load(ref second, 5 * V.Count) : d0;
            V d6 = TWidth.Value > 6 ? V.Load(ref second, 6 * V.Count) : d0;
            V d7 = TWidth.Value > 7 ? V.Load(ref second, 7 * V.Count) : d0;
            int words = product.Words;
            ref float w = ref product.Weights;
            ref float inputs = ref x;
            ref uint bits = ref masks;
            do
            {
                ulong c = bits | ((ulong)Unsafe.Add(ref bits, MaxLanes) << 32);
                ulong d = Unsafe.Add(ref bits, 1) | ((ulong)Unsafe.Add(ref bits, MaxLanes + 1) << 32);
                nint k;
                V b;
                while (c != 0 && d != 0)
                {
                    k = BitOperations.TrailingZeroCount(c);
                    c &= c - 1;
                    b = V.Create(Unsafe.Add(ref inputs, k * lanes));
                    ref float column = ref Unsafe.Add(ref w, k * leading);
                    V.Accumulate(ref c0, b, ref column, 0);
                    if (TWidth.Value > 1) V.Accumulate(ref c1, b, ref column, V.Count);
                    if (TWidth.Value > 2) V.Accumulate(ref c2, b, ref column, 2 * V.Count);
                    if (TWidth.Value > 3) V.Accumulate(ref c3, b, ref column, 3 * V.Count);
                    if (TWidth.Value > 4) V.Accumulate(ref c4, b, ref column, 4 * V.Count);
                    if (TWidth.Value > 5) V.Accumulate(ref c5, b, ref column, 5 * V.Count);
                    if (TWidth.Value > 6) V.Accumulate(ref c6, b, ref column, 6 * V.Count);
                    if (TWidth.Value > 7) V.Accumulate(ref c7, b, ref column, 7 * V.Count);
                    k = BitOperations.TrailingZeroCount(d);
                    d &= d - 1;
                    b = V.Create(Unsafe.Add(ref inputs, (k * lanes) + 1));
                    column = ref Unsafe.Add(ref w, k * leading);
                    V.Accumulate(ref d0, b, ref column, 0);
                    if (TWidth.Value > 1) V.Accumulate(ref d1, b, ref column, V.Count);
                    if (TWidth.Value > 2) V.Accumulate(ref d2, b, ref column, 2 * V.Count);
                    if (TWidth.Value > 3) V.Accumulate(ref d3, b, ref column, 3 * V.Count);
                    if (TWidth.Value > 4) V.Accumulate(ref d4, b, ref column, 4 * V.Count);
                    if (TWidth.Value > 5) V.Accumulate(ref d5, b, ref column, 5 * V.Count);
                    if (TWidth.Value > 6) V.Accumulate(ref d6, b, ref column, 6 * V.Count);
                    if (TWidth.Value > 7) V.Accumulate(ref d7, b, ref column, 7 * V.Count);
                }

                while (c != 0)
                {
                    k = BitOperations.TrailingZeroCount(c);
                    c &= c - 1;
                    b = V.Create(Unsafe.Add(ref inputs, k * lanes));
                    ref float column = ref Unsafe.Add(ref w, k * leading);
                    V.Accumulate(ref c0, b, ref column, 0);
                    if (TWidth.Value > 1) V.Accumulate(ref c1, b, ref column, V.Count);
                    if (TWidth.Value > 2) V.Accumulate(ref c2, b, ref column, 2 * V.Count);
                    if (TWidth.Value > 3) V.Accumulate(ref c3, b, ref column, 3 * V.Count);
                    if (TWidth.Value > 4) V.Accumulate(ref c4, b, ref column, 4 * V.Count);
                    if (TWidth.Value > 5) V.Accumulate(ref c5, b, ref column, 5 * V.Count);
                    if (TWidth.Value > 6) V.Accumulate(ref c6, b, ref column, 6 * V.Count);
                    if (TWidth.Value > 7) V.Accumulate(ref c7, b, ref column, 7 * V.Count);
                }

                while (d != 0)
                {
                    k = BitOperations.TrailingZeroCount(d);
                    d &= d - 1;
                    b = V.Create(Unsafe.Add(ref inputs, (k * lanes) + 1));
                    ref float column = ref Unsafe.Add(ref w, k * leading);
                    V.Accumulate(ref d0, b, ref column, 0);
                    if (TWidth.Value > 1) V.Accumulate(ref d1, b, ref column, V.Count);
                    if (TWidth.Value > 2) V.Accumulate(ref d2, b, ref column, 2 * V.Count);
                    if (TWidth.Value > 3) V.Accumulate(ref d3, b, ref column, 3 * V.Count);
                    if (TWidth.Value > 4) V.Accumulate(ref d4, b, ref column, 4 * V.Count);
                    if (TWidth.Value > 5) V.Accumulate(ref d5, b, ref column, 5 * V.Count);
                    if (TWidth.Value > 6) V.Accumulate(ref d6, b, ref column, 6 * V.Count);
                    if (TWidth.Value > 7) V.Accumulate(ref d7, b, ref column, 7 * V.Count);
                }

                bits = ref Unsafe.Add(ref bits, 2 * MaxLanes);
                inputs = ref Unsafe.Add(ref inputs, 64 * lanes);
                w = ref Unsafe.Add(ref w, 64 * leading);
            }
            while (--words != 0);

            Store<V, TWidth>(c0, c1, c2, c3, c4, c5, c6, c7, ref result, product.End);
            Store<V, TWidth>(d0, d1, d2, d3, d4, d5, d6, d7, ref Unsafe.Add(ref result, TWidth.Value * V.Count), product.End);
            start = ref Unsafe.Add(ref start, 2 * stride);
            x = ref Unsafe.Add(ref x, 2);
            masks = ref Unsafe.Add(ref masks, 2);
            result = ref Unsafe.Add(ref result, 2 * TWidth.Value * V.Count);
        }
        while (--pairs != 0);
    }

    // One decision for all vectors: between chunks, nothing but a store may stand in the way of the next pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, TWidth>(V c0, V c1, V c2, V c3, V c4, V c5, V c6, V c7, ref float y, ChainEnd end)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
    {
        if (end == ChainEnd.Relu)
        {
            V.Store(VectorMath.Relu(c0), ref y);
            if (TWidth.Value > 1) V.Store(VectorMath.Relu(c1), ref y, V.Count);
            if (TWidth.Value > 2) V.Store(VectorMath.Relu(c2), ref y, 2 * V.Count);
            if (TWidth.Value > 3) V.Store(VectorMath.Relu(c3), ref y, 3 * V.Count);
            if (TWidth.Value > 4) V.Store(VectorMath.Relu(c4), ref y, 4 * V.Count);
            if (TWidth.Value > 5) V.Store(VectorMath.Relu(c5), ref y, 5 * V.Count);
            if (TWidth.Value > 6) V.Store(VectorMath.Relu(c6), ref y, 6 * V.Count);
            if (TWidth.Value > 7) V.Store(VectorMath.Relu(c7), ref y, 7 * V.Count);
        }
        else if (end == ChainEnd.Sum)
        {
            V.Store(c0 + V.Zero, ref y);
            if (TWidth.Value > 1) V.Store(c1 + V.Zero, ref y, V.Count);
            if (TWidth.Value > 2) V.Store(c2 + V.Zero, ref y, 2 * V.Count);
            if (TWidth.Value > 3) V.Store(c3 + V.Zero, ref y, 3 * V.Count);
            if (TWidth.Value > 4) V.Store(c4 + V.Zero, ref y, 4 * V.Count);
            if (TWidth.Value > 5) V.Store(c5 + V.Zero, ref y, 5 * V.Count);
            if (TWidth.Value > 6) V.Store(c6 + V.Zero, ref y, 6 * V.Count);
            if (TWidth.Value > 7) V.Store(c7 + V.Zero, ref y, 7 * V.Count);
        }
        else
        {
            V.Store(c0, ref y);
            if (TWidth.Value > 1) V.Store(c1, ref y, V.Count);
            if (TWidth.Value > 2) V.Store(c2, ref y, 2 * V.Count);
            if (TWidth.Value > 3) V.Store(c3, ref y, 3 * V.Count);
            if (TWidth.Value > 4) V.Store(c4, ref y, 4 * V.Count);
            if (TWidth.Value > 5) V.Store(c5, ref y, 5 * V.Count);
            if (TWidth.Value > 6) V.Store(c6, ref y, 6 * V.Count);
            if (TWidth.Value > 7) V.Store(c7, ref y, 7 * V.Count);
        }
    }

    /// <summary>A chunk of inputs by a block of outputs, for all pairs of samples.</summary>
    private ref struct ActiveProduct
    {
        /// <summary>What the chains of the first sample start from; those of the next, <see cref="StartStride"/> behind: 0 for the bias.</summary>
        public ref float Start;

        public nint StartStride;

        /// <summary>The chunk's first column.</summary>
        public ref float Weights;

        /// <summary>The first column of the chunk behind it.</summary>
        public ref float Next;

        /// <summary>How many columns of that a pair prefetches.</summary>
        public int ColumnsAhead;

        /// <summary>From one column to the next.</summary>
        public nint Leading;

        /// <summary>The chunk's inputs, <c>[inputs, Lanes]</c>.</summary>
        public ref float X;

        /// <summary>Their masks, two rows of <see cref="MaxLanes"/> for 64 inputs.</summary>
        public ref uint Masks;

        public nint Lanes;

        /// <summary>Where the chains go, sample by sample.</summary>
        public ref float Result;

        public int Pairs;

        /// <summary>How many times 64 inputs the chunk has.</summary>
        public int Words;

        /// <summary>What becomes of the chains.</summary>
        public ChainEnd End;
    }

    /// <summary>What becomes of the chains behind a chunk.</summary>
    private enum ChainEnd
    {
        /// <summary>They go on with the next one.</summary>
        None,

        /// <summary>They end here.</summary>
        Sum,

        /// <summary>They end in a ReLU.</summary>
        Relu,
    }
}
