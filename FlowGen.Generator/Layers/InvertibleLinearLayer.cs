using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>A learned linear map in factorised form (Glow, section 3.2, with one position).</summary>
internal sealed record InvertibleLinearLayer : LayerModel
{
    /// <inheritdoc/>
    public override string Name => "InvertibleLinear";

    /// <inheritdoc/>
    public override string Formula => "z = W x with W = P L U, U's diagonal sign e^s";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Parameters;

    /// <inheritdoc/>
    public override Certificate Certificate => new("dense", "nonzero in both factors", "sum of s", "x = U^-1 L^-1 P^T z, since neither triangle has a zero on its diagonal");

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Mix();

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape)
    {
        long size = shape.Size;
        long padded = LayerSize.Pad(size);
        return new(
            Parameters: LayerSize.Product(size, size),
            Buffers: 2 * size,
            Weights: (2 * Conditioner.PreparedSize(size, size)) + 16,
            WorkRows: padded,
            RecordRows: padded,
            Sums: LayerSize.Product(size, size) + 1,
            WidestInput: size);
    }

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => Size(shape);

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        code.Call("InvertibleLinear.Prepare", "preparation", Place.Parameters(), Place.Buffers(), Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) =>
        code.Call("InvertibleLinear.Forward", "tile", Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) =>
        code.Call("InvertibleLinear.Inverse", "tile", Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        code.Call("InvertibleLinear.Backward", "tile", Size(shape), Place.Weights(), Place.Sums());

    /// <inheritdoc/>
    public override void Finish(LayerCode code, EventShape shape) =>
        code.Call("InvertibleLinear.Finish", "sums", Place.Parameters(), Place.Buffers(), Size(shape), Place.Sums());
}
