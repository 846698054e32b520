using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>Half of the channels leaves for the latent (Real NVP, section 3.6; Glow, section 3.4).</summary>
/// <param name="Prior">The density of what leaves.</param>
/// <param name="Keeps">Which half goes on.</param>
internal sealed record SplitLayer(SplitPrior Prior, Half Keeps) : LayerModel
{
    /// <inheritdoc/>
    public override string Name => "Split";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(
        Name, Prior == SplitPrior.Standard ? null : $"Prior = {Prior}", Keeps == Half.First ? null : $"Keeps = {Keeps}");

    /// <inheritdoc/>
    public override string Formula => Prior == SplitPrior.Learned
        ? $"the {Leaving} half of the channels leaves as (x + t) e^s, t and s from the other half"
        : $"the {Leaving} half of the channels leaves";

    /// <inheritdoc/>
    public override LogDetClass LogDet => Prior == SplitPrior.Learned ? LogDetClass.Data : LogDetClass.Zero;

    /// <inheritdoc/>
    public override LayerProof Proof => Prior == SplitPrior.Learned
        ? Prove(JacobianForm.Coupling(Changes) with { IsPermuted = true }, DiagonalBound.Positive(), kind: LayerKind.Split)
        : Prove(JacobianForm.Permutation, DiagonalBound.One, kind: LayerKind.Split);

    /// <inheritdoc/>
    public override Certificate Certificate => Prior == SplitPrior.Learned
        ? new("block triangular but for the order", "positive", "sum of s", "x = z e^-s - t, since t and s depend on what stayed")
        : new("permutation", "1 but for the order", "0", "what left comes back");

    /// <inheritdoc/>
    public override LayerDomain Domain => LayerDomain.Images;

    private Partition Changes => Keeps == Half.First ? Partition.SecondHalf : Partition.FirstHalf;

    private string Leaving => Keeps == Half.First ? "second" : "first";

    /// <summary>Reads the options.</summary>
    public static SplitLayer Parse(AttributeArguments arguments) => new(arguments.Enum("Prior", SplitPrior.Standard), arguments.Enum("Keeps", Half.First));

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        findings.CheckDefined(Name, Prior);
        findings.CheckDefined(Name, Keeps);
    }

    /// <inheritdoc/>
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        if (shape.Channels < 2)
        {
            findings.AddWithRemedy(DiagnosticIds.PartitionLeavesNothing, shape.CanSqueeze ? "Squeeze" : null, Literals.Of(index), Name, Changes.ToString(), "channels", "channel", shape.ToString());
        }
        else if (Prior == SplitPrior.Learned && before.Prior == Model.Prior.StandardLogistic)
        {
            findings.Add(DiagnosticIds.LearnedSplitPrior, Literals.Of(index), before.Prior.ToString());
        }
    }

    /// <inheritdoc/>
    public override EventShape Output(EventShape input) => EventShape.Image(Staying(input).Count, input.Height, input.Width);

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape)
    {
        var leaving = PartitionPositions.Changed(Changes, shape);
        if (Prior == SplitPrior.Learned)
        {
            trace.Condition(leaving, shape, ConditionerOf(shape).Reach);
        }

        trace.Permute([.. leaving, .. PartitionPositions.Changed(CoordinateRows.Complement(Changes), shape)]);
        trace.Emit(leaving.Count);
    }

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape)
    {
        if (Prior == SplitPrior.Standard)
        {
            return LayerSize.None;
        }

        var conditioner = ConditionerOf(shape);
        return new(
            Parameters: conditioner.ParameterCount,
            Weights: conditioner.PreparedCount,
            WorkRows: conditioner.WorkRows,
            RecordRows: conditioner.RecordRows,
            WidestInput: conditioner.WidestInput);
    }

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => $"{shape.Code}, {Code(Prior)}, {Code(Keeps)}";

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape)
    {
        if (Prior == SplitPrior.Learned)
        {
            ConditionerOf(shape).Prepare(code);
        }
    }

    /// <inheritdoc/>
    public override void Finish(LayerCode code, EventShape shape)
    {
        if (Prior == SplitPrior.Learned)
        {
            ConditionerOf(shape).Finish(code);
        }
    }

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape)
    {
        if (Prior == SplitPrior.Learned)
        {
            Standardize("AffineCoupling.Forward", code, shape);
        }

        code.Call("Split.Forward", "tile", Arguments(shape));
    }

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape)
    {
        code.Call("Split.Inverse", "tile", Arguments(shape));
        if (Prior == SplitPrior.Learned)
        {
            Standardize("AffineCoupling.Inverse", code, shape);
        }
    }

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape)
    {
        code.Call("Split.Backward", "tile", Arguments(shape));
        if (Prior == SplitPrior.Learned)
        {
            var conditioner = ConditionerOf(shape);
            code.Call("AffineCoupling.Backward", "tile", [.. Affine(shape, [conditioner.RecordedOutput(code)]), Place.Parameters()]);
            code.ConditionBackward(conditioner, Staying(shape));
        }
    }

    private void Standardize(string kernel, LayerCode code, EventShape shape)
    {
        var conditioner = ConditionerOf(shape);
        code.Condition(conditioner, Staying(shape));
        code.Call(kernel, "tile", Affine(shape, conditioner.OutputArguments(code)));
    }

    private string[] Affine(EventShape shape, string[] output) =>
        [CoordinateRows.Changed(Changes, shape.Channels).Code, .. output, Code(ScaleFunction.Exp), Code(AffineForm.ShiftThenScale), "0f", Place.Weights()];

    private CoordinateRows Staying(EventShape shape) => CoordinateRows.Conditioning(Changes, shape.Channels);

    private Conditioner ConditionerOf(EventShape shape) =>
        Conditioner.Create(Changes, shape, 2, EquatableArray<int>.Empty, Activation.Identity, CouplingNet.Conv, Conditioner.DefaultBlocks);

    private string Arguments(EventShape shape)
    {
        var leaving = CoordinateRows.Changed(Changes, shape.Channels);
        return $"{Literals.Of(shape.Channels)}, {Literals.Of(leaving.Start)}, {Literals.Of(leaving.Count)}";
    }
}
