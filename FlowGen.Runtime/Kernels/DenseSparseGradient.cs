using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The gradients of a dense layer of which much of the upstream gradient is zero, as before a ReLU, in the kernel of <see cref="DenseSparse"/> with inputs as the vector
/// lanes. By the weights, every output walks the samples whose gradient is not zero by its bits of a mask, two outputs at a time, as a sample walks its inputs there; by the inputs, a
/// sample walks its outputs.
/// </summary>
/// <remarks>
/// An element is one chain from +0 over the samples, then added to the sum so far, or over the outputs, as in <see cref="DenseBlock"/>. A term whose upstream gradient is zero
/// changes at most the sign of a zero that underflow has left, and no sum so far is -0. What is not finite makes NaN of such a term: samples of which an input is not finite are
/// walked by every output, and outputs of which a weight is not finite by every sample. So the bits are those of the dense kernel, but for that sign in a gradient by the inputs.
/// </remarks>
internal static class DenseSparseGradient
{
    // In a hundred upstream gradients so many that are not zero are too many. Where a core multiplies twice a cycle, masks, and rows copied to where vectors are whole cache lines, weigh more: 50 take 2 % less
    // time than the dense kernel at 128 wide and 5 % less at 512, 53 as much.
    private static readonly int MostActive = Processor.MultipliesTwice ? 55 : 70;

    // Fewer rows do not make up for a look at all inputs.
    private const int MinRows = 16;
    private const int MaxLanes = 128;
    private const int MaxRows = 1024;

    // What the inputs take, rows of weights copied to where vectors are whole cache lines, serves all samples of a tile.
    private const int MinLanes = 32;
    private const int MinDepth = 32;
    private const int MaxDepth = 2048;

    // What a chunk of 64 samples or outputs has of 128 inputs, 32 KB, serves many pairs before the next.
    private const int Chunk = 64;
    private const int BufferRows = 64;

    /// <summary>Whether this is less work than <see cref="DenseBlock"/>, going by some of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Pays<V>(ref float upstream, nint lanes, int outputs, int inputs)
        where V : struct, IVec<V> =>
        V.Count == 16 && lanes <= MaxLanes && outputs >= MinRows && inputs > 2 * V.Count && DenseSparse.AreSparse<V>(ref upstream, lanes, outputs, MostActive);

    /// <summary>As <see cref="DenseGradient.Weights"/>, with x turned over already.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static unsafe void Weights<V>(
        ref float upstream, nint lanes, int outputs, ref float x, nint stride, int inputs, ref float turned, nint turnedStride, ref float gradient)
        where V : struct, IVec<V>
    {
        ulong* masks = stackalloc ulong[(MaxRows + 1) * (MaxLanes / 64)];
        float* memory = stackalloc float[16 + ((1 + BufferRows) * DenseSparse.MaxWidth * 16)];
        float* zeros = (float*)(((nuint)memory + 63) & ~(nuint)63);
        float* block = zeros + (DenseSparse.MaxWidth * 16);
        new Span<float>(zeros, DenseSparse.MaxWidth * 16).Clear();

        nint wordCount = (lanes + 63) >> 6;
        ulong bad = NotFinite<V>(ref x, stride, inputs, nint.Min(lanes, 64));
        ulong badBehind = lanes > 64 ? NotFinite<V>(ref Unsafe.Add(ref x, 64), stride, inputs, lanes - 64) : 0;
        for (int first = 0; first < outputs; first += MaxRows)
        {
            int rows = Math.Min(MaxRows, outputs - first);
            DenseMasks.Samples<V>(ref upstream, lanes, rows, (int)lanes, ref *masks);
            for (nint word = 0; (bad | badBehind) != 0 && word < rows * wordCount; word += wordCount)
            {
                masks[word] |= bad;
                if (wordCount > 1)
                {
                    masks[word + 1] |= badBehind;
                }
            }

            int vectors = (int)((uint)(inputs + V.Count - 1) / (uint)V.Count);
            int blocks = (int)((uint)(vectors + DenseSparse.MaxWidth - 1) / DenseSparse.MaxWidth);
            int column = 0;
            for (; blocks > 0; blocks--)
            {
                // Of few vectors the branches at the ends of masks would be much of the work.
                int width = (int)((uint)(vectors + blocks - 1) / (uint)blocks);
                int floats = width * V.Count;
                int count = Math.Min(floats, inputs - column);
                DenseSparse.ActiveProduct product = new()
                {
                    Next = ref turned,
                    Leading = turnedStride,
                    Sample = lanes,
                    Step = 1,
                    MaskStride = 8 * wordCount,
                };
                for (int row = 0; row < rows; row += BufferRows)
                {
                    // Where pairs of rows are whole, no sums pass through the buffer.
                    int some = Math.Min(BufferRows, rows - row);
                    bool isWhole = count == floats && (some & 1) == 0;
                    ref float sums = ref Unsafe.Add(ref gradient, ((nint)row * inputs) + column);
                    product.Pairs = (some + 1) >> 1;
                    product.Start = ref *zeros;
                    product.StartStride = 0;
                    for (int lane = 0; lane < lanes; lane += Chunk)
                    {
                        bool isLast = lane + Chunk >= lanes;
                        product.Count = Math.Min(Chunk, (int)lanes - lane);
                        product.Weights = ref Unsafe.Add(ref turned, (lane * turnedStride) + column);
                        product.X = ref Unsafe.Add(ref upstream, (row * lanes) + lane);
                        product.Masks = ref *(byte*)(masks + (row * wordCount) + (lane >> 6));
                        product.Result = ref isLast && isWhole ? ref sums : ref *block;
                        product.ResultStride = isLast && isWhole ? inputs : floats;
                        product.End = isLast && isWhole ? DenseSparse.ChainEnd.Add : DenseSparse.ChainEnd.None;
                        DenseSparse.Dispatch<V, AddFinish>(ref product, width);
                        product.Start = ref *block;
                        product.StartStride = floats;
                    }

                    for (nint i = 0; !isWhole && i < some; i++)
                    {
                        DenseGradient.AddPart<V>(ref block[i * floats], ref Unsafe.Add(ref sums, i * inputs), count);
                    }
                }

                column += floats;
                vectors -= width;
            }

            upstream = ref Unsafe.Add(ref upstream, rows * lanes);
            gradient = ref Unsafe.Add(ref gradient, (nint)rows * inputs);
        }
    }

    /// <summary>Whether <see cref="Inputs"/> is less work than <see cref="DenseBlock"/>, going by some of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool PaysForInputs<V>(ref Tile t, ref float upstream, int outputs, int inputs)
        where V : struct, IVec<V> =>
        V.Count == 16 && t.Lanes >= MinLanes && t.Lanes <= MaxLanes && outputs >= MinDepth && outputs <= MaxDepth && inputs > 2 * V.Count
        && Dense.Pad(outputs) <= Dense.Pad(inputs) && DenseSparse.AreSparse<V>(ref upstream, t.Lanes, outputs, MostActive);

    /// <summary>result[i, lane] = sum over o of W[o, i] * upstream[o, lane]. Turns upstream over to where x was.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static unsafe void Inputs<V>(ref Tile t, ref float upstream, int weights, int outputs, int parameters, int inputs, ref float result)
        where V : struct, IVec<V>
    {
        ulong* masks = stackalloc ulong[MaxDepth / 64 * MaxLanes];
        float* memory = stackalloc float[16 + ((1 + MaxLanes + Chunk) * DenseSparse.MaxWidth * 16)];
        float* zeros = (float*)(((nuint)memory + 63) & ~(nuint)63);
        float* block = zeros + (DenseSparse.MaxWidth * 16);
        float* rows = block + (MaxLanes * DenseSparse.MaxWidth * 16);
        new Span<float>(zeros, DenseSparse.MaxWidth * 16).Clear();

        nint lanes = t.Lanes;
        nint turnedStride = Dense.Pad(outputs) | 16;
        DenseTurn.Turn(ref upstream, lanes, outputs, t.Lanes, ref t.Turned, turnedStride);
        DenseMasks.Samples<V>(ref t.Turned, turnedStride, t.Lanes, outputs, ref *masks);
        int wordCount = (outputs + 63) >> 6;
        ref float bias = ref Unsafe.Add(ref t.Weights, weights);
        for (int output = 0; output < outputs; output++)
        {
            // The preparation marks rows of weights that are not all finite.
            for (nint lane = 0; float.IsNaN(Unsafe.Add(ref bias, output)) && lane < lanes; lane++)
            {
                masks[(lane * wordCount) + (output >> 6)] |= 1UL << (output & 63);
            }
        }

        ref float w = ref Unsafe.Add(ref t.Parameters, parameters);
        bool isFar = outputs * inputs >= DenseSparse.FarWeights;
        int vectors = (int)((uint)(inputs + V.Count - 1) / (uint)V.Count);
        int blocks = (int)((uint)(vectors + DenseSparse.MaxWidth - 1) / DenseSparse.MaxWidth);
        int column = 0;
        for (; blocks > 0; blocks--)
        {
            int width = (int)((uint)(vectors + blocks - 1) / (uint)blocks);
            int floats = width * V.Count;
            DenseSparse.ActiveProduct product = new()
            {
                Start = ref *zeros,
                Weights = ref *rows,
                Leading = floats,
                NextLeading = inputs,
                Sample = turnedStride,
                Step = 1,
                Masks = ref *(byte*)masks,
                MaskStride = 8 * wordCount,
                Result = ref *block,
                ResultStride = floats,
                Pairs = (int)(lanes >> 1),
            };
            for (int at = 0; at < outputs; at += Chunk)
            {
                product.Count = Math.Min(Chunk, outputs - at);
                Copy<V>(ref Unsafe.Add(ref w, ((nint)at * inputs) + column), inputs, product.Count, width, rows);
                product.X = ref Unsafe.Add(ref t.Turned, at);
                int ahead = Math.Min(Chunk, at + Chunk < outputs ? outputs - at - Chunk : blocks > 1 ? outputs : 0);
                product.Next = ref Unsafe.Add(ref w, at + Chunk < outputs ? ((nint)(at + Chunk) * inputs) + column : column + floats);
                product.ColumnsAhead = isFar ? (int)((uint)(ahead + product.Pairs - 1) / (uint)product.Pairs) : 0;
                DenseSparse.Dispatch<V, StoreFinish>(ref product, width);
                product.Start = ref *block;
                product.StartStride = floats;
                product.Masks = ref Unsafe.Add(ref product.Masks, Chunk >> 3);
            }

            int count = Math.Min(floats, inputs - column);
            int whole = count & ~15;
            ref float to = ref Unsafe.Add(ref result, column * lanes);
            DenseTurn.Turn(ref *block, floats, t.Lanes, whole, ref to, lanes);
            if (whole < count)
            {
                DenseTurn.Turn(ref block[whole], floats, t.Lanes, count - whole, ref Unsafe.Add(ref to, whole * lanes), lanes);
            }

            column += floats;
            vectors -= width;
        }
    }

    // Behind a row that is not whole come numbers of the next one, or of the bias: what they become is dropped.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Copy<V>(ref float from, nint stride, int rows, int width, float* to)
        where V : struct, IVec<V>
    {
        for (int row = 0; row < rows; row++)
        {
            for (nint i = 0; i < width * V.Count; i += V.Count)
            {
                V.Store(V.Load(ref from, i), ref *to, i);
            }

            from = ref Unsafe.Add(ref from, stride);
            to += width * V.Count;
        }
    }

    // The bits of the lanes, 64 at most, in which some row is not finite.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static ulong NotFinite<V>(ref float x, nint stride, int rows, nint lanes)
        where V : struct, IVec<V>
    {
        // 0 or, as zero times what is not finite, NaN.
        ulong zero = 0;
        nint lane = 0;
        for (; lane <= lanes - (4 * V.Count); lane += 4 * V.Count)
        {
            V c0 = V.Zero;
            V c1 = V.Zero;
            V c2 = V.Zero;
            V c3 = V.Zero;
            ref float row = ref Unsafe.Add(ref x, lane);
            for (int i = 0; i < rows; i++)
            {
                V.Accumulate(ref c0, V.Zero, ref row, 0);
                V.Accumulate(ref c1, V.Zero, ref row, V.Count);
                V.Accumulate(ref c2, V.Zero, ref row, 2 * V.Count);
                V.Accumulate(ref c3, V.Zero, ref row, 3 * V.Count);
                row = ref Unsafe.Add(ref row, stride);
            }

            zero |= (ulong)DenseMasks.Zeros(c0) << (int)lane;
            zero |= (ulong)DenseMasks.Zeros(c1) << (int)(lane + V.Count);
            zero |= (ulong)DenseMasks.Zeros(c2) << (int)(lane + (2 * V.Count));
            zero |= (ulong)DenseMasks.Zeros(c3) << (int)(lane + (3 * V.Count));
        }

        for (; lane < lanes; lane += V.Count)
        {
            V c = V.Zero;
            ref float row = ref Unsafe.Add(ref x, lane);
            for (int i = 0; i < rows; i++)
            {
                V.Accumulate(ref c, V.Zero, ref row, 0);
                row = ref Unsafe.Add(ref row, stride);
            }

            zero |= (ulong)DenseMasks.Zeros(c) << (int)lane;
        }

        return ~zero & (ulong.MaxValue >> (int)(64 - lanes));
    }
}
