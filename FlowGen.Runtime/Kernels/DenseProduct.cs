namespace FlowGen.Kernels;

/// <summary>The shape and the strides, in floats, of one product in <see cref="DenseBlock"/>.</summary>
internal struct DenseProduct
{
    /// <summary>Rows of the left side and of the result.</summary>
    public int Rows;

    /// <summary>Columns of the left side, rows of the right side: the length of each chain; at least 1.</summary>
    public nint Depth;

    /// <summary>From one row of the left side to the next when it is row-major with unit steps; 0 when it is packed in blocks.</summary>
    public nint LeftRow;

    /// <summary>What one row takes of the left side: <see cref="Depth"/> when packed, else <see cref="LeftRow"/>.</summary>
    public nint LeftAdvance;

    /// <summary>From one row of the right side to the next.</summary>
    public nint RightStride;

    /// <summary>From one row of the result to the next.</summary>
    public nint ResultStride;

    /// <summary>From one row of what the finish reads to the next: 1 for a bias, a row for a block of values.</summary>
    public nint SideStride;
}
