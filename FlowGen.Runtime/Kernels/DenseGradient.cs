using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Gradients by the weights of a dense layer: sums over the lanes of a tile, in a fixed order.</summary>
internal static class DenseGradient
{
    // Up to here, dot products over the lanes beat turning x over.
    private const int FewRows = 4;

    /// <summary>gradient[o, k] += sum over lanes of upstream[o, lane] * x[k, lane].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Weights<V>(ref float upstream, nint lanes, int outputs, ref float x, nint stride, int inputs, ref float turned, ref float gradient)
        where V : struct, IVec<V>
    {
        if (inputs <= FewRows || outputs <= FewRows)
        {
            DenseDots.Add<V>(ref upstream, lanes, outputs, ref x, stride, inputs, ref gradient);
            return;
        }

        // An odd number of cache lines from row to row, or the rows would share few cache sets.
        nint turnedStride = Dense.Pad(inputs) | 16;
        DenseTurn.Turn(ref x, stride, inputs, (int)lanes, ref turned, turnedStride);

        if (DenseSparseGradient.Pays<V>(ref upstream, lanes, outputs, inputs))
        {
            DenseSparseGradient.Weights<V>(ref upstream, lanes, outputs, ref x, stride, inputs, ref turned, turnedStride, ref gradient);
            return;
        }

        DenseProduct product = new()
        {
            Left = ref upstream,
            Right = ref turned,
            Result = ref gradient,
            Side = ref gradient,
            Rows = outputs,
            Depth = lanes,
            LeftRow = lanes,
            LeftColumn = 1,
            RightStride = turnedStride,
            ResultStride = inputs,
        };

        if (inputs % V.Count == 0)
        {
            DenseBlock.Multiply<V, AddFinish>(ref product, inputs);
            return;
        }

        // The last panel is not whole: its blocks pass through a buffer, so that nothing beyond the row is touched.
        (int panels, int width, int wider) = DenseBlock.Panels<V>((inputs + V.Count - 1) / V.Count);
        int lastWidth = wider == panels ? width + 1 : width;
        int whole = (((panels - 1) * width) + Math.Min(wider, panels - 1)) * V.Count;
        if (whole > 0)
        {
            DenseBlock.Multiply<V, AddFinish>(ref product, whole);
        }

        product.Left = ref upstream;
        product.Right = ref Unsafe.Add(ref turned, whole);
        product.Result = ref Unsafe.Add(ref gradient, whole);
        Last<V>(ref product, inputs - whole, lastWidth);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Last<V>(scoped ref DenseProduct product, int count, int width)
        where V : struct, IVec<V>
    {
        Span<float> buffer = stackalloc float[DenseBlock.MaxRows * 4 * 16];
        ref float block = ref MemoryMarshal.GetReference(buffer);

        ref float gradient = ref product.Result;
        nint inputs = product.ResultStride;
        int blocks = DenseBlock.BlockCount(product.Rows);
        (int height, int higher) = Math.DivRem(product.Rows, blocks);
        product.ResultStride = width * V.Count;
        for (int i = 0; i < blocks; i++)
        {
            product.Rows = i < higher ? height + 1 : height;
            scoped DenseProduct part = product;
            part.Result = ref block;
            part.Side = ref block;
            DenseBlock.Multiply<V, StoreFinish>(ref part, panels: 1, width);
            product.Left = ref Unsafe.Add(ref product.Left, product.Rows * product.LeftRow);
            for (int row = 0; row < product.Rows; row++)
            {
                AddPart<V>(ref Unsafe.Add(ref block, row * product.ResultStride), ref gradient, count);
                gradient = ref Unsafe.Add(ref gradient, inputs);
            }
        }
    }

    /// <summary>Adds a run of <paramref name="count"/> numbers, reading and writing nothing beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AddPart<V>(ref float source, ref float gradient, nint count)
        where V : struct, IVec<V>
    {
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V.Store(V.Load(ref gradient, i) + V.Load(ref source, i), ref gradient, i);
        }

        if (V.Count > 8 && i <= count - 8)
        {
            Vec256.Store(Vec256.Load(ref gradient, i) + Vec256.Load(ref source, i), ref gradient, i);
            i += 8;
        }

        if (V.Count > 4 && i <= count - 4)
        {
            Vec128.Store(Vec128.Load(ref gradient, i) + Vec128.Load(ref source, i), ref gradient, i);
            i += 4;
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref gradient, i) += Unsafe.Add(ref source, i);
        }
    }
}
