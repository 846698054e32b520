namespace FlowGen.Kernels;

/// <summary>One product in <see cref="DenseBlock"/>: the operands, its shape, and the strides in floats.</summary>
internal ref struct DenseProduct
{
    /// <summary>The left side, from the next row on: kernels advance it, <see cref="Result"/> and <see cref="Side"/> past the rows they finish.</summary>
    public ref float Left;

    /// <summary>The right side, from the current panel on.</summary>
    public ref float Right;

    /// <summary>The result, from the next row of the current panel on.</summary>
    public ref float Result;

    /// <summary>What the finish reads: the bias, or a block of values like the result.</summary>
    public ref float Side;

    /// <summary>Rows of the left side and of the result.</summary>
    public int Rows;

    /// <summary>Columns of the left side, rows of the right side: the length of each chain; at least 1.</summary>
    public nint Depth;

    /// <summary>From one row of the left side to the next when it lies as it is; 0 when it is packed in blocks.</summary>
    public nint LeftRow;

    /// <summary>From one column of the left side to the next when it lies as it is: 1 in a matrix, the length of its rows in a transposed one.</summary>
    public nint LeftColumn;

    /// <summary>Floats from the left side to what is read after it, to be fetched meanwhile a little at a time; 0 if nothing is.</summary>
    public nint Next;

    /// <summary>From one row of the right side to the next.</summary>
    public nint RightStride;

    /// <summary>From one row of the result to the next.</summary>
    public nint ResultStride;

    /// <summary>From one row of what the finish reads to the next: 1 for a bias, a row for a block of values.</summary>
    public nint SideStride;

    /// <summary>The panels of equal width to compute now.</summary>
    public int Panels;

    /// <summary>The blocks of rows of equal height to compute now.</summary>
    public int Blocks;

    /// <summary>Whether the left side is a row-major matrix, transposed.</summary>
    public readonly bool IsTransposed => LeftRow == 1;

    /// <summary>Floats of the left side between a block and what is fetched while it is multiplied: some rows of a transposed matrix, the next block of another.</summary>
    public readonly nint Ahead(int height) => LeftRow == 0 ? DenseBlock.PrefetchAhead : IsTransposed ? 16 * LeftColumn : height * LeftRow;

    /// <summary>Floats between what is fetched in one step of the chains and in the following.</summary>
    public readonly nint AheadStep(int height) => Next != 0 ? (nint)((uint)(height + Panels - 1) / (uint)Panels) : IsTransposed ? LeftColumn : height;

    /// <summary>What one row takes of the left side.</summary>
    public readonly nint LeftAdvance => LeftRow == 0 ? Depth : LeftRow;
}
