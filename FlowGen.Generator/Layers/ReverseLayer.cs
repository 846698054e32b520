using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>Reverses the coordinates.</summary>
internal sealed record ReverseLayer : LayerModel
{
    /// <inheritdoc/>
    public override string Name => "Reverse";

    /// <inheritdoc/>
    public override string Formula => "z[i] = x[D - 1 - i]";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Zero;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Permutation, DiagonalBound.One, kind: LayerKind.Permutation);

    /// <inheritdoc/>
    public override Certificate Certificate => new("permutation", "1 but for the order", "0", "its own inverse");

    /// <inheritdoc/>
    public override bool KeepsCoordinates(EventShape shape) => shape.Channels == 1;

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) =>
        trace.Permute(shape.Expand([.. Enumerable.Range(0, shape.Channels).Select(i => shape.Channels - 1 - i)]));

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => LayerSize.None;

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => Size(shape);

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => code.Call("Reverse.Forward", "tile", Size(shape));

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => code.Call("Reverse.Inverse", "tile", Size(shape));

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) => code.Call("Reverse.Backward", "tile", Size(shape));
}
