using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Layers;

/// <summary>Fixed standardisation, taken from the data at initialisation.</summary>
internal sealed record StandardizeLayer : DiagonalLayer
{
    /// <inheritdoc/>
    public override string Name => "Standardize";

    /// <inheritdoc/>
    public override string Formula => "z = (x - mean) / deviation, both taken from the data";

    /// <inheritdoc/>
    public override LayerState State => LayerState.DataDependent;

    /// <inheritdoc/>
    public override Certificate Certificate => new("diagonal", "positive", "-sum of log(deviation)", "x = z deviation + mean");

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => new(Buffers: (2L * shape.Channels) + 1, Weights: Prepared(shape));

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        code.Call("Standardize.Prepare", "preparation", Place.Buffers(), Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        code.Call("Standardize.Backward", "tile", Size(shape), Place.Weights());
}
