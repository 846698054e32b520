namespace FlowGen.Numerics.Activations;

/// <summary>An activation that is strictly increasing, and so can be a layer of its own.</summary>
internal interface IBijection : IActivation
{
    /// <summary>The x whose value is y; NaN, or infinite at the border, where y is outside the range.</summary>
    static abstract V Inverse<V>(V y)
        where V : struct, IVec<V>;

    /// <summary>ln of the derivative at the input x, finite wherever x is.</summary>
    static abstract V LogDerivative<V>(V x)
        where V : struct, IVec<V>;

    /// <summary>d/dx of <see cref="LogDerivative"/>: the second derivative over the first.</summary>
    static abstract V LogDerivativeSlope<V>(V x)
        where V : struct, IVec<V>;
}
