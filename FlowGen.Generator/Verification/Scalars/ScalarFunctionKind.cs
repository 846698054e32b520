namespace FlowGen.Generator.Verification.Scalars;

/// <summary>The functions that expressions are built from, beside sums, products and powers.</summary>
internal enum ScalarFunctionKind
{
    Exp,
    Log,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Asinh,
    Acosh,
    Atanh,
    Cbrt,

    /// <summary>1 / (1 + e^-x): not a function of System.MathF, but what its users write it with.</summary>
    Sigmoid,

    /// <summary>log(1 + e^x).</summary>
    Softplus,

    /// <summary>1 - tanh(x)^2.</summary>
    Sech2,

    /// <summary>log(x / (1 - x)): in inverses only.</summary>
    Logit,

    /// <summary>log(e^x - 1): in inverses only.</summary>
    SoftplusInverse,
}
