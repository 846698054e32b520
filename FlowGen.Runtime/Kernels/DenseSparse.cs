using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The dense layer for a tile of which many inputs are zero, as after a ReLU: outputs are the vector lanes, as for a single sample, and every sample walks the
/// inputs that are not zero by its bits of a mask. <see cref="Dense"/> says why that changes no bit of the result.
/// </summary>
/// <remarks>
/// A multiply-add has a load of its own here, of which a register block needs less than half of one, and with the broadcasts takes 1.25 times as long: with half of the
/// inputs zero a layer takes two thirds of the time (three quarters where a core multiplies twice a cycle). Where the layer before left its result sample by sample (<see cref="Dense.ForwardHidden"/>), the masks are
/// comparisons of whole vectors, and nothing is turned over between the layers. A chunk of weights of at most 32 KB, 64 inputs by 128 outputs or 128 by 64, serves up to 64 samples (128), two at a time, before the next.
/// </remarks>
internal static class DenseSparse
{
    /// <summary>The fewest inputs for which looking for zeros pays.</summary>
    internal const int MinDepth = 32;

    /// <summary>The most inputs: as many as the masks on the stack have room for.</summary>
    internal const int MaxDepth = 4096;

    // The most where a core multiplies twice a cycle and a tile is of several vectors, but not a full part: the weights of more come from too far away for so few samples.
    private const int MaxDepthOfFew = 512;

    /// <summary>The most vectors of outputs at a time.</summary>
    internal const int MaxWidth = 8;

    /// <summary>The weights of smaller layers come fast enough by themselves, and a prefetch takes the place of a load.</summary>
    internal const int FarWeights = 65536;

    // In a hundred inputs so many that are not zero are too many. Where a core multiplies twice a cycle, 50 take 11 % less time than the dense kernel, and more than 60 take more.
    private static readonly int MostActive = Processor.MultipliesTwice ? 58 : 70;

    // Fewer do not make up for the way from rows to masks and back; two do where they lie sample by sample.
    private const int MinSamples = 7;

    // So many samples share a chunk of weights. Parts of 256 take the same as parts of 128.
    private static readonly int MaxLanes = Processor.MultipliesTwice ? 128 : 64;

    /// <summary>Whether this is less work than <see cref="DenseBlock"/> or <see cref="DenseFew"/>, going by some of the inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Pays<V>(ref Tile t, Rows input, int outputs)
        where V : struct, IVec<V> =>
        (t.BySample || t.Samples >= MinSamples) && !Unsafe.IsNullRef(ref t.SingleWeights) && input.IsWork && MayPay<V>(ref t, input.Count, outputs) && IsSparse<V>(ref t, input);

    /// <summary>Whether it may be, going by the size of the layer and of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool MayPay<V>(ref Tile t, int depth, int outputs)
        where V : struct, IVec<V> =>
        depth >= MinDepth && depth <= (Processor.MultipliesTwice && t.Lanes > V.Count && t.Lanes < MaxLanes ? MaxDepthOfFew : MaxDepth) && outputs > 2 * V.Count;

    /// <summary>As <see cref="DenseTile.Forward"/>, for inputs in the work area, from and to rows or samples. Writes up to the next multiple of 16 rows.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Forward<V>(ref Tile t, Rows input, int weights, int outputs, int to, Activation activation, int preActivation, bool bySample)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        int depth = input.Count;
        ref float y = ref Unsafe.Add(ref t.Work, to * lanes);
        ref float pre = ref preActivation < 0 ? ref y : ref Unsafe.Add(ref t.Work, preActivation * lanes);
        bool relu = preActivation < 0 && activation == Activation.Relu;
        nint sample = t.BySample ? Dense.Pad(depth) : 1;
        nint step = t.BySample ? 1 : lanes;

        // No more of the stack than is used, every page of which is touched. Sums that go on with the next chunk lie close together in the block.
        int wordCount = (depth + 63) >> 6;
        bool isWhole = outputs <= MaxWidth * V.Count;
        int part = Math.Min(t.Lanes, MaxLanes);
        Span<ulong> words = stackalloc ulong[wordCount * part];
        Span<float> buffer = stackalloc float[bySample && isWhole ? 0 : part * MaxWidth * 16];
        ref ulong masks = ref MemoryMarshal.GetReference(words);
        ref float block = ref MemoryMarshal.GetReference(buffer);
        bool isFar = depth * outputs >= FarWeights;
        for (int first = 0; first < t.Samples; first += part)
        {
            int samples = Math.Min(part, t.Samples - first);
            ref float x = ref Unsafe.Add(ref input.Values(ref t), first * sample);
            if (t.BySample)
            {
                DenseMasks.Samples<V>(ref x, sample, samples, depth, ref masks);
            }
            else
            {
                DenseMasks.Rows<V>(ref x, lanes, Math.Min(part, t.Lanes - first), depth, ref masks);
            }

            ref float bias = ref Unsafe.Add(ref t.SingleWeights, weights);
            ref float packed = ref Unsafe.Add(ref bias, Dense.Pad(outputs));
            ref float result = ref Unsafe.Add(ref pre, bySample ? first * Dense.Pad(outputs) : first);
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
                    NextLeading = Dense.Leading(outputs),
                    X = ref x,
                    Sample = sample,
                    Step = step,
                    Masks = ref Unsafe.As<ulong, byte>(ref masks),
                    MaskStride = 8 * wordCount,
                    Pairs = (samples + 1) >> 1,
                    Zero = 0,
                };
                int chunk = width > 4 ? 64 : 128;
                for (int at = 0; at < depth; at += chunk)
                {
                    product.Count = Math.Min(chunk, depth - at);
                    bool isLast = at + chunk >= depth;
                    bool isResult = bySample && (isLast || isWhole);
                    product.Result = ref isResult ? ref result : ref block;
                    product.ResultStride = isResult ? Dense.Pad(outputs) : floats;
                    product.End = !isLast ? ChainEnd.None : relu ? ChainEnd.Relu : ChainEnd.Sum;
                    product.Next = ref isLast ? ref Unsafe.Add(ref packed, floats) : ref Unsafe.Add(ref product.Weights, chunk * product.Leading);
                    product.ColumnsAhead = isFar ? (int)((uint)(chunk + product.Pairs - 1) / (uint)product.Pairs) : 0;
                    Dispatch<V, StoreFinish>(ref product, width);
                    product.Start = ref product.Result;
                    product.StartStride = product.ResultStride;
                    product.Weights = ref Unsafe.Add(ref product.Weights, chunk * product.Leading);
                    product.X = ref Unsafe.Add(ref product.X, chunk * step);
                    product.Masks = ref Unsafe.Add(ref product.Masks, chunk >> 3);
                }

                if (bySample)
                {
                    result = ref Unsafe.Add(ref result, floats);
                }
                else
                {
                    DenseTurn.Turn(ref block, floats, samples, floats, ref result, lanes);
                    result = ref Unsafe.Add(ref result, floats * lanes);
                }

                bias = ref Unsafe.Add(ref bias, floats);
                packed = ref Unsafe.Add(ref packed, floats);
                vectors -= width;
            }
        }

        if (!relu && (preActivation >= 0 || activation != Activation.Identity))
        {
            ActivationKernels.Apply(activation, ref pre, ref y, bySample ? t.Samples * Dense.Pad(outputs) : outputs * lanes);
        }
    }

    /// <summary>Whether fewer than so many in a hundred of some rows are not zero. Looks at every sixteenth row, 16 rows at most: what it costs a tile without zeros must not be noticed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static bool AreSparse<V>(ref float x, nint lanes, int rows, int mostActive)
        where V : struct, IVec<V>
    {
        nint step = Math.Max(16, rows >> 4) * lanes;
        int zeros = 0;
        int seen = 0;
        for (nint at = 0; at < rows * lanes; at += step)
        {
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                zeros += BitOperations.PopCount(DenseMasks.Zeros(V.Load(ref x, at + lane)));
                seen += V.Count;
            }

            if (zeros == 0 && at >= step)
            {
                return false;
            }
        }

        return 100 * (seen - zeros) < mostActive * seen;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSparse<V>(ref Tile t, Rows input)
        where V : struct, IVec<V> =>
        t.BySample ? IsSparse<V>(ref input.Values(ref t), input.Count, t.Samples) : AreSparse<V>(ref input.Values(ref t), t.Lanes, input.Count, MostActive);

    // Of samples that are rows, four of them and 256 inputs at most.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsSparse<V>(ref float x, int depth, int samples)
        where V : struct, IVec<V>
    {
        int active = 0;
        int seen = 0;
        nint step = (samples + 3) >> 2;
        for (nint sample = 0; sample < samples; sample += step)
        {
            ref float first = ref Unsafe.Add(ref x, sample * Dense.Pad(depth));
            for (nint k = 0; k < Math.Min(depth, 256); k += 64)
            {
                nint count = Math.Min(64, depth - k);
                active += BitOperations.PopCount(count == 64 ? DenseMasks.Of<V>(ref first, k) : DenseMasks.Of<V>(ref first, k, count));
                seen += (int)count;
            }

            if (active == seen && sample >= step)
            {
                return false;
            }
        }

        return 100 * active < MostActive * seen;
    }

    /// <summary>The product of a chunk with blocks of so many vectors. Only a finish that adds to the result allows <see cref="ChainEnd.Add"/>: others are spared the question.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Dispatch<V, TFinish>(scoped ref ActiveProduct product, int width)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        if (Processor.MultipliesTwice && product.Step == 1)
        {
            Dispatch<V, TFinish, AdjacentInputs>(ref product, width);
        }
        else
        {
            Dispatch<V, TFinish, AnyInputs>(ref product, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Dispatch<V, TFinish, TInputs>(scoped ref ActiveProduct product, int width)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
        where TInputs : struct, IInputs
    {
        switch (width)
        {
            case 8: Pairs<V, Size8, TFinish, TInputs>(ref product); break;
            case 7: Pairs<V, Size7, TFinish, TInputs>(ref product); break;
            case 6: Pairs<V, Size6, TFinish, TInputs>(ref product); break;
            case 5: Pairs<V, Size5, TFinish, TInputs>(ref product); break;
            case 4: Pairs<V, Size4, TFinish, TInputs>(ref product); break;
            case 3: Pairs<V, Size3, TFinish, TInputs>(ref product); break;
            case 2: Pairs<V, Size2, TFinish, TInputs>(ref product); break;
            default: Pairs<V, Size1, TFinish, TInputs>(ref product); break;
        }
    }

    // Two samples at a time: while both have inputs left, there are chains enough to hide the latency of a multiply-add, and loops end half as often.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Pairs<V, TWidth, TFinish, TInputs>(scoped ref ActiveProduct product)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
        where TFinish : struct, IFinish
        where TInputs : struct, IInputs
    {
        nint leading = product.Leading;
        nint step = product.Step;
        int zero = product.Zero;
        nint stride = product.StartStride;
        int pairs = product.Pairs;
        ref float start = ref product.Start;
        ref float x = ref product.X;
        ref byte masks = ref product.Masks;
        nint maskStride = product.MaskStride;
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
                    next = ref Unsafe.Add(ref next, product.NextLeading);
                }
            }

            if (TFinish.AddsToResult && product.End == ChainEnd.Add && Sse.IsSupported)
            {
                // The sums so far are far away, and the chains take long enough to fetch them.
                Fetch<V, TWidth>(ref result);
                Fetch<V, TWidth>(ref Unsafe.Add(ref result, product.ResultStride));
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
            int left = product.Count;
            ref float w = ref product.Weights;
            ref float inputs = ref x;
            ref float others = ref Unsafe.Add(ref x, product.Sample);
            ref byte bits = ref masks;
            do
            {
                ulong kept = left < 64 ? (1UL << left) - 1 : ulong.MaxValue;
                ulong c = Unsafe.ReadUnaligned<ulong>(ref bits) & kept;
                ulong d = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bits, maskStride)) & kept;
                nint k;
                V b;
                for (int both = Math.Min(BitOperations.PopCount(c), BitOperations.PopCount(d)); both > 0; both--)
                {
                    k = First(c);
                    c &= c - 1;
                    b = TInputs.Broadcast<V>(ref inputs, k, step, zero);
                    ref float column = ref Unsafe.Add(ref w, k * leading);
                    V.Accumulate(ref c0, b, ref column, 0);
                    if (TWidth.Value > 1) V.Accumulate(ref c1, b, ref column, V.Count);
                    if (TWidth.Value > 2) V.Accumulate(ref c2, b, ref column, 2 * V.Count);
                    if (TWidth.Value > 3) V.Accumulate(ref c3, b, ref column, 3 * V.Count);
                    if (TWidth.Value > 4) V.Accumulate(ref c4, b, ref column, 4 * V.Count);
                    if (TWidth.Value > 5) V.Accumulate(ref c5, b, ref column, 5 * V.Count);
                    if (TWidth.Value > 6) V.Accumulate(ref c6, b, ref column, 6 * V.Count);
                    if (TWidth.Value > 7) V.Accumulate(ref c7, b, ref column, 7 * V.Count);
                    k = First(d);
                    d &= d - 1;
                    b = TInputs.Broadcast<V>(ref others, k, step, zero);
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
                    k = First(c);
                    c &= c - 1;
                    b = TInputs.Broadcast<V>(ref inputs, k, step, zero);
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
                    k = First(d);
                    d &= d - 1;
                    b = TInputs.Broadcast<V>(ref others, k, step, zero);
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

                bits = ref Unsafe.Add(ref bits, 8);
                left -= 64;
                inputs = ref Unsafe.Add(ref inputs, 64 * step);
                others = ref Unsafe.Add(ref others, 64 * step);
                w = ref Unsafe.Add(ref w, 64 * leading);
            }
            while (left > 0);

            Store<V, TWidth, TFinish>(c0, c1, c2, c3, c4, c5, c6, c7, ref result, product.End);
            Store<V, TWidth, TFinish>(d0, d1, d2, d3, d4, d5, d6, d7, ref Unsafe.Add(ref result, product.ResultStride), product.End);
            start = ref Unsafe.Add(ref start, 2 * stride);
            x = ref Unsafe.Add(ref x, 2 * product.Sample);
            masks = ref Unsafe.Add(ref masks, 2 * maskStride);
            result = ref Unsafe.Add(ref result, 2 * product.ResultStride);
        }
        while (--pairs != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Fetch<V, TWidth>(ref float sums)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
    {
        byte* first = (byte*)Unsafe.AsPointer(ref sums);
        Sse.Prefetch0(first);
        if (TWidth.Value > 1) Sse.Prefetch0(first + (4 * V.Count));
        if (TWidth.Value > 2) Sse.Prefetch0(first + (8 * V.Count));
        if (TWidth.Value > 3) Sse.Prefetch0(first + (12 * V.Count));
        if (TWidth.Value > 4) Sse.Prefetch0(first + (16 * V.Count));
        if (TWidth.Value > 5) Sse.Prefetch0(first + (20 * V.Count));
        if (TWidth.Value > 6) Sse.Prefetch0(first + (24 * V.Count));
        if (TWidth.Value > 7) Sse.Prefetch0(first + (28 * V.Count));
    }

    // The place of the first bit that is set. As an int it would be extended in the loop.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint First(ulong mask) => Bmi1.X64.IsSupported ? (nint)Bmi1.X64.TrailingZeroCount(mask) : BitOperations.TrailingZeroCount(mask);

    // One decision for all vectors: between chunks, nothing but a store may stand in the way of the next pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, TWidth, TFinish>(V c0, V c1, V c2, V c3, V c4, V c5, V c6, V c7, ref float y, ChainEnd end)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
        where TFinish : struct, IFinish
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
        else if (TFinish.AddsToResult && end == ChainEnd.Add)
        {
            V.Store(V.Load(ref y) + c0, ref y);
            if (TWidth.Value > 1) V.Store(V.Load(ref y, V.Count) + c1, ref y, V.Count);
            if (TWidth.Value > 2) V.Store(V.Load(ref y, 2 * V.Count) + c2, ref y, 2 * V.Count);
            if (TWidth.Value > 3) V.Store(V.Load(ref y, 3 * V.Count) + c3, ref y, 3 * V.Count);
            if (TWidth.Value > 4) V.Store(V.Load(ref y, 4 * V.Count) + c4, ref y, 4 * V.Count);
            if (TWidth.Value > 5) V.Store(V.Load(ref y, 5 * V.Count) + c5, ref y, 5 * V.Count);
            if (TWidth.Value > 6) V.Store(V.Load(ref y, 6 * V.Count) + c6, ref y, 6 * V.Count);
            if (TWidth.Value > 7) V.Store(V.Load(ref y, 7 * V.Count) + c7, ref y, 7 * V.Count);
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
    internal ref struct ActiveProduct
    {
        /// <summary>What the chains of the first sample start from; those of the next, <see cref="StartStride"/> behind: 0 for the bias.</summary>
        public ref float Start;

        public nint StartStride;

        /// <summary>The chunk's first column.</summary>
        public ref float Weights;

        /// <summary>The first column of the chunk behind it.</summary>
        public ref float Next;

        /// <summary>From one column of that to the next.</summary>
        public nint NextLeading;

        /// <summary>How many columns of that a pair prefetches.</summary>
        public int ColumnsAhead;

        /// <summary>From one column to the next.</summary>
        public nint Leading;

        /// <summary>The chunk's inputs of the first sample.</summary>
        public ref float X;

        /// <summary>From one sample to the next.</summary>
        public nint Sample;

        /// <summary>From one input to the next.</summary>
        public nint Step;

        /// <summary>Their masks, a bit for each.</summary>
        public ref byte Masks;

        /// <summary>From the mask of one sample to that of the next, in bytes.</summary>
        public nint MaskStride;

        /// <summary>Where the chains go, sample by sample.</summary>
        public ref float Result;

        public nint ResultStride;

        public int Pairs;

        /// <summary>0: see <see cref="AnyInputs"/>.</summary>
        public int Zero;

        /// <summary>How many inputs the chunk has.</summary>
        public int Count;

        /// <summary>What becomes of the chains.</summary>
        public ChainEnd End;
    }

    /// <summary>How input k of a sample comes to all lanes.</summary>
    private interface IInputs
    {
        static abstract V Broadcast<V>(ref float inputs, nint k, nint step, int zero)
            where V : struct, IVec<V>;
    }

    /// <summary>What becomes of the chains behind a chunk.</summary>
    internal enum ChainEnd
    {
        /// <summary>They go on with the next one.</summary>
        None,

        /// <summary>They end here.</summary>
        Sum,

        /// <summary>They end in a ReLU.</summary>
        Relu,

        /// <summary>They are added to what is there.</summary>
        Add,
    }

    // A vector load a cycle is what the weights take, and a broadcast from memory is one; the load of an integer is not. A zero that the JIT does not know keeps it from making
    // one of both.
    private readonly struct AnyInputs : IInputs
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Broadcast<V>(ref float inputs, nint k, nint step, int zero)
            where V : struct, IVec<V> => V.CreateBits(zero + Unsafe.As<float, int>(ref Unsafe.Add(ref inputs, k * step)));
    }

    // Of samples that are rows, where a core loads two vectors a cycle and is kept from multiplying twice by instructions: one in place of five.
    private readonly struct AdjacentInputs : IInputs
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Broadcast<V>(ref float inputs, nint k, nint step, int zero)
            where V : struct, IVec<V> => V.Create(Unsafe.Add(ref inputs, k));
    }
}
