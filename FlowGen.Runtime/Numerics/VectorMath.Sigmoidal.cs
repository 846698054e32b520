using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

internal static partial class VectorMath
{
    /// <summary>tanh x rounds to 1 from 9.02 on.</summary>
    private const float TanhHighest = 9.1f;

    /// <summary>tanh x: 2.5 ulp; keeps the sign of zero; -1 and 1 at the ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, IVec<V>
    {
        // With h = (e^2|x| - 1) / 2: h / (h + 1), or 1 - 1 / (h + 1) above 1/2, where it is the more accurate.
        V one = V.Create(1f);
        V h = HalfExpm1OfTwice(V.AtMost(V.Abs(x), V.Create(TanhHighest)));
        V ratio = V.AtMost(h, one) / (h + one);
        return CopySign(V.Select(V.GreaterThan(h, one), one - ratio, ratio), x);
    }

    /// <summary>(e^2m - 1) / 2 for m from 0 to TanhHighest: shorter than <see cref="HalfExpm1InRange"/>, the doubling being part of the constants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfExpm1OfTwice<V>(V m)
        where V : struct, IVec<V>
    {
        V shifted = V.MultiplyAdd(m, V.Create(2 * Log2E), V.Create(FloatBits.RoundingShift));
        V n = shifted - V.Create(FloatBits.RoundingShift);
        V r = V.MultiplyAdd(n, V.Create(-Ln2High / 2), m);
        r = V.MultiplyAdd(n, V.Create(-Ln2Low / 2), r);

        // e^2r - 1 = 2r + 4r^2 P(2r), |2r| <= ln(2) / 2: relative error 1.4e-8, less towards 0 (least squares with the first coefficient exact).
        V p = Polynomial.Evaluate(r, 4 * 0.5f, 8 * 0.166665405f, 16 * 0.0416664779f, 32 * 0.0083668381f, 64 * 0.00139337103f);
        p = V.MultiplyAdd(r * r, p, r + r);
        V half = V.Create(0.5f);
        V scale = V.AddBits(V.ShiftLeftBits(shifted, FloatBits.Fraction), half);
        return V.MultiplyAdd(scale, p, scale - half);
    }

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
