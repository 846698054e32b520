using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>Elementary functions as calls, for functions of more of them than the JIT inlines: what it leaves it does not optimise before long.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LaneCalls<V, TMath>
    where V : struct, ILanes<V>
    where TMath : struct, ILaneMath<V>
{
    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Exp(V x) => TMath.Exp(x);

    /// <summary>e^x - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Expm1(V x) => TMath.Expm1(x);

    /// <summary>ln x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Log(V x) => TMath.Log(x);

    /// <summary>ln(1 + x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Log1p(V x) => TMath.Log1p(x);

    /// <summary>The sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Sin(V x) => TMath.Sin(x);

    /// <summary>The cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Cos(V x) => TMath.Cos(x);

    /// <summary>The tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Tan(V x) => TMath.Tan(x);

    /// <summary>The inverse of the sine, from -pi/2 to pi/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Asin(V x) => TMath.Asin(x);

    /// <summary>The inverse of the cosine, from 0 to pi.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Acos(V x) => TMath.Acos(x);

    /// <summary>The inverse of the tangent, from -pi/2 to pi/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Atan(V x) => TMath.Atan(x);

    /// <summary>The hyperbolic sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Sinh(V x) => TMath.Sinh(x);

    /// <summary>The hyperbolic cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Cosh(V x) => TMath.Cosh(x);

    /// <summary>The hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Tanh(V x) => TMath.Tanh(x);

    /// <summary>The inverse of the hyperbolic sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Asinh(V x) => TMath.Asinh(x);

    /// <summary>The inverse of the hyperbolic cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Acosh(V x) => TMath.Acosh(x);

    /// <summary>The inverse of the hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Atanh(V x) => TMath.Atanh(x);

    /// <summary>The cube root.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Cbrt(V x) => TMath.Cbrt(x);

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Sigmoid(V x) => TMath.Sigmoid(x);

    /// <summary>The inverse of <see cref="Sigmoid"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Logit(V p) => TMath.Logit(p);

    /// <summary>ln(1 + e^x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Softplus(V x) => TMath.Softplus(x);

    /// <summary>The inverse of <see cref="Softplus"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V SoftplusInverse(V y) => TMath.SoftplusInverse(y);

    /// <summary>1 - tanh(x)^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Sech2(V x) => TMath.Sech2(x);
}
