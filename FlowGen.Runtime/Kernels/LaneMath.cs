using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The runtime's elementary functions, handed to generated code as a type argument.</summary>
internal readonly struct LaneMath<V> : ILaneMath<V>
    where V : struct, IVec<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x) => VectorMath.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1(V x) => VectorMath.Expm1(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log(V x) => VectorMath.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p(V x) => VectorMath.Log1p(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin(V x) => VectorMath.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos(V x) => VectorMath.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tan(V x) => VectorMath.Tan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Asin(V x) => VectorMath.Asin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Acos(V x) => VectorMath.Acos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atan(V x) => VectorMath.Atan(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sinh(V x) => VectorMath.Sinh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cosh(V x) => VectorMath.Cosh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x) => VectorMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Asinh(V x) => VectorMath.Asinh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Acosh(V x) => VectorMath.Acosh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atanh(V x) => VectorMath.Atanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cbrt(V x) => VectorMath.Cbrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid(V x) => VectorMath.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Logit(V p) => VectorMath.Logit(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus(V x) => VectorMath.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SoftplusInverse(V y) => VectorMath.SoftplusInverse(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sech2(V x) => VectorMath.Sech2(x);

    public static V Search<TFunction>(V z, ScalarBounds bounds)
        where TFunction : struct, IScalarFunction => ScalarSearch.Solve<TFunction, V>(z, bounds);
}
