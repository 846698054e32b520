namespace FlowGen;

/// <summary>
/// A MintNet layer (Song, Meng and Ermon, 2019): z = t x + W3 h(W2 h(W1 x + b1) + b2) + b3 with triangular W1, W2 and W3, whose signs keep every
/// diagonal derivative at t or above; log-det is the sum of their logarithms. Inverted by iteration, to a stated residual.
/// </summary>
/// <param name="triangle">Which coordinates an output reads beside its own.</param>
public sealed class MintLayerAttribute(Triangle triangle) : FlowLayerAttribute
{
    /// <summary>Which coordinates an output reads beside its own.</summary>
    public Triangle Triangle { get; } = triangle;

    /// <summary>Hidden units for each coordinate (of an image: hidden channels for each channel): K of the paper.</summary>
    public int Paths { get; set; } = 16;

    /// <summary>The height and width of the kernels on an image: odd, so that they have a centre. A vector has no neighbours.</summary>
    public int Kernel { get; set; } = 3;

    /// <summary>The function h: continuously differentiable and nowhere falling.</summary>
    public Activation Activation { get; set; } = Activation.Elu;

    /// <summary>The order of an image's coordinates.</summary>
    public TriangularOrder Order { get; set; } = TriangularOrder.ChannelMajor;
}
