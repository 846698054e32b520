using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

/// <content>Logarithms of derivatives, computed from the input and not through the derivative, which underflows.</content>
internal static partial class VectorMath
{
    /// <summary>ln tanh'(x) = ln(1 - tanh^2 x) = 2 (ln 2 - |x| - softplus(-2 |x|)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TanhLogDerivative<V>(V x)
        where V : struct, IVec<V>
    {
        V a = V.Abs(x);
        V half = V.Create(Ln2) - a - SoftplusOfNegative(-(a + a));
        return half + half;
    }

    /// <summary>ln sigmoid'(x) = -softplus(x) - softplus(-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SigmoidLogDerivative<V>(V x)
        where V : struct, IVec<V>
    {
        V minus = MinusAbs(x);
        return V.MultiplyAdd(SoftplusOfNegative(minus), V.Create(-2f), minus);
    }

    /// <summary>ln softplus'(x) = ln sigmoid(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SoftplusLogDerivative<V>(V x)
        where V : struct, IVec<V> => LogSigmoid(x);

    /// <summary>ln elu'(x) = min(x, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V EluLogDerivative<V>(V x)
        where V : struct, IVec<V> => V.AtMost(x, V.Zero);

    /// <summary>0 where x is positive, ln 0.01 elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LeakyReluLogDerivative<V>(V x)
        where V : struct, IVec<V> => V.Select(V.GreaterThan(x, V.Zero), V.Zero, V.Create(LogLeakySlope));
}
