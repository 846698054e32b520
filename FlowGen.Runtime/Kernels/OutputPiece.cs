namespace FlowGen.Kernels;

/// <summary>A piece of a conditioner's output, some channels and lanes of it, in the rows of the work area where it can be read now.</summary>
internal ref struct OutputPiece
{
    /// <summary>The row of the first channel's first number, from lane 0 on.</summary>
    public ref float Rows;

    /// <summary>From the rows of the first numbers to those of the second ones, in floats.</summary>
    public nint Kind;

    /// <summary>The first channel.</summary>
    public int First;

    /// <summary>The number of channels.</summary>
    public int Count;

    /// <summary>The first lane.</summary>
    public nint From;

    /// <summary>The lane behind the last.</summary>
    public nint To;
}
