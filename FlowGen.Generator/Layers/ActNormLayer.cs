using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Layers;

/// <summary>Activation normalization (Glow): a learned scale and offset, initialised from data.</summary>
internal sealed record ActNormLayer : DiagonalLayer
{
    /// <inheritdoc/>
    public override string Name => "ActNorm";

    /// <inheritdoc/>
    public override string Formula => "z = (x + b) e^s";

    /// <inheritdoc/>
    public override LayerState State => LayerState.DataDependent;

    /// <inheritdoc/>
    public override Certificate Certificate => new("diagonal", "positive", "sum of s", "x = z e^-s - b");

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => new(Parameters: 2L * shape.Channels, Buffers: 1, Weights: Prepared(shape));

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        code.Call("ActNorm.Prepare", "preparation", Place.Parameters(), Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        code.Call("ActNorm.Backward", "tile", Size(shape), Place.Weights(), Place.Parameters());
}
