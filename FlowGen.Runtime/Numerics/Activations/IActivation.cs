namespace FlowGen.Numerics.Activations;

/// <summary>An <see cref="Activation"/> as a type argument, so that a kernel's loop is compiled with it inside.</summary>
internal interface IActivation
{
    /// <summary>Whether <see cref="Derivative"/> is a function of the input: it is not one of the output where that is not monotone.</summary>
    static abstract bool NeedsInput { get; }

    /// <summary>The function itself.</summary>
    static abstract V Apply<V>(V x)
        where V : struct, IVec<V>;

    /// <summary>The derivative at x, from x where <see cref="NeedsInput"/>, else from the function's value at x.</summary>
    static abstract V Derivative<V>(V inputOrOutput)
        where V : struct, IVec<V>;
}
