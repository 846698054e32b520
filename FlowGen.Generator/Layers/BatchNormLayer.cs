using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>Batch normalization as a flow layer (Real NVP, section 3.7).</summary>
/// <param name="Momentum">The share of the new batch in the running statistics.</param>
/// <param name="Epsilon">Added to the variance.</param>
internal sealed record BatchNormLayer(double Momentum, double Epsilon) : DiagonalLayer
{
    private const double DefaultMomentum = 0.1;
    private const double DefaultEpsilon = 1e-5;

    /// <inheritdoc/>
    public override string Name => "BatchNorm";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(
        Name,
        Momentum.Equals(DefaultMomentum) ? null : $"Momentum = {Literals.Of(Momentum)}",
        Epsilon.Equals(DefaultEpsilon) ? null : $"Epsilon = {Literals.Of(Epsilon)}");

    /// <inheritdoc/>
    public override string Formula => "z = (x - mean) / sqrt(variance + epsilon)";

    /// <inheritdoc/>
    public override LayerState State => LayerState.RunningStatistics;

    /// <inheritdoc/>
    public override Certificate Certificate => new(
        "diagonal with running statistics", "positive", "-1/2 sum of log(variance + epsilon)", "x = z sqrt(variance + epsilon) + mean");

    /// <summary>Reads the options.</summary>
    public static BatchNormLayer Parse(AttributeArguments arguments) =>
        new(arguments.Double("Momentum", DefaultMomentum), arguments.Double("Epsilon", DefaultEpsilon));

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        if (!(Momentum > 0 && Momentum <= 1))
        {
            findings.Add(DiagnosticIds.BatchNormOption, "Momentum", Literals.Of(Momentum), "above 0 and at most 1, or the running statistics would not follow the data");
        }
        else if (!(Epsilon > 0 && (float)Epsilon < float.PositiveInfinity))
        {
            findings.Add(DiagnosticIds.BatchNormOption, "Epsilon", Literals.Of(Epsilon), "above 0 and finite, or a coordinate without variance would divide by zero");
        }
    }

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => new(Buffers: 2L * shape.Channels, Weights: Prepared(shape));

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => $"{Size(shape)}, {Literals.Of(Momentum)}, {Literals.Of(Epsilon)}";

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        code.Call("BatchNorm.Prepare", "preparation", Place.Buffers(), Size(shape), Literals.Of(Epsilon), Place.Weights());

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        code.Call("BatchNorm.Backward", "tile", Size(shape), Place.Weights());
}
