using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>A permutation whose order is a buffer.</summary>
internal abstract record FixedPermutationLayer : LayerModel
{
    /// <inheritdoc/>
    public override string Formula => "z[i] = x[order[i]]";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Zero;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Permutation, DiagonalBound.One, kind: LayerKind.Permutation);

    /// <inheritdoc/>
    public override Certificate Certificate => new("permutation", "1 but for the order", "0", "x[order[i]] = z[i]");

    /// <inheritdoc/>
    public override bool KeepsCoordinates(EventShape shape) => OrderOf(shape.Channels).SequenceEqual(Enumerable.Range(0, shape.Channels));

    /// <summary>The order for a number of coordinates.</summary>
    private protected abstract int[] OrderOf(int size);

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Permute(shape.Expand(OrderOf(shape.Channels)));

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape)
    {
        long padded = LayerSize.Pad(shape.Channels);
        return new(Buffers: shape.Channels, Weights: padded, WorkRows: padded, RecordRows: padded);
    }

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        code.Call("Permute.Prepare", "preparation", Place.Buffers(), Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) =>
        code.Call("Permute.Forward", "tile", Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) =>
        code.Call("Permute.Inverse", "tile", Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        code.Call("Permute.Backward", "tile", Size(shape), Place.Weights());
}
