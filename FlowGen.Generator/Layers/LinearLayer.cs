using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>A learned square matrix on the rows: of a vector the coordinates, of an image the channels of every pixel (Glow, section 3.2).</summary>
/// <param name="Parameterization">How the matrix is stored.</param>
internal abstract record LinearLayer(LinearParameterization Parameterization) : LayerModel
{
    private const int LargeMatrix = 64;

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, IsPlu ? null : $"Parameterization = {Parameterization}");

    /// <inheritdoc/>
    public override string Formula => IsPlu ? $"z = W x{Where} with W = P L U, U's diagonal sign e^s" : $"z = W x{Where}";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Parameters;

    /// <inheritdoc/>
    public override LayerProof Proof => IsPlu
        ? Prove(Triangle(JacobianPattern.Upper), DiagonalBound.Nonzero).Then(Prove(Triangle(JacobianPattern.Lower), DiagonalBound.One)).Then(Prove(JacobianForm.Permutation, DiagonalBound.One))
        : Prove(JacobianForm.Dense, DiagonalBound.Unknown);

    /// <inheritdoc/>
    public override Certificate Certificate => IsPlu
        ? new(Structure, "nonzero in both factors", $"{Times}sum of s", "x = U^-1 L^-1 P^T z, since neither triangle has a zero on its diagonal")
        : new(Structure, "of weights that are checked when they are used", $"{Times}log|det W|", "x = W^-1 z, while W is not singular, which is checked for every version of the weights");

    /// <inheritdoc/>
    public override bool KeepsCoordinates(EventShape shape) => shape.Channels == 1;

    private protected virtual string Structure => "dense";

    private protected virtual string Where => "";

    private protected virtual string Times => "";

    private static JacobianForm Triangle(JacobianPattern pattern) => new(pattern, "index");

    private bool IsPlu => Parameterization == LinearParameterization.Plu;

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings) => findings.CheckDefined(Name, Parameterization);

    /// <inheritdoc/>
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        if (Parameterization == LinearParameterization.Dense && shape.Channels > LargeMatrix)
        {
            long steps = LayerSize.Product(LayerSize.Product(shape.Channels, shape.Channels), shape.Channels);
            findings.Add(DiagnosticIds.LargeDenseMatrix, Literals.Of(index), Name, Literals.Of(shape.Channels), Literals.Of(steps));
        }
    }

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Mix(shape);

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape)
    {
        long size = shape.Channels;
        long padded = LayerSize.Pad(size);
        return new(
            Parameters: LayerSize.Product(size, size),
            Buffers: IsPlu ? 2 * size : 0,
            Weights: (2 * DenseConditioner.PreparedSize(size, size)) + 16,
            WorkRows: padded,
            RecordRows: padded,
            Sums: LayerSize.Product(size, size) + 1,
            WidestInput: size);
    }

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => $"{Size(shape)}, {Code(Parameterization)}";

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape)
    {
        if (IsPlu)
        {
            code.Call("InvertibleLinear.Prepare", "preparation", Place.Parameters(), Place.Buffers(), Size(shape), Place.Weights());
        }
        else
        {
            code.Call("InvertibleLinear.PrepareDense", "preparation", Place.Parameters(), Size(shape), Place.Weights());
        }
    }

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
    public override void Finish(LayerCode code, EventShape shape)
    {
        if (IsPlu)
        {
            code.Call("InvertibleLinear.Finish", "sums", Place.Parameters(), Place.Buffers(), Size(shape), Place.Sums());
        }
        else
        {
            code.Call("InvertibleLinear.FinishDense", "sums", Place.Parameters(), Size(shape), Place.Sums());
        }
    }
}
