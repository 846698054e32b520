using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;

namespace FlowGen.Generator.Layers;

/// <summary>Additive coupling (NICE, section 3.2).</summary>
/// <inheritdoc/>
internal sealed record AdditiveCouplingLayer(EquatableArray<int> Hidden, Partition Transforms, Activation Activation, CouplingNet? DeclaredNet, int Blocks)
    : CouplingLayer(Hidden, Transforms, Activation, DeclaredNet, Blocks)
{
    /// <inheritdoc/>
    public override string Name => "AdditiveCoupling";

    /// <inheritdoc/>
    public override string Formula => "z = x + t, t from the other half";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Zero;

    /// <inheritdoc/>
    public override Certificate Certificate => new("block triangular", "1", "0", "x = z - t, since t depends on what did not change");

    private protected override DiagonalBound Diagonal => DiagonalBound.One;

    private protected override int OutputsPerCoordinate => 1;

    /// <summary>Reads the options.</summary>
    public static AdditiveCouplingLayer Parse(AttributeArguments arguments) => new(
        arguments.Integers(0),
        arguments.Enum("Transforms", Partition.Alternate),
        arguments.Enum("Activation", Activation.Relu),
        arguments.Enum<CouplingNet>("Net"),
        arguments.Int32("Blocks", Conditioner.DefaultBlocks));

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => Run("AdditiveCoupling.Forward", code, shape);

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => Run("AdditiveCoupling.Inverse", code, shape);

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape)
    {
        var conditioner = ConditionerOf(shape);
        code.Call("AdditiveCoupling.Backward", "tile", [Changed(shape).Code, conditioner.RecordedOutput(code), .. MaskArgument(shape)]);
        code.ConditionBackward(conditioner, Conditioning(shape));
    }

    private void Run(string kernel, LayerCode code, EventShape shape)
    {
        var conditioner = ConditionerOf(shape);
        code.Condition(conditioner, Conditioning(shape));
        code.Call(kernel, "tile", [Changed(shape).Code, .. conditioner.OutputArguments(code), .. MaskArgument(shape)]);
    }
}
