using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

internal static partial class VectorMath
{
    /// <summary>The inverse of <see cref="Tanh{V}(V)"/>: infinite at -1 and 1, NaN beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atanh<V>(V y)
        where V : struct, IVec<V>
    {
        V a = V.Abs(y);
        V half = V.Create(0.5f) * Log1p((a + a) / (V.Create(1f) - a));
        return CopySign(half, y);
    }

    /// <summary>ln(p / (1 - p)), the inverse of <see cref="Sigmoid"/>, accurate also about 1/2: infinite at 0 and 1, NaN beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Logit<V>(V p)
        where V : struct, IVec<V>
    {
        // ln(p / (1 - p)) below 1/4, elsewhere ln(1 + (2 p - 1) / (1 - p)), where 2 p - 1 is exact.
        V one = V.Create(1f);
        V small = V.LessThan(p, V.Create(0.25f));
        V ratio = V.Select(small, p, p + p - one) / (one - p);
        V mantissa = V.Decompose(V.Select(small, ratio, ratio + one), out V exponent);
        return Log1pOfParts(V.Select(small, mantissa - one, ScaledSum(ratio, exponent)), exponent);
    }

    /// <summary>ln(e^y - 1), the inverse of <see cref="Softplus"/>: -infinity at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SoftplusInverse<V>(V y)
        where V : struct, IVec<V>
    {
        // Below 2^-25 e^y - 1 is y, and Expm1 does not have the last bit of a denormal one.
        V small = V.LessThan(y, V.Create(2.98023224e-08f));
        return y + Log(V.Select(small, y, -Expm1(-y)));
    }

    /// <summary>The inverse of <see cref="Elu{V}(V)"/>: y where positive, ln(1 + y) elsewhere; -infinity at -1, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V EluInverse<V>(V y)
        where V : struct, IVec<V> => V.Select(V.GreaterThan(y, V.Zero), y, Log1p(y));

    /// <summary>The inverse of <see cref="LeakyRelu"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LeakyReluInverse<V>(V y)
        where V : struct, IVec<V> => V.Select(V.GreaterThan(y, V.Zero), y, y / V.Create(LeakySlope));
}
