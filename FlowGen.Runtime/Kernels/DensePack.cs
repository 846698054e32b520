using System.Runtime.CompilerServices;


namespace FlowGen.Kernels;

/// <summary>The layouts of packed weight matrices.</summary>
internal static class DensePack
{
    /// <summary>
    /// Blocks of at most <see cref="DenseBlock.MaxRows"/> rows of nearly equal height, the higher ones first; within a block,
    /// column by column.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Blocks(ReadOnlySpan<float> matrix, int rows, int columns, Span<float> packed)
    {
        int blocks = DenseBlock.BlockCount(rows);
        (int height, int higher) = Math.DivRem(rows, blocks);
        int to = 0;
        int row = 0;
        for (int block = 0; block < blocks; block++)
        {
            int rowsHere = block < higher ? height + 1 : height;
            for (int r = 0; r < rowsHere; r++)
            {
                ReadOnlySpan<float> source = matrix.Slice((row + r) * columns, columns);
                for (int c = 0; c < source.Length; c++)
                {
                    packed[to + (c * rowsHere) + r] = source[c];
                }
            }

            row += rowsHere;
            to += rowsHere * columns;
        }
    }

    /// <summary><see cref="Blocks"/> of the transposed matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void TransposedBlocks(ReadOnlySpan<float> matrix, int rows, int columns, Span<float> packed)
    {
        int blocks = DenseBlock.BlockCount(columns);
        (int height, int higher) = Math.DivRem(columns, blocks);
        int to = 0;
        int column = 0;
        for (int block = 0; block < blocks; block++)
        {
            int here = block < higher ? height + 1 : height;
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<float> source = matrix.Slice((row * columns) + column, here);
                for (int i = 0; i < source.Length; i++)
                {
                    packed[to + i] = source[i];
                }

                to += here;
            }

            column += here;
        }
    }

    /// <summary>
    /// Blocks of 8, then 4, 2 and 1 vectors of rows, as many as cover the rows padded to 16; within a block, column by column.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Columns(ReadOnlySpan<float> matrix, int rows, int columns, int vectorCount, Span<float> packed)
    {
        int padded = Dense.Pad(rows);
        int to = 0;
        for (int row = 0; row < padded;)
        {
            int width = DenseSingle.BlockWidth((padded - row) / vectorCount) * vectorCount;
            int real = Math.Min(width, rows - row);
            for (int column = 0; column < columns; column++)
            {
                for (int i = 0; i < real; i++)
                {
                    packed[to + i] = matrix[((row + i) * columns) + column];
                }

                packed[(to + Math.Max(real, 0))..(to + width)].Clear();
                to += width;
            }

            row += width;
        }
    }
}
