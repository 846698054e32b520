using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Gradients by the weights and the bias of a dense layer: sums over the lanes of a tile, in a fixed order.</summary>
internal static class DenseGradient
{
    // Up to here, dot products over the lanes beat turning x over.
    private const int FewRows = 4;

    // 16 lanes of zeros, then 16 of ones.
    private static ReadOnlySpan<int> Mask =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    ];

    /// <summary>gradient[o] += sum over lanes of upstream[o, lane].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Bias<V>(ref float upstream, nint lanes, int outputs, ref float gradient)
        where V : struct, IVec<V>
    {
        for (; outputs >= 4; outputs -= 4)
        {
            V s0 = V.Zero;
            V s1 = V.Zero;
            V s2 = V.Zero;
            V s3 = V.Zero;
            ref float next = ref Unsafe.Add(ref upstream, 2 * lanes);
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                s0 += V.Load(ref upstream, lane);
                s1 += V.Load(ref upstream, lanes + lane);
                s2 += V.Load(ref next, lane);
                s3 += V.Load(ref next, lanes + lane);
            }

            gradient += V.Sum(s0);
            Unsafe.Add(ref gradient, 1) += V.Sum(s1);
            Unsafe.Add(ref gradient, 2) += V.Sum(s2);
            Unsafe.Add(ref gradient, 3) += V.Sum(s3);
            upstream = ref Unsafe.Add(ref upstream, 4 * lanes);
            gradient = ref Unsafe.Add(ref gradient, 4);
        }

        for (; outputs > 0; outputs--)
        {
            V sum = V.Zero;
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                sum += V.Load(ref upstream, lane);
            }

            gradient += V.Sum(sum);
            upstream = ref Unsafe.Add(ref upstream, lanes);
            gradient = ref Unsafe.Add(ref gradient, 1);
        }
    }

    /// <summary>gradient[o, k] += sum over lanes of upstream[o, lane] * x[k, lane].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Weights<V>(ref float upstream, nint lanes, int outputs, ref float x, nint stride, int inputs, ref float turned, ref float gradient)
        where V : struct, IVec<V>
    {
        if (inputs <= FewRows || outputs <= FewRows)
        {
            Dots<V>(ref upstream, lanes, outputs, ref x, stride, inputs, ref gradient);
            return;
        }

        // Rows a multiple of 2 KB apart would all fall into the same few cache sets.
        nint turnedStride = Dense.Pad(inputs);
        turnedStride += turnedStride % 512 == 0 ? 16 : 0;
        DenseTurn.Turn(ref x, stride, inputs, (int)lanes, ref turned, turnedStride);

        DenseProduct product = new()
        {
            Rows = outputs,
            Depth = lanes,
            LeftRow = lanes,
            LeftAdvance = lanes,
            RightStride = turnedStride,
            ResultStride = inputs,
        };

        if (inputs % V.Count == 0)
        {
            DenseBlock.Multiply<V, AddFinish>(in product, ref upstream, ref turned, ref gradient, ref gradient, inputs);
            return;
        }

        // The last panel is not whole: its block passes through a buffer, so that nothing beyond the row is touched.
        (int panels, int width, int wider) = DenseBlock.Panels<V>((inputs + V.Count - 1) / V.Count);
        int lastWidth = wider == panels ? width + 1 : width;
        int whole = (((panels - 1) * width) + Math.Min(wider, panels - 1)) * V.Count;
        if (whole > 0)
        {
            DenseBlock.Multiply<V, AddFinish>(in product, ref upstream, ref turned, ref gradient, ref gradient, whole);
        }

        Last<V>(product, ref upstream, ref Unsafe.Add(ref turned, whole), ref Unsafe.Add(ref gradient, whole), inputs - whole, lastWidth);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Last<V>(DenseProduct product, ref float upstream, ref float turned, ref float gradient, int count, int width)
        where V : struct, IVec<V>
    {
        // Behind 16 floats of nothing: the last vector of a row may start before the row.
        const int Start = 16;
        Span<float> buffer = stackalloc float[Start + (DenseBlock.MaxRows * 4 * 16)];
        ref float block = ref Unsafe.Add(ref MemoryMarshal.GetReference(buffer), Start);
        buffer[..Start].Clear();

        nint inputs = product.ResultStride;
        nint bufferStride = width * V.Count;
        int blocks = DenseBlock.BlockCount(product.Rows);
        (int height, int higher) = Math.DivRem(product.Rows, blocks);
        product.ResultStride = bufferStride;
        for (int i = 0; i < blocks; i++)
        {
            product.Rows = i < higher ? height + 1 : height;
            DenseBlock.Multiply<V, StoreFinish>(in product, ref upstream, ref turned, ref block, ref block, panels: 1, width);
            for (int row = 0; row < product.Rows; row++)
            {
                AddPart<V>(ref Unsafe.Add(ref block, row * bufferStride), ref gradient, count, overlaps: inputs >= V.Count);
                gradient = ref Unsafe.Add(ref gradient, inputs);
            }

            upstream = ref Unsafe.Add(ref upstream, product.Rows * product.LeftAdvance);
        }
    }

    // Whole vectors, then one that ends with the row: what it repeats is masked out. A row shorter than a vector has no place for it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPart<V>(ref float source, ref float gradient, nint count, bool overlaps)
        where V : struct, IVec<V>
    {
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V.Store(V.Load(ref gradient, i) + V.Load(ref source, i), ref gradient, i);
        }

        if (overlaps)
        {
            nint repeated = V.Count - (count - i);
            ref float mask = ref Unsafe.As<int, float>(ref Unsafe.Add(ref MemoryMarshal.GetReference(Mask), 16 - repeated));
            V part = V.And(V.Load(ref source, i - repeated), V.Load(ref mask));
            V.Store(V.Load(ref gradient, i - repeated) + part, ref gradient, i - repeated);
            return;
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref gradient, i) += Unsafe.Add(ref source, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots<V>(ref float upstream, nint lanes, int outputs, ref float x, nint stride, int inputs, ref float gradient)
        where V : struct, IVec<V>
    {
        int output = 0;
        for (; output <= outputs - 4; output += 4)
        {
            int input = 0;
            for (; input <= inputs - 2; input += 2)
            {
                Dots<V, Size4, Size2>(ref upstream, lanes, ref Unsafe.Add(ref x, input * stride), stride, ref Unsafe.Add(ref gradient, input), inputs);
            }

            if (input < inputs)
            {
                Dots<V, Size4, Size1>(ref upstream, lanes, ref Unsafe.Add(ref x, input * stride), stride, ref Unsafe.Add(ref gradient, input), inputs);
            }

            upstream = ref Unsafe.Add(ref upstream, 4 * lanes);
            gradient = ref Unsafe.Add(ref gradient, 4 * (nint)inputs);
        }

        for (; output < outputs; output++)
        {
            int input = 0;
            for (; input <= inputs - 2; input += 2)
            {
                Dots<V, Size1, Size2>(ref upstream, lanes, ref Unsafe.Add(ref x, input * stride), stride, ref Unsafe.Add(ref gradient, input), inputs);
            }

            if (input < inputs)
            {
                Dots<V, Size1, Size1>(ref upstream, lanes, ref Unsafe.Add(ref x, input * stride), stride, ref Unsafe.Add(ref gradient, input), inputs);
            }

            upstream = ref Unsafe.Add(ref upstream, lanes);
            gradient = ref Unsafe.Add(ref gradient, inputs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Dots<V, THeight, TWidth>(ref float upstream, nint lanes, ref float x, nint stride, ref float gradient, nint inputs)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
        where TWidth : struct, IBlockSize
    {
        V c00 = V.Zero;
        V c01 = V.Zero;
        V c10 = V.Zero;
        V c11 = V.Zero;
        V c20 = V.Zero;
        V c21 = V.Zero;
        V c30 = V.Zero;
        V c31 = V.Zero;
        ref float next = ref Unsafe.Add(ref upstream, THeight.Value > 1 ? 2 * lanes : 0);
        for (nint lane = 0; lane < lanes; lane += V.Count)
        {
            V x0 = V.Load(ref x, lane);
            V x1 = TWidth.Value > 1 ? V.Load(ref x, stride + lane) : x0;
            V g = V.Load(ref upstream, lane);
            V.Accumulate(ref c00, g, x0);
            if (TWidth.Value > 1)
            {
                V.Accumulate(ref c01, g, x1);
            }

            if (THeight.Value > 1)
            {
                g = V.Load(ref upstream, lanes + lane);
                V.Accumulate(ref c10, g, x0);
                if (TWidth.Value > 1)
                {
                    V.Accumulate(ref c11, g, x1);
                }

                g = V.Load(ref next, lane);
                V.Accumulate(ref c20, g, x0);
                if (TWidth.Value > 1)
                {
                    V.Accumulate(ref c21, g, x1);
                }

                g = V.Load(ref next, lanes + lane);
                V.Accumulate(ref c30, g, x0);
                if (TWidth.Value > 1)
                {
                    V.Accumulate(ref c31, g, x1);
                }
            }
        }

        Add<V, TWidth>(c00, c01, ref gradient);
        if (THeight.Value > 1)
        {
            Add<V, TWidth>(c10, c11, ref Unsafe.Add(ref gradient, inputs));
            Add<V, TWidth>(c20, c21, ref Unsafe.Add(ref gradient, 2 * inputs));
            Add<V, TWidth>(c30, c31, ref Unsafe.Add(ref gradient, 3 * inputs));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<V, TWidth>(V first, V second, ref float gradient)
        where V : struct, IVec<V>
        where TWidth : struct, IBlockSize
    {
        gradient += V.Sum(first);
        if (TWidth.Value > 1)
        {
            Unsafe.Add(ref gradient, 1) += V.Sum(second);
        }
    }
}
