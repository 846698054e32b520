namespace FlowGen.Kernels;

/// <summary>One convolution in <see cref="TapKernel"/>: its operands, and the strides in floats.</summary>
internal ref struct TapProduct
{
    /// <summary>The first pixel of input plane 0.</summary>
    public ref float Pixels;

    /// <summary>Where the vectors of positions start in a plane, ascending.</summary>
    public ref int Starts;

    /// <summary>Where each of them is stored, in the planes of the result: ascending.</summary>
    public ref int Targets;

    /// <summary>The packed weights.</summary>
    public ref float Weights;

    /// <summary>One bias for each output, where the finish starts from it.</summary>
    public ref float Bias;

    /// <summary>The first pixel of output plane 0.</summary>
    public ref float Result;

    /// <summary>Planes like the result, where the finish reads them.</summary>
    public ref float Side;

    /// <summary>All bits set where a position of the result is a pixel, none where it is a border: the same for every plane.</summary>
    public ref float Mask;

    /// <summary>Where the taps of the current block read.</summary>
    public ref int Offsets;

    /// <summary>From one plane of the result to the next.</summary>
    public nint ResultStride;

    /// <summary>From one plane of what the finish reads to the next.</summary>
    public nint SideStride;

    /// <summary>From the start of a vector to a border behind it that has to be made zero; 0 if the vectors run over all of them.</summary>
    public nint Border;

    /// <summary>The taps of the current block.</summary>
    public int Taps;

    /// <summary>The panels of equal width to compute now.</summary>
    public int Panels;
}
