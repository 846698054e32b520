using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

/// <summary>
/// Elementary functions on vectors of any width. The bounds are in units in the last place of the exact result. They are
/// not proven: no float of dense sweeps over the whole range, with and without fused multiply-add, was further off.
/// </summary>
/// <remarks>Polynomial coefficients are minimax fits (Remez' exchange, weighted for the relative error of the result), rounded to single precision.</remarks>
internal static partial class VectorMath
{
    private const float Log2E = 1.44269504f;

    /// <summary>ln 2 to 15 bits: its product with an exponent of up to 9 bits is exact.</summary>
    public const float Ln2High = 0.693145751953125f;

    /// <summary>ln 2 - Ln2High. Positive, so that an infinite exponent times either part has one sign.</summary>
    public const float Ln2Low = 1.42860677e-6f;

    private const float Ln2 = 0.693147181f;

    /// <summary>e^x rounds to infinity from 88.73 on.</summary>
    private const float ExpHighest = 89f;

    /// <summary>e^x rounds to zero below -103.98.</summary>
    private const float ExpLowest = -104f;

    /// <summary>e^x - 1 rounds to -1 below -17.33.</summary>
    private const float Expm1Lowest = -18f;

    /// <summary>e^x: 1.1 ulp, results down to the smallest denormal; 0 and infinity at the ends; NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, IVec<V> =>
        ExpInRange(V.AtMost(V.AtLeast(x, V.Create(ExpLowest)), V.Create(ExpHighest)));

    /// <summary>e^x - 1: 2 ulp, also near 0; keeps the sign of zero; -1 and infinity at the ends; NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V>(V x)
        where V : struct, IVec<V>
    {
        V halved = HalfExpm1InRange(V.AtMost(V.AtLeast(x, V.Create(Expm1Lowest)), V.Create(ExpHighest)));
        return CopySign(halved + halved, x);
    }

    /// <summary>e^x for x at most 0 (or NaN).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfNegative<V>(V x)
        where V : struct, IVec<V> => ExpInRange(V.AtLeast(x, V.Create(ExpLowest)));

    /// <summary>e^x with x from ExpLowest to ExpHighest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpInRange<V>(V x)
        where V : struct, IVec<V>
    {
        V shifted = NearestMultiple(x, out V r);
        return ExpOfParts(r, shifted);
    }

    /// <summary>e^(r + n ln 2), of what <see cref="NearestMultiple"/> gives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfParts<V>(V r, V shifted)
        where V : struct, IVec<V>
    {
        // e^r = 1 + r + r^2 P(r), |r| <= ln(2) / 2: relative error 3.1e-9.
        V p = Polynomial.Evaluate(r, 0.49999994f, 0.166665196f, 0.0416684002f, 0.00836885162f, 0.00138143252f);
        return V.ScaleB(V.MultiplyAdd(r * r, p, r) + V.Create(1f), shifted - V.Create(FloatBits.RoundingShift));
    }

    /// <summary>(e^x - 1) / 2 with x from Expm1Lowest to ExpHighest, except that -0 gives 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfExpm1InRange<V>(V x)
        where V : struct, IVec<V>
    {
        V shifted = NearestMultiple(x, out V r);

        // 2^(n-1) p + 2^(n-1) - 1/2: halved, because 2^n overflows at the largest n.
        V half = V.Create(0.5f);
        V scale = V.AddBits(V.ShiftLeftBits(shifted, FloatBits.Fraction), half);
        return V.MultiplyAdd(scale, Expm1OfRest(r), scale - half);
    }

    /// <summary>e^r - 1 = r + r^2 P(r), |r| at most ln(2) / 2: relative error 2.4e-10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Expm1OfRest<V>(V r)
        where V : struct, IVec<V>
    {
        V p = Polynomial.Evaluate(r, 0.5f, 0.166666672f, 0.0416663513f, 0.0083332723f, 0.00139412074f, 0.000199144502f);
        return V.MultiplyAdd(r * r, p, r);
    }

    /// <summary>
    /// r = x - n ln 2 with the integer n nearest to x / ln 2, returned as n + <see cref="FloatBits.RoundingShift"/>. Exact up
    /// to the rounding of the last step (Cody and Waite).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NearestMultiple<V>(V x, out V r)
        where V : struct, IVec<V>
    {
        V shifted = V.MultiplyAdd(x, V.Create(Log2E), V.Create(FloatBits.RoundingShift));
        V n = shifted - V.Create(FloatBits.RoundingShift);
        r = V.MultiplyAdd(n, V.Create(-Ln2High), x);
        r = V.MultiplyAdd(n, V.Create(-Ln2Low), r);
        return shifted;
    }

    /// <summary>The magnitude with the sign of another number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CopySign<V>(V magnitude, V sign)
        where V : struct, IVec<V> => V.Select(V.CreateBits(int.MinValue), sign, magnitude);

    /// <summary>-|x|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V MinusAbs<V>(V x)
        where V : struct, IVec<V> => V.Or(x, V.CreateBits(int.MinValue));

    /// <summary>A mask of the lanes whose sign bit is set: -0 is among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V IsNegative<V>(V x)
        where V : struct, IVec<V> => V.ShiftRightArithmeticBits(x, 31);
}
