using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Layers;

/// <summary>Diagonal rescaling (NICE).</summary>
internal sealed record RescaleLayer : DiagonalLayer
{
    /// <inheritdoc/>
    public override string Name => "Rescale";

    /// <inheritdoc/>
    public override string Formula => "z = x e^s";

    /// <inheritdoc/>
    public override Certificate Certificate => new("diagonal", "positive", "sum of s", "x = z e^-s");

    /// <inheritdoc/>
    public override LayerModel InSum => this;

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => new(Parameters: shape.Channels, Weights: Prepared(shape));

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        code.Call("Rescale.Prepare", "preparation", Place.Parameters(), Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        code.Call("Rescale.Backward", "tile", Size(shape), Place.Weights(), Place.Parameters());
}
