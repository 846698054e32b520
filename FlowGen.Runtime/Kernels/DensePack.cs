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

    /// <summary><see cref="Blocks"/> of the transposed matrix.</summary>
    internal static void TransposedBlocks(ReadOnlySpan<float> matrix, int rows, int columns, Span<float> packed)
    {
        ref float from = ref MemoryMarshal.GetReference(matrix[..(rows * columns)]);
        ref float to = ref MemoryMarshal.GetReference(packed[..(rows * columns)]);
        int blocks = DenseBlock.BlockCount(columns);
        (int height, int higher) = Math.DivRem(columns, blocks);
        for (int block = 0; block < blocks; block++)
        {
            int here = block < higher ? height + 1 : height;
            switch (here)
            {
                case 6:
                    Gather<Size6>(ref from, rows, columns, ref to);
                    break;
                case 5:
                    Gather<Size5>(ref from, rows, columns, ref to);
                    break;
                case 4:
                    Gather<Size4>(ref from, rows, columns, ref to);
                    break;
                case 3:
                    Gather<Size3>(ref from, rows, columns, ref to);
                    break;
                case 2:
                    Gather<Size2>(ref from, rows, columns, ref to);
                    break;
                default:
                    Gather<Size1>(ref from, rows, columns, ref to);
                    break;
            }

            from = ref Unsafe.Add(ref from, here);
            to = ref Unsafe.Add(ref to, here * rows);
        }
    }

    /// <summary>
    /// Blocks of whole vectors of rows, <see cref="DenseSingle.BlockWidth"/> at a time, that cover the rows padded to 16; within a
    /// block, column by column.
    /// </summary>
    internal static void Columns(ReadOnlySpan<float> matrix, int rows, int columns, int vectorCount, Span<float> packed)
    {
        int padded = Dense.Pad(rows);
        ref float from = ref MemoryMarshal.GetReference(matrix[..(rows * columns)]);
        ref float to = ref MemoryMarshal.GetReference(packed[..(padded * columns)]);
        int width;
        for (int row = 0; row < padded; row += width)
        {
            width = DenseSingle.BlockWidth((padded - row) / vectorCount, vectorCount) * vectorCount;
            for (int first = 0; first < width; first += 16)
            {
                int count = Math.Clamp(rows - row - first, 0, Math.Min(width, 16));
                int wanted = Math.Min(width, 16);
                DenseTurn.Turn(
                    ref Unsafe.Add(ref from, Math.Min(row + first, rows - 1) * columns), columns, count, wanted, columns, ref Unsafe.Add(ref to, first), width);
            }

            to = ref Unsafe.Add(ref to, width * columns);
        }
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Gather<THeight>(ref float from, nint rows, nint columns, ref float to)
        where THeight : struct, IBlockSize
    {
        for (nint row = 0; row < rows; row++)
        {
            if (THeight.Value >= 4)
            {
                Vector128.LoadUnsafe(ref from).StoreUnsafe(ref to);
            }

            for (int i = THeight.Value & 4; i < THeight.Value; i++)
            {
                Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
            }

            from = ref Unsafe.Add(ref from, columns);
            to = ref Unsafe.Add(ref to, THeight.Value);
        }
    }
}
