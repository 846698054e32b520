using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;

namespace FlowGen.Generator.Layers;

/// <summary>A learned linear map of the channels, the same at every position.</summary>
/// <inheritdoc/>
internal sealed record Invertible1x1ConvLayer(LinearParameterization Parameterization) : LinearLayer(Parameterization)
{
    /// <inheritdoc/>
    public override string Name => "Invertible1x1Conv";

    /// <inheritdoc/>
    public override LayerDomain Domain => LayerDomain.Images;

    private protected override string Structure => "block diagonal, one dense block for each pixel";

    private protected override string Where => " at every pixel";

    private protected override string Times => "H W ";

    /// <summary>Reads the options.</summary>
    public static Invertible1x1ConvLayer Parse(AttributeArguments arguments) => new(arguments.Enum("Parameterization", LinearParameterization.Plu));
}
