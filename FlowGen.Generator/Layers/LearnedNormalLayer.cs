using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Layers;

/// <summary>The last layer of a flow with a learned normal prior: standardises by the mean -b and the deviation e^-s that it learns. No attribute declares it.</summary>
internal sealed record LearnedNormalLayer : DiagonalLayer
{
    /// <inheritdoc/>
    public override string Name => "LearnedNormal";

    /// <inheritdoc/>
    public override string Formula => "z = (x + b) e^s, so that x is normal with mean -b and deviation e^-s";

    /// <inheritdoc/>
    public override Certificate Certificate => new("diagonal", "positive", "sum of s", "x = z e^-s - b");

    private protected override string Kernel => "ActNorm";

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => new(Parameters: 2L * shape.Channels, Weights: Prepared(shape));

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        code.Call("ActNorm.Prepare", "preparation", Place.Parameters(), Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        code.Call("ActNorm.Backward", "tile", Size(shape), Place.Weights(), Place.Parameters());
}
