namespace FlowGen;

/// <summary>Applies a strictly monotone function to each coordinate; log-det is the sum of the logarithms of its derivative's magnitude.</summary>
public sealed class ElementwiseAttribute : FlowLayerAttribute
{
    /// <summary>A function of the runtime.</summary>
    /// <param name="activation">A function with a derivative above zero everywhere.</param>
    public ElementwiseAttribute(Activation activation) => Activation = activation;

    /// <summary>
    /// A function of one's own: <c>[Elementwise(nameof(Bend))]</c>. The compiler differentiates it and proves that it has an
    /// inverse, or names the point where it has none.
    /// </summary>
    /// <param name="method">The name of a <c>static float F(float x)</c> of the class.</param>
    public ElementwiseAttribute(string method) => Method = method;

    /// <summary>The function of the runtime, or null if it is one's own.</summary>
    public Activation? Activation { get; }

    /// <summary>The method's name, or null if the function is one of the runtime.</summary>
    public string? Method { get; }
}
