using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

internal static partial class VectorMath
{
    /// <summary>1 / (1 + e^-x): 2.5 ulp, down to the smallest denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, IVec<V>
    {
        V one = V.Create(1f);
        V e = ExpOfNegative(MinusAbs(x));
        V lower = e / (one + e);

        // Above 0, 1 - lower and one step of Newton's for 1 / (1 + e), without which h (1 - h) is not accurate enough.
        V upper = one - lower;
        upper = V.MultiplyAdd(V.MultiplyAdd(-upper, e, one - upper), upper, upper);
        return V.Select(IsNegative(x), lower, upper);
    }

    /// <summary>ln(1 + e^x): 2.5 ulp, down to the smallest denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x)
        where V : struct, IVec<V> => V.AtLeast(x, V.Zero) + SoftplusOfNegative(MinusAbs(x));

    /// <summary>ln sigmoid(x) = -softplus(-x): 2.5 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogSigmoid<V>(V x)
        where V : struct, IVec<V> => V.AtMost(x, V.Zero) - SoftplusOfNegative(MinusAbs(x));

    /// <summary>Sigmoid for x at most 0 (or NaN).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SigmoidOfNegative<V>(V x)
        where V : struct, IVec<V>
    {
        V e = ExpOfNegative(x);
        return e / (V.Create(1f) + e);
    }

    /// <summary>Softplus for x at most 0 (or NaN).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SoftplusOfNegative<V>(V x)
        where V : struct, IVec<V> => Log1pOfUnit(ExpOfNegative(x));
}
