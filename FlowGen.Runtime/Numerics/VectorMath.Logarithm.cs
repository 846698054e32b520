using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

internal static partial class VectorMath
{
    /// <summary>ln x: 1 ulp, denormals included; -infinity at 0, NaN below, infinity at infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : struct, IVec<V>
    {
        V mantissa = V.Decompose(x, out V exponent);
        return LogOfParts(mantissa - V.Create(1f), exponent);
    }

    /// <summary>ln(1 + x): 1.5 ulp, also near 0; keeps the sign of zero; -infinity at -1, NaN below, infinity at infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<V>(V x)
        where V : struct, IVec<V>
    {
        _ = V.Decompose(V.Create(1f) + x, out V exponent);
        return CopySign(Log1pOfParts(ScaledSum(x, exponent), exponent), x);
    }

    /// <summary>
    /// (1 + x) 2^-exponent - 1, where 1 + x, rounded, has that exponent: from x itself, so that what the sum lost to rounding
    /// is there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ScaledSum<V>(V x, V exponent)
        where V : struct, IVec<V>
    {
        // 4 * 2^-exponent, which is a normal number up to the exponent of the largest float.
        V shifted = V.ShiftLeftBits(exponent + V.Create(FloatBits.RoundingShift), FloatBits.Fraction);
        V scale = V.SubtractBits(V.Create(4f), shifted);
        V quarter = V.Create(0.25f);
        return V.MultiplyAdd(x * scale, quarter, V.MultiplyAdd(scale, quarter, V.Create(-1f)));
    }

    /// <summary>As <see cref="LogOfParts"/>, where the fraction is meaningless with an infinite exponent: ln 0 and ln infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Log1pOfParts<V>(V fraction, V exponent)
        where V : struct, IVec<V> =>
        V.Select(V.Equal(V.Abs(exponent), V.Create(float.PositiveInfinity)), exponent, LogOfParts(fraction, exponent));

    /// <summary>ln((1 + fraction) 2^exponent) with the fraction from -0.25 to 0.5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfParts<V>(V fraction, V exponent)
        where V : struct, IVec<V>
    {
        // ln(1 + f) = f - f^2 / 2 + f^3 P(f): relative error 4.8e-9.
        V f = fraction;
        V p = Polynomial.Evaluate(
            f, 0.333334476f, -0.250001967f, 0.199910834f, -0.166436777f, 0.144677147f, -0.131876454f, 0.105843268f, -0.046176441f);

        V square = f * f;
        V tail = V.MultiplyAdd(exponent, V.Create(Ln2Low), p * f * square);
        tail = V.MultiplyAdd(square, V.Create(-0.5f), tail);
        return V.MultiplyAdd(exponent, V.Create(Ln2High), f + tail);
    }

    /// <summary>ln(1 + z) for z from 0 to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Log1pOfUnit<V>(V z)
        where V : struct, IVec<V>
    {
        // ln(1 + z) = z + z^2 Q(z): relative error 5.1e-9.
        V q = Polynomial.Evaluate(
            z, -0.499999315f, 0.33330512f, -0.249585882f, 0.196954012f, -0.153553978f, 0.106805556f, -0.0576644354f, 0.0202045757f, -0.00331846974f);
        return V.MultiplyAdd(z * z, q, z);
    }
}
