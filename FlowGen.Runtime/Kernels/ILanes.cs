using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>
/// Single-precision lanes, as generated code sees them: a user's function is written once against this interface and compiled
/// for every vector that the processor has.
/// </summary>
/// <remarks>Comparisons return lanes of all ones or all zeros, as bits, for <see cref="Select"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The sums.</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>The differences.</summary>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>The products.</summary>
    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>The quotients.</summary>
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>The lanes with their signs changed.</summary>
    static abstract TSelf operator -(TSelf value);

    /// <summary>A vector whose lanes are all the same.</summary>
    static abstract TSelf Create(float value);

    /// <summary>The square roots.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>Where <paramref name="left"/> is smaller.</summary>
    static abstract TSelf LessThan(TSelf left, TSelf right);

    /// <summary>Where both are equal.</summary>
    static abstract TSelf Equal(TSelf left, TSelf right);

    /// <summary>Bits of <paramref name="whenTrue"/> where the mask is set, else of <paramref name="whenFalse"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);
}
