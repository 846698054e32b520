namespace FlowGen;

/// <summary>A lower <see cref="MintLayerAttribute"/>, then an upper one: together every output depends on every input in reach.</summary>
public sealed class MintPairAttribute : FlowLayerAttribute
{
    /// <summary>Hidden units for each coordinate (of an image: hidden channels for each channel): K of the paper.</summary>
    public int Paths { get; set; } = 16;

    /// <summary>The height and width of the kernels on an image: odd, so that they have a centre. A vector has no neighbours.</summary>
    public int Kernel { get; set; } = 3;

    /// <summary>The function h: continuously differentiable and nowhere falling.</summary>
    public Activation Activation { get; set; } = Activation.Elu;

    /// <summary>The order of an image's coordinates.</summary>
    public TriangularOrder Order { get; set; } = TriangularOrder.ChannelMajor;
}
