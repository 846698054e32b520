using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>Which pixels of an image: all, or one colour of the checkerboard.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum PixelSet
{
    /// <summary>Every pixel.</summary>
    All,

    /// <summary>Those with an even sum of row and column.</summary>
    Even,

    /// <summary>Those with an odd sum of row and column.</summary>
    Odd,
}
