namespace FlowGen;

/// <summary>Applies a strictly increasing function to each coordinate; log-det is the sum of the logarithms of its derivative.</summary>
/// <param name="activation">A function with a derivative above zero everywhere.</param>
public sealed class ElementwiseAttribute(Activation activation) : FlowLayerAttribute
{
    /// <summary>The function.</summary>
    public Activation Activation { get; } = activation;
}
