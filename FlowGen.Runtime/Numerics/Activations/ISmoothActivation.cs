namespace FlowGen.Numerics.Activations;

/// <summary>A continuously differentiable activation that nowhere falls and whose slope is at most 1: what a Mint layer takes.</summary>
internal interface ISmoothActivation : IActivation
{
    /// <summary>The second derivative at x, from the function's value at x.</summary>
    static abstract V SecondDerivative<V>(V h)
        where V : struct, IVec<V>;

    /// <summary>The function, in double precision.</summary>
    static abstract double Apply(double x);

    /// <summary>The derivative at x, from the function's value at x, in double precision.</summary>
    static abstract double Derivative(double h);
}
