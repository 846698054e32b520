using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

internal static partial class VectorMath
{
    /// <summary>erf x rounds to 1 from 3.92 on.</summary>
    private const float ErfHighest = 3.95f;

    /// <summary>1 - Phi(x) rounds to 0 from 14.2 on.</summary>
    private const float NormalTailHighest = 14.3f;

    /// <summary>1 / sqrt(2 pi).</summary>
    private const float NormalPeak = 0.398942280f;

    /// <summary>The error function, 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x: 4 ulp; keeps the sign of zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : struct, IVec<V>
    {
        // erf a = -(e^(-a P(a)) - 1) with a P(a) = -ln(1 - erf a): relative error of the result 4.0e-9 for a <= 3.95.
        V a = V.AtMost(V.Abs(x), V.Create(ErfHighest));
        V p = Polynomial.Evaluate(
            a, 1.12837923f, 0.636619389f, 0.102777727f, -0.019152727f, -0.000160968688f, 0.00166756113f, -0.000633111456f, 0.000117714044f, -9.26398843e-06f);
        V halved = HalfExpm1InRange(V.AtLeast(-a * p, V.Create(Expm1Lowest)));
        return CopySign(halved + halved, x);
    }

    /// <summary>x Phi(x) with the normal distribution function Phi (Hendrycks and Gimpel, 2016, in its exact form): accurate to 2^-22 of max(1, |x Phi(x)|), not to the last place in the far left tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gelu<V>(V x)
        where V : struct, IVec<V>
    {
        // x - x Q(x) or x Q(-x), with the upper tail Q: nothing cancels.
        V a = V.AtMost(V.Abs(x), V.Create(NormalTailHighest));
        V tail = NormalTail(a, out _);
        return V.MultiplyAdd(-a, tail, V.AtLeast(x, V.Zero));
    }

    /// <summary>d/dx x Phi(x) = Phi(x) + x phi(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluDerivative<V>(V x)
        where V : struct, IVec<V>
    {
        // For |x|, which gives D, and 1 - D below 0.
        V a = V.AtMost(V.Abs(x), V.Create(NormalTailHighest));
        V tail = NormalTail(a, out V bell);
        V part = V.MultiplyAdd(a * V.Create(NormalPeak), bell, -tail);
        return V.Select(V.LessThan(x, V.Zero), -part, V.Create(1f) + part);
    }

    /// <summary>1 - Phi(a) for a from 0 to NormalTailHighest, and e^(-a^2 / 2) with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NormalTail<V>(V a, out V bell)
        where V : struct, IVec<V>
    {
        // a^2 = high^2 + (a - high)(a + high), where high has half the bits, so that its square is exact.
        V high = V.And(a, V.CreateBits(unchecked((int)0xFFFFF000)));
        V minusHalf = V.Create(-0.5f);
        V shifted = NearestMultiple(high * high * minusHalf, out V r);
        bell = ExpOfParts(V.MultiplyAdd((a - high) * (a + high), minusHalf, r), shifted);

        // (1 - Phi(a)) e^(a^2 / 2) = (1 - s) P(s) with s = a / (4 + a): relative error 8.6e-9.
        V s = a / (V.Create(4f) + a);
        V p = Polynomial.Evaluate(
            s, 0.5f, -1.09577012f, 1.3084991f, -0.798645079f, 0.0783111602f, 0.158769429f, 0.0256882403f, -0.147708356f, 0.0874942616f, -0.0168923493f);
        return p * (V.Create(1f) - s) * bell;
    }
}
