using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;

namespace FlowGen.Generator.Layers;

/// <summary>A learned linear map of a vector.</summary>
/// <inheritdoc/>
internal sealed record InvertibleLinearLayer(LinearParameterization Parameterization) : LinearLayer(Parameterization)
{
    /// <inheritdoc/>
    public override string Name => "InvertibleLinear";

    /// <inheritdoc/>
    public override LayerDomain Domain => LayerDomain.Vectors;

    /// <summary>Reads the options.</summary>
    public static InvertibleLinearLayer Parse(AttributeArguments arguments) => new(arguments.Enum("Parameterization", LinearParameterization.Plu));
}
