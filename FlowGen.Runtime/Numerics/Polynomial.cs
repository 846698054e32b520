using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

/// <summary>
/// Polynomials c0 + c1 x + c2 x^2 + ... by Estrin's scheme: as many multiply-adds as Horner's, in half as many dependent
/// steps, which is what bounds a loop over vectors once the processor's schedulers are full.
/// </summary>
internal static class Polynomial
{
    /// <summary>Degree 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4)
        where V : struct, IVec<V>
    {
        V square = x * x;
        V high = V.MultiplyAdd(square, V.Create(c4), V.MultiplyAdd(x, V.Create(c3), V.Create(c2)));
        return V.MultiplyAdd(square, high, V.MultiplyAdd(x, V.Create(c1), V.Create(c0)));
    }

    /// <summary>Degree 5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4, float c5)
        where V : struct, IVec<V>
    {
        V square = x * x;
        V high = V.MultiplyAdd(square, V.MultiplyAdd(x, V.Create(c5), V.Create(c4)), V.MultiplyAdd(x, V.Create(c3), V.Create(c2)));
        return V.MultiplyAdd(square, high, V.MultiplyAdd(x, V.Create(c1), V.Create(c0)));
    }

    /// <summary>Degree 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4, float c5, float c6, float c7)
        where V : struct, IVec<V>
    {
        V square = x * x;
        V low = V.MultiplyAdd(square, V.MultiplyAdd(x, V.Create(c3), V.Create(c2)), V.MultiplyAdd(x, V.Create(c1), V.Create(c0)));
        V high = V.MultiplyAdd(square, V.MultiplyAdd(x, V.Create(c7), V.Create(c6)), V.MultiplyAdd(x, V.Create(c5), V.Create(c4)));
        return V.MultiplyAdd(square * square, high, low);
    }

    /// <summary>Degree 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4, float c5, float c6, float c7, float c8)
        where V : struct, IVec<V>
    {
        V square = x * x;
        V low = V.MultiplyAdd(square, V.MultiplyAdd(x, V.Create(c3), V.Create(c2)), V.MultiplyAdd(x, V.Create(c1), V.Create(c0)));
        V high = V.MultiplyAdd(square, V.Create(c8), V.MultiplyAdd(x, V.Create(c7), V.Create(c6)));
        high = V.MultiplyAdd(square, high, V.MultiplyAdd(x, V.Create(c5), V.Create(c4)));
        return V.MultiplyAdd(square * square, high, low);
    }

    /// <summary>Degree 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4, float c5, float c6, float c7, float c8, float c9)
        where V : struct, IVec<V>
    {
        V square = x * x;
        V low = V.MultiplyAdd(square, V.MultiplyAdd(x, V.Create(c3), V.Create(c2)), V.MultiplyAdd(x, V.Create(c1), V.Create(c0)));
        V high = V.MultiplyAdd(square, V.MultiplyAdd(x, V.Create(c9), V.Create(c8)), V.MultiplyAdd(x, V.Create(c7), V.Create(c6)));
        high = V.MultiplyAdd(square, high, V.MultiplyAdd(x, V.Create(c5), V.Create(c4)));
        return V.MultiplyAdd(square * square, high, low);
    }
}
