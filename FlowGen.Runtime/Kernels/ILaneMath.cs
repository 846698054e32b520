using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>Elementary functions of <see cref="ILanes{TSelf}"/>, accurate to a few units in the last place.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ILaneMath<V>
    where V : struct, ILanes<V>
{
    /// <summary>e^x.</summary>
    static abstract V Exp(V x);

    /// <summary>e^x - 1.</summary>
    static abstract V Expm1(V x);

    /// <summary>ln x.</summary>
    static abstract V Log(V x);

    /// <summary>ln(1 + x).</summary>
    static abstract V Log1p(V x);

    /// <summary>The sine.</summary>
    static abstract V Sin(V x);

    /// <summary>The cosine.</summary>
    static abstract V Cos(V x);

    /// <summary>The tangent.</summary>
    static abstract V Tan(V x);

    /// <summary>The inverse of the sine, from -pi/2 to pi/2.</summary>
    static abstract V Asin(V x);

    /// <summary>The inverse of the cosine, from 0 to pi.</summary>
    static abstract V Acos(V x);

    /// <summary>The inverse of the tangent, from -pi/2 to pi/2.</summary>
    static abstract V Atan(V x);

    /// <summary>The hyperbolic sine.</summary>
    static abstract V Sinh(V x);

    /// <summary>The hyperbolic cosine.</summary>
    static abstract V Cosh(V x);

    /// <summary>The hyperbolic tangent.</summary>
    static abstract V Tanh(V x);

    /// <summary>The inverse of the hyperbolic sine.</summary>
    static abstract V Asinh(V x);

    /// <summary>The inverse of the hyperbolic cosine.</summary>
    static abstract V Acosh(V x);

    /// <summary>The inverse of the hyperbolic tangent.</summary>
    static abstract V Atanh(V x);

    /// <summary>The cube root.</summary>
    static abstract V Cbrt(V x);

    /// <summary>1 / (1 + e^-x).</summary>
    static abstract V Sigmoid(V x);

    /// <summary>The inverse of <see cref="Sigmoid"/>.</summary>
    static abstract V Logit(V p);

    /// <summary>ln(1 + e^x).</summary>
    static abstract V Softplus(V x);

    /// <summary>The inverse of <see cref="Softplus"/>.</summary>
    static abstract V SoftplusInverse(V y);

    /// <summary>1 - tanh(x)^2.</summary>
    static abstract V Sech2(V x);

    /// <summary>The x with f(x) = z, by Newton's method in a bracket: for functions whose inverse is no formula.</summary>
    /// <param name="z">The values.</param>
    /// <param name="bounds">What was proved about the function.</param>
    static abstract V Search<TFunction>(V z, ScalarBounds bounds)
        where TFunction : struct, IScalarFunction;
}
