using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>Affine coupling (Real NVP, equations 4 to 9).</summary>
/// <param name="Hidden">The widths of the conditioner's hidden layers.</param>
/// <param name="Transforms">The half that changes.</param>
/// <param name="Activation">The activation of the conditioner.</param>
/// <param name="DeclaredNet">The form of the conditioner, if it is declared.</param>
/// <param name="Blocks">The number of blocks of a residual network of convolutions.</param>
/// <param name="Scale">How the scale is made from the raw output u.</param>
/// <param name="ScaleFloor">Added to a sigmoid scale.</param>
/// <param name="Form">The order of scale and shift.</param>
internal sealed record AffineCouplingLayer(
    EquatableArray<int> Hidden, Partition Transforms, Activation Activation, CouplingNet? DeclaredNet, int Blocks, ScaleFunction Scale, double ScaleFloor, AffineForm Form)
    : CouplingLayer(Hidden, Transforms, Activation, DeclaredNet, Blocks)
{
    private const double DefaultFloor = 1e-3;

    /// <inheritdoc/>
    public override string Name => "AffineCoupling";

    /// <inheritdoc/>
    public override string Formula => (Form, Scale) switch
    {
        (AffineForm.ShiftThenScale, _) => $"z = (x + t) e^s, {ScaleRule}, t and u from the other half",
        _ => $"z = x e^s + t, {ScaleRule}, t and u from the other half",
    };

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Data;

    /// <inheritdoc/>
    public override Certificate Certificate => new(
        "block triangular",
        Scale == ScaleFunction.TanhBounded ? "positive, between e^-|a| and e^|a|"
            : Scale == ScaleFunction.Sigmoid ? $"positive, between {Literals.Of(ScaleFloor)} and {Literals.Of(1 + ScaleFloor)}"
            : "positive",
        "sum of s",
        Form == AffineForm.ShiftThenScale
            ? "x = z e^-s - t, since s and t depend on what did not change"
            : "x = (z - t) e^-s, since s and t depend on what did not change");

    private protected override DiagonalBound Diagonal => Scale == ScaleFunction.Sigmoid ? DiagonalBound.Positive(ScaleFloor, 1 + ScaleFloor) : DiagonalBound.Positive();

    private protected override int OutputsPerCoordinate => 2;

    private protected override string?[] MoreOptions =>
    [
        Scale == ScaleFunction.TanhBounded ? null : $"Scale = {Scale}",
        ScaleFloor.Equals(DefaultFloor) ? null : $"ScaleFloor = {Literals.Of(ScaleFloor)}",
        Form == AffineForm.ScaleThenShift ? null : $"Form = {Form}",
    ];

    private string ScaleRule => Scale switch
    {
        ScaleFunction.TanhBounded => "s = a tanh(u)",
        ScaleFunction.Sigmoid => $"e^s = sigmoid(u + 2) + {Literals.Of(ScaleFloor)}",
        _ => "s = u",
    };

    /// <summary>Reads the options.</summary>
    public static AffineCouplingLayer Parse(AttributeArguments arguments) => new(
        arguments.Integers(0),
        arguments.Enum("Transforms", Partition.Alternate),
        arguments.Enum("Activation", Activation.Relu),
        arguments.Enum<CouplingNet>("Net"),
        arguments.Int32("Blocks", Conditioner.DefaultBlocks),
        arguments.Enum("Scale", ScaleFunction.TanhBounded),
        arguments.Double("ScaleFloor", DefaultFloor),
        arguments.Enum("Form", AffineForm.ScaleThenShift));

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        base.CheckOptions(findings);
        findings.CheckDefined(Name, Scale);
        findings.CheckDefined(Name, Form);
        if (!(ScaleFloor >= 0 && (float)ScaleFloor < float.PositiveInfinity))
        {
            findings.Add(DiagnosticIds.ScaleFloor, Literals.Of(ScaleFloor));
        }

        if (Scale == ScaleFunction.Exp)
        {
            findings.Add(DiagnosticIds.UnboundedScale);
        }
        else if (Scale == ScaleFunction.Sigmoid && (float)ScaleFloor == 0)
        {
            findings.Add(DiagnosticIds.ScaleWithoutFloor);
        }
    }

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape)
    {
        var size = base.Measure(shape);
        return Scale == ScaleFunction.TanhBounded ? size with { Parameters = size.Parameters + 1, Weights = size.Weights + 16 } : size;
    }

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) =>
        $"{base.DescriptionArguments(shape)}, {Code(Scale)}, {Code(Form)}, {Literals.Of(ScaleFloor)}";

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape)
    {
        base.Prepare(code, shape);
        if (Scale == ScaleFunction.TanhBounded)
        {
            code.Call("AffineCoupling.Prepare", "preparation", ScaleParameter(shape), ScaleWeight(shape));
        }
    }

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => Run("AffineCoupling.Forward", code, shape);

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => Run("AffineCoupling.Inverse", code, shape);

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape)
    {
        var conditioner = ConditionerOf(shape);
        code.Call("AffineCoupling.Backward", "tile", [.. Arguments(shape, [conditioner.RecordedOutput(code)]), ScaleParameter(shape), .. MaskArgument(shape)]);
        code.ConditionBackward(conditioner, Conditioning(shape));
    }

    private void Run(string kernel, LayerCode code, EventShape shape)
    {
        var conditioner = ConditionerOf(shape);
        code.Condition(conditioner, Conditioning(shape));
        code.Call(kernel, "tile", [.. Arguments(shape, conditioner.OutputArguments(code)), .. MaskArgument(shape)]);
    }

    private string[] Arguments(EventShape shape, string[] output) =>
        [Changed(shape).Code, .. output, Code(Scale), Code(Form), Literals.Single(ScaleFloor), ScaleWeight(shape)];

    // Where a of a tanh(u) is. The other scales have none and are given the start of the layer, which they do not read.
    private string ScaleWeight(EventShape shape) => Place.Weights(Scale == ScaleFunction.TanhBounded ? ConditionerOf(shape).PreparedCount + MaskSize(shape) : 0);

    private string ScaleParameter(EventShape shape) => Place.Parameters(Scale == ScaleFunction.TanhBounded ? ConditionerOf(shape).ParameterCount : 0);
}
