namespace FlowGen;

/// <summary>
/// Invertible 1 x 1 convolution (Glow, section 3.2): the channels of every pixel are multiplied by one learned matrix W <c>[C, C]</c>; log-det is H W log|det W|. On vectors:
/// <see cref="InvertibleLinearAttribute"/>.
/// </summary>
public sealed class Invertible1x1ConvAttribute : FlowLayerAttribute
{
    /// <summary>How W is stored.</summary>
    public LinearParameterization Parameterization { get; set; } = LinearParameterization.Plu;
}
