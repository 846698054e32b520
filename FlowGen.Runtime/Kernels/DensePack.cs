using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowGen.Kernels;

/// <summary>The layouts of packed weight matrices.</summary>
internal static class DensePack
{
    /// <summary>
    /// Blocks of at most <see cref="DenseBlock.MaxRows"/> rows of nearly equal height, the higher ones first; within a block,
    /// column by column.
    /// </summary>
    internal static void Blocks(ReadOnlySpan<float> matrix, int rows, int columns, Span<float> packed)
    {
        ref float from = ref MemoryMarshal.GetReference(matrix[..(rows * columns)]);
        ref float to = ref MemoryMarshal.GetReference(packed[..(rows * columns)]);
        int blocks = DenseBlock.BlockCount(rows);
        (int height, int higher) = Math.DivRem(rows, blocks);
        for (int block = 0; block < blocks; block++)
        {
            int here = block < higher ? height + 1 : height;
            switch (here)
            {
                case 6:
                    Interleave<Size6>(ref from, columns, ref to);
                    break;
                case 5:
                    Interleave<Size5>(ref from, columns, ref to);
                    break;
                case 4:
                    Interleave<Size4>(ref from, columns, ref to);
                    break;
                case 3:
                    Interleave<Size3>(ref from, columns, ref to);
                    break;
                case 2:
                    Interleave<Size2>(ref from, columns, ref to);
                    break;
                default:
                    Interleave<Size1>(ref from, columns, ref to);
                    break;
            }

            from = ref Unsafe.Add(ref from, here * columns);
            to = ref Unsafe.Add(ref to, here * columns);
        }
    }

    /// <summary>Where <see cref="Blocks"/> puts an entry.</summary>
    internal static int Index(int rows, int columns, int row, int column)
    {
        (int height, int higher) = Math.DivRem(rows, DenseBlock.BlockCount(rows));
        int tall = higher * (height + 1);
        int here = row < tall ? height + 1 : height;
        int start = row < tall ? row / here * here : tall + ((row - tall) / here * here);
        return (start * columns) + (column * here) + row - start;
    }

    /// <summary>What the chains start from, with zeros behind: b, its zeros positive, and NaN for a row of W that is not finite. An empty <paramref name="bias"/> is zero.</summary>
    internal static void Bias(ReadOnlySpan<float> matrix, ReadOnlySpan<float> bias, int rows, int columns, Span<float> packed)
    {
        ref float row = ref MemoryMarshal.GetReference(matrix[..(rows * columns)]);
        for (int i = 0; i < rows; i++)
        {
            packed[i] = (bias.IsEmpty ? 0 : bias[i]) + ZeroOrNaN(ref row, columns);
            row = ref Unsafe.Add(ref row, columns);
        }

        packed[rows..].Clear();
    }

    /// <summary>Column by column, each padded to 16 rows, at the distance <see cref="Dense.Leading"/>: a path that needs only some of the columns finds each in one piece.</summary>
    internal static void Columns(ReadOnlySpan<float> matrix, int rows, int columns, Span<float> packed)
    {
        int leading = Dense.Leading(rows);
        ref float from = ref MemoryMarshal.GetReference(matrix[..(rows * columns)]);
        ref float to = ref MemoryMarshal.GetReference(packed[..(leading * columns)]);
        for (int row = 0; row < rows; row += 16)
        {
            DenseTurn.Turn(ref Unsafe.Add(ref from, row * columns), columns, Math.Min(rows - row, 16), 16, columns, ref Unsafe.Add(ref to, row), leading);
        }
    }

    // +0, or NaN where a number of the run is not finite.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float ZeroOrNaN(ref float run, nint count)
    {
        nint i = 0;
        Vector512<float> sums = Vector512<float>.Zero;
        for (; Vector512.IsHardwareAccelerated && i <= count - 16; i += 16)
        {
            sums += Vector512.LoadUnsafe(ref run, (nuint)i) * Vector512<float>.Zero;
        }

        Vector128<float> rest = Vector128<float>.Zero;
        for (; i <= count - 4; i += 4)
        {
            rest += Vector128.LoadUnsafe(ref run, (nuint)i) * Vector128<float>.Zero;
        }

        float sum = Vector128.Sum(rest) + (Vector512.IsHardwareAccelerated ? Vector512.Sum(sums) : 0);
        for (; i < count; i++)
        {
            sum += Unsafe.Add(ref run, i) * 0;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Interleave<THeight>(ref float from, nint columns, ref float to)
        where THeight : struct, IBlockSize
    {
        ref float later = ref Unsafe.Add(ref from, THeight.Value > 3 ? 3 * columns : 0);
        for (nint column = 0; column < columns; column++)
        {
            to = from;
            if (THeight.Value > 1) Unsafe.Add(ref to, 1) = Unsafe.Add(ref from, columns);
            if (THeight.Value > 2) Unsafe.Add(ref to, 2) = Unsafe.Add(ref from, 2 * columns);
            if (THeight.Value > 3) Unsafe.Add(ref to, 3) = later;
            if (THeight.Value > 4) Unsafe.Add(ref to, 4) = Unsafe.Add(ref later, columns);
            if (THeight.Value > 5) Unsafe.Add(ref to, 5) = Unsafe.Add(ref later, 2 * columns);
            from = ref Unsafe.Add(ref from, 1);
            later = ref Unsafe.Add(ref later, 1);
            to = ref Unsafe.Add(ref to, THeight.Value);
        }
    }
}
