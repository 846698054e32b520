using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowGen.Numerics;

internal static partial class VectorMath
{
    /// <summary>Up to here the multiples of pi / 2 are exact products; larger arguments are left to the scalar functions, lane by lane.</summary>
    private const float LargestAngle = 8192f;

    private const float TwoOverPi = 0.636619772f;

    private const float HalfPi = 1.57079633f;

    // pi / 2 in three parts of 11 bits and what is left.
    private const float HalfPi1 = 1.5703125f;

    private const float HalfPi2 = 0.00048375129699707031f;

    private const float HalfPi3 = 7.5495336204767227e-08f;

    private const float HalfPi4 = 2.56334407e-12f;

    /// <summary>sin x: 2 ulp up to 8192, the library's sine beyond; NaN for infinite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V>(V x)
        where V : struct, IVec<V>
    {
        V shifted = Quadrant(x, out V r);
        V value = OfQuadrant(shifted, Sine(r), Cosine(r));
        return IsAnyLarge(x) ? Each(x, value, static angle => MathF.Sin(angle)) : V.Select(V.Equal(x, V.Zero), x, value);
    }

    /// <summary>cos x: 2 ulp up to 8192, the library's cosine beyond; NaN for infinite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V>(V x)
        where V : struct, IVec<V>
    {
        // A quarter of a turn on.
        V shifted = Quadrant(x, out V r);
        V value = OfQuadrant(V.AddBits(shifted, V.CreateBits(1)), Sine(r), Cosine(r));
        return IsAnyLarge(x) ? Each(x, value, static angle => MathF.Cos(angle)) : value;
    }

    /// <summary>tan x: 4 ulp up to 8192, the library's tangent beyond; NaN for infinite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tan<V>(V x)
        where V : struct, IVec<V>
    {
        V shifted = Quadrant(x, out V r);
        V sine = Sine(r);
        V cosine = Cosine(r);
        V odd = V.ShiftRightArithmeticBits(V.ShiftLeftBits(shifted, 31), 31);
        V value = V.Select(odd, -cosine, sine) / V.Select(odd, sine, cosine);
        return IsAnyLarge(x) ? Each(x, value, static angle => MathF.Tan(angle)) : value;
    }

    /// <summary>atan x: 2 ulp; keeps the sign of zero; -pi/2 and pi/2 at the ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atan<V>(V x)
        where V : struct, IVec<V>
    {
        V one = V.Create(1f);
        V a = V.Abs(x);
        V far = V.GreaterThan(a, one);
        V t = V.Select(far, one / a, a);

        // atan t = t + t^3 Q(t^2) for t from 0 to 1: relative error 2.5e-8.
        V square = t * t;
        V q = Polynomial.Evaluate(
            square, -0.333333313f, 0.199997395f, -0.142785683f, 0.110337645f, -0.0865688026f, 0.0625016913f, -0.0358715393f, 0.0135077713f, -0.00238699722f);
        V angle = V.MultiplyAdd(square * q, t, t);
        return CopySign(V.Select(far, V.Create(HalfPi) - angle, angle), x);
    }

    /// <summary>asin x: 2.5 ulp; NaN beyond -1 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Asin<V>(V x)
        where V : struct, IVec<V>
    {
        V one = V.Create(1f);
        return Atan(x / V.Sqrt((one - x) * (one + x)));
    }

    /// <summary>acos x: 2.5 ulp; NaN beyond -1 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Acos<V>(V x)
        where V : struct, IVec<V>
    {
        V one = V.Create(1f);
        V half = Atan(V.Sqrt((one - x) / (one + x)));
        return half + half;
    }

    /// <summary>x - n pi / 2 with the nearest integer n, which is found in the low bits of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quadrant<V>(V x, out V r)
        where V : struct, IVec<V>
    {
        V shifted = V.MultiplyAdd(x, V.Create(TwoOverPi), V.Create(FloatBits.RoundingShift));
        V n = shifted - V.Create(FloatBits.RoundingShift);
        r = V.MultiplyAdd(n, V.Create(-HalfPi1), x);
        r = V.MultiplyAdd(n, V.Create(-HalfPi2), r);
        r = V.MultiplyAdd(n, V.Create(-HalfPi3), r);
        r = V.MultiplyAdd(n, V.Create(-HalfPi4), r);
        return shifted;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OfQuadrant<V>(V shifted, V sine, V cosine)
        where V : struct, IVec<V>
    {
        V odd = V.ShiftRightArithmeticBits(V.ShiftLeftBits(shifted, 31), 31);
        V sign = V.ShiftLeftBits(V.And(shifted, V.CreateBits(2)), 30);
        return V.Xor(V.Select(odd, cosine, sine), sign);
    }

    /// <summary>sin r = r + r^3 S(r^2), |r| to pi / 4: relative error 3.4e-9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sine<V>(V r)
        where V : struct, IVec<V>
    {
        V square = r * r;
        V high = V.MultiplyAdd(square, V.Create(2.72468696e-06f), V.Create(-0.000198400638f));
        V low = V.MultiplyAdd(square, V.Create(0.00833333191f), V.Create(-0.166666672f));
        return V.MultiplyAdd(V.MultiplyAdd(square * square, high, low) * square, r, r);
    }

    /// <summary>cos r = 1 - r^2 / 2 + r^4 C(r^2), |r| to pi / 4: relative error 9.2e-10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Cosine<V>(V r)
        where V : struct, IVec<V>
    {
        V square = r * r;
        V c = V.MultiplyAdd(square, V.MultiplyAdd(square, V.Create(2.45454194e-05f), V.Create(-0.00138882909f)), V.Create(0.0416666642f));
        return V.MultiplyAdd(square * square, c, V.MultiplyAdd(square, V.Create(-0.5f), V.Create(1f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsAnyLarge<V>(V x)
        where V : struct, IVec<V> => V.Sum(V.And(V.GreaterThan(V.Abs(x), V.Create(LargestAngle)), V.Create(1f))) > 0;

    // The lanes that are too large, one by one: the same for every width.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Each<V>(V x, V value, Func<float, float> function)
        where V : struct, IVec<V>
    {
        Span<float> angles = stackalloc float[16];
        Span<float> values = stackalloc float[16];
        V.Store(x, ref MemoryMarshal.GetReference(angles));
        V.Store(value, ref MemoryMarshal.GetReference(values));
        for (int lane = 0; lane < V.Count; lane++)
        {
            if (MathF.Abs(angles[lane]) > LargestAngle)
            {
                values[lane] = function(angles[lane]);
            }
        }

        return V.Load(ref MemoryMarshal.GetReference(values));
    }
}
