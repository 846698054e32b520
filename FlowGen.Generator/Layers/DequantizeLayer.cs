using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>Whole numbers to the unit interval.</summary>
/// <param name="Bins">The number of levels.</param>
internal sealed record DequantizeLayer(int Bins) : LayerModel
{
    private const int DefaultBins = 256;

    /// <inheritdoc/>
    public override string Name => "Dequantize";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, Bins == DefaultBins ? null : $"Bins = {Literals.Of(Bins)}");

    /// <inheritdoc/>
    public override string Formula => $"z = x / {Literals.Of(Bins)}, noise in training only";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Constant;

    /// <inheritdoc/>
    public override bool TakesLevels => true;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Diagonal, DiagonalBound.Positive(1.0 / Bins, 1.0 / Bins));

    /// <inheritdoc/>
    public override Certificate Certificate => new("diagonal", $"1/{Literals.Of(Bins)}", $"-D log {Literals.Of(Bins)}", $"x = {Literals.Of(Bins)} z");

    /// <summary>Reads the options.</summary>
    public static DequantizeLayer Parse(AttributeArguments arguments) => new(arguments.Int32("Bins", DefaultBins));

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        if (Bins is < 2 or > 1 << 24)
        {
            findings.Add(DiagnosticIds.BinsOutOfRange, Literals.Of(Bins));
        }
    }

    /// <inheritdoc/>
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        if (index > 0)
        {
            findings.Add(DiagnosticIds.DequantizeNotFirst, Literals.Of(index), Literals.Of(index - 1), before.Layers[index - 1].Name);
        }
    }

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape)
    {
        // A change of units, which transforms nothing.
    }

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => LayerSize.None;

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => $"{Size(shape)}, {Literals.Of(Bins)}";

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => code.Call("Dequantize.Forward", "tile", Size(shape), Literals.Of(Bins));

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => code.Call("Dequantize.Inverse", "tile", Size(shape), Literals.Of(Bins));

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) => code.Call("Dequantize.Backward", "tile", Size(shape), Literals.Of(Bins));
}
