using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>A scale and an offset in each coordinate, prepared once per parameter version.</summary>
internal abstract record DiagonalLayer : LayerModel
{
    /// <summary>The class of its kernels.</summary>
    private protected virtual string Kernel => Name;

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Parameters;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Diagonal, DiagonalBound.Positive());

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Diagonal(curved: false);

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => Size(shape);

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) =>
        code.Call($"{Kernel}.Forward", "tile", Size(shape), Place.Weights());

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) =>
        code.Call($"{Kernel}.Inverse", "tile", Size(shape), Place.Weights());

    /// <summary>The floats of prepared weights: offsets, scales, inverse scales, log-det.</summary>
    private protected static long Prepared(EventShape shape) => (3 * LayerSize.Pad(shape.Channels)) + 16;
}
