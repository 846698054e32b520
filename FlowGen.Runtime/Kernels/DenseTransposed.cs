using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The product with a transposed matrix, read as it lies: the gradient by the inputs of a layer. A block of columns takes one cache line of every row, and the next blocks take the
/// same lines. Where those of all rows are more than the caches hold, a run of rows at a time is multiplied, and the next run, which lies behind it in one piece, is fetched meanwhile.
/// </summary>
/// <remarks>A sum that goes on in the next run is stored and loaded, which changes no bit: every element is one chain over all rows, as in <see cref="DenseBlock"/>.</remarks>
internal static class DenseTransposed
{
    // 128 KB: with the next run, and the gradients in and out, not more than the second cache has. Shorter runs store and load sums too often.
    private const int RunFloats = 1 << 15;
    private const int RunRows = 32;

    /// <summary>Whether the matrix is multiplied in more than one run of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool HasRuns(int rows, int columns) => Runs(rows, columns) > 1;

    /// <summary>result[k, lane] = sum over rows of matrix[row, k] * right[row, lane].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Multiply<V>(ref float matrix, int rows, int columns, ref float right, int lanes, ref float result)
        where V : struct, IVec<V>
    {
        int runs = Runs(rows, columns);
        (int length, int longer) = Math.DivRem(rows, runs);
        for (int run = 0; run < runs; run++)
        {
            int here = run < longer ? length + 1 : length;
            scoped DenseProduct product = Product(ref matrix, here, columns, ref right, lanes, ref result, lanes);
            product.Next = run + 1 < runs ? here * (nint)columns : 0;
            if (run == 0)
            {
                DenseBlock.Multiply<V, StoreFinish>(ref product, lanes);
            }
            else
            {
                DenseBlock.Multiply<V, ContinueFinish>(ref product, lanes);
            }

            matrix = ref Unsafe.Add(ref matrix, here * (nint)columns);
            right = ref Unsafe.Add(ref right, here * (nint)lanes);
        }
    }

    /// <summary>The product with all rows, or some, in one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static DenseProduct Product(ref float matrix, int rows, int columns, ref float right, int lanes, ref float result, nint resultStride) => new()
    {
        Left = ref matrix,
        LeftRow = 1,
        LeftColumn = columns,
        Right = ref right,
        Result = ref result,
        Side = ref result,
        Rows = columns,
        Depth = rows,
        RightStride = lanes,
        ResultStride = resultStride,
        SideStride = resultStride,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Runs(int rows, int columns) =>
        (int)Math.Min(((rows * (long)columns) + RunFloats - 1) / RunFloats, (rows + RunRows - 1) / RunRows);
}
