using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>The sinh-arcsinh transformation of each coordinate.</summary>
internal sealed record SinhArcsinhLayer : LayerModel
{
    /// <inheritdoc/>
    public override string Name => "SinhArcsinh";

    /// <inheritdoc/>
    public override string Formula => "z = sinh(e^s asinh(x) - b)";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Data;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Diagonal, DiagonalBound.Positive());

    /// <inheritdoc/>
    public override Certificate Certificate => new("diagonal", "positive", "sum of s + log cosh(e^s asinh(x) - b) - log cosh(asinh(x))", "x = sinh(e^-s (asinh(z) + b))");

    /// <inheritdoc/>
    public override LayerModel InSum => this;

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Diagonal(curved: true);

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => new(Parameters: 2L * shape.Channels, Weights: 4 * LayerSize.Pad(shape.Channels));

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => Size(shape);

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        code.Call("SinhArcsinh.Prepare", "preparation", Place.Parameters(), Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => code.Call("SinhArcsinh.Forward", "tile", Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => code.Call("SinhArcsinh.Inverse", "tile", Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        code.Call("SinhArcsinh.Backward", "tile", Size(shape), Place.Weights(), Place.Parameters());
}
