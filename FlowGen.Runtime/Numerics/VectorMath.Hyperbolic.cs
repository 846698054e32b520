using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

internal static partial class VectorMath
{
    /// <summary>From here on e^-2x is nothing beside 1.</summary>
    private const float LargeHyperbolic = 40f;

    /// <summary>From here on 1 is nothing beside x^2.</summary>
    private const float LargeSquare = 1e9f;

    /// <summary>sinh x: 2.5 ulp; keeps the sign of zero; infinite from 89.42 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sinh<V>(V x)
        where V : struct, IVec<V>
    {
        // With h = (e^|x| - 1) / 2: h + h / (2 h + 1).
        V a = V.Abs(x);
        V h = HalfExpm1InRange(V.AtMost(a, V.Create(LargeHyperbolic)));
        V small = h + (h / (h + h + V.Create(1f)));
        return CopySign(V.Select(V.GreaterThan(a, V.Create(LargeHyperbolic)), HalfExp(a), small), x);
    }

    /// <summary>cosh x: 2.5 ulp; infinite from 89.42 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cosh<V>(V x)
        where V : struct, IVec<V>
    {
        // With h = (e^|x| - 1) / 2: 1 + 2 h^2 / (2 h + 1).
        V a = V.Abs(x);
        V h = HalfExpm1InRange(V.AtMost(a, V.Create(LargeHyperbolic)));
        V small = V.Create(1f) + (h * ((h + h) / (h + h + V.Create(1f))));
        return V.Select(V.GreaterThan(a, V.Create(LargeHyperbolic)), HalfExp(a), small);
    }

    /// <summary>asinh x: 1.5 ulp; keeps the sign of zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Asinh<V>(V x)
        where V : struct, IVec<V>
    {
        V one = V.Create(1f);
        V a = V.Abs(x);
        V bounded = V.AtMost(a, V.Create(LargeSquare));
        V square = bounded * bounded;
        V small = Log1p(bounded + (square / (one + V.Sqrt(one + square))));
        return CopySign(V.Select(V.GreaterThan(a, V.Create(LargeSquare)), Log(a) + V.Create(Ln2), small), x);
    }

    /// <summary>acosh x: 1.5 ulp; NaN below 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Acosh<V>(V x)
        where V : struct, IVec<V>
    {
        // Below -1 the root is real again, but there is no such number.
        V one = V.Create(1f);
        V t = V.AtMost(x, V.Create(LargeSquare)) - one;
        V small = Log1p(t + V.Sqrt(t + t + (t * t)));
        V value = V.Select(V.GreaterThan(x, V.Create(LargeSquare)), Log(x) + V.Create(Ln2), small);
        return V.Select(V.LessThan(x, one), V.Create(float.NaN), value);
    }

    /// <summary>The cube root: 0.8 ulp; keeps the sign of zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cbrt<V>(V x)
        where V : struct, IVec<V>
    {
        // A first guess by logarithms, and a step of Newton's.
        V a = V.Abs(x);
        V third = V.Create(1f / 3f);
        V y = Exp(Log(a) * third);
        y = V.MultiplyAdd(((a / (y * y)) - y), third, y);
        V bounded = V.GreaterThan(a, V.Zero);
        y = V.Select(bounded, y, a);
        return CopySign(V.Select(V.Equal(a, V.Create(float.PositiveInfinity)), a, y), x);
    }

    /// <summary>1 - tanh(x)^2 = 4 sigmoid(2x) sigmoid(-2x): 4 ulp, down to the smallest denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sech2<V>(V x)
        where V : struct, IVec<V>
    {
        V one = V.Create(1f);
        V a = V.Abs(x);
        V e = ExpOfNegative(-(a + a));
        V sum = one + e;
        V four = V.Create(4f);
        return four * e / (sum * sum);
    }

    /// <summary>e^x / 2, which is finite a little longer than e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HalfExp<V>(V x)
        where V : struct, IVec<V>
    {
        V root = Exp(V.Create(0.5f) * x);
        return V.Create(0.5f) * root * root;
    }
}
