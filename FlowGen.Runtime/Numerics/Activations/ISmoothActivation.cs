namespace FlowGen.Numerics.Activations;

/// <summary>A continuously differentiable activation that nowhere falls and whose slope is at most 1: what a Mint layer takes.</summary>
internal interface ISmoothActivation : IActivation
{
    /// <summary>A value times the derivative of log h' at x, which is h'' / h', from h and h' at x.</summary>
    static abstract V TimesCurvature<V>(V value, V h, V derivative)
        where V : struct, IVec<V>;

    /// <summary>The function, in double precision.</summary>
    static abstract double Apply(double x);

    /// <summary>The derivative at x, from the function's value at x, in double precision.</summary>
    static abstract double Derivative(double h);
}
