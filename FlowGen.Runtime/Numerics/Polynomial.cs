using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

/// <summary>
/// Polynomials c0 + c1 x + c2 x^2 + ... by Estrin's scheme: as many multiply-adds as Horner's, in half as many dependent
/// steps, which is what bounds a loop over vectors once the processor's schedulers are full.
/// </summary>
internal static class Polynomial
{
    /// <summary>Degree 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1)
        where V : struct, IVec<V> => V.MultiplyAdd(x, V.Create(c1), V.Create(c0));

    /// <summary>Degree 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3)
        where V : struct, IVec<V> => V.MultiplyAdd(x * x, Evaluate(x, c2, c3), Evaluate(x, c0, c1));

    /// <summary>Degree 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4)
        where V : struct, IVec<V>
    {
        V square = x * x;
        return V.MultiplyAdd(square, V.MultiplyAdd(square, V.Create(c4), Evaluate(x, c2, c3)), Evaluate(x, c0, c1));
    }

    /// <summary>Degree 5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4, float c5)
        where V : struct, IVec<V>
    {
        V square = x * x;
        return V.MultiplyAdd(square, V.MultiplyAdd(square, Evaluate(x, c4, c5), Evaluate(x, c2, c3)), Evaluate(x, c0, c1));
    }

    /// <summary>Degree 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4, float c5, float c6, float c7)
        where V : struct, IVec<V>
    {
        V square = x * x;
        return V.MultiplyAdd(square * square, Evaluate(x, c4, c5, c6, c7), Evaluate(x, c0, c1, c2, c3));
    }

    /// <summary>Degree 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4, float c5, float c6, float c7, float c8)
        where V : struct, IVec<V>
    {
        V square = x * x;
        return V.MultiplyAdd(square * square, Evaluate(x, c4, c5, c6, c7, c8), Evaluate(x, c0, c1, c2, c3));
    }

    /// <summary>Degree 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Evaluate<V>(V x, float c0, float c1, float c2, float c3, float c4, float c5, float c6, float c7, float c8, float c9)
        where V : struct, IVec<V>
    {
        V square = x * x;
        return V.MultiplyAdd(square * square, Evaluate(x, c4, c5, c6, c7, c8, c9), Evaluate(x, c0, c1, c2, c3));
    }
}
