using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>[0, 1] to the real line (Real NVP, section 4.1).</summary>
/// <param name="Alpha">The margin at both ends.</param>
internal sealed record LogitLayer(double Alpha) : LayerModel
{
    private const double DefaultAlpha = 1e-6;

    /// <inheritdoc/>
    public override string Name => "Logit";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, Alpha.Equals(DefaultAlpha) ? null : Literals.Of(Alpha));

    /// <inheritdoc/>
    public override string Formula => "z = log p - log(1 - p) with p = alpha + (1 - 2 alpha) x";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Data;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Diagonal, DiagonalBound.Positive(4 * (1 - (2 * Alpha))));

    /// <inheritdoc/>
    public override bool Centres => true;

    /// <inheritdoc/>
    public override Certificate Certificate => new(
        "diagonal", "at least 4 (1 - 2 alpha)", "sum of log(1 - 2 alpha) - log p - log(1 - p)", "x = (sigmoid(z) - alpha) / (1 - 2 alpha)");

    /// <summary>Reads the options.</summary>
    public static LogitLayer Parse(AttributeArguments arguments) => new(arguments.Double(0, DefaultAlpha));

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        if (!((float)Alpha > 0 && (float)Alpha < 0.5f))
        {
            findings.Add(DiagnosticIds.LogitMargin, Literals.Of(Alpha));
        }
    }

    /// <inheritdoc/>
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        // Data is taken to be in the domain, and stays so where it only changes places or units.
        int last = before.Layers.FindLastIndex(static layer => !layer.TakesLevels && layer.Proof.Form != JacobianForm.Permutation);
        if (last >= 0 && before.Layers[last].Range(ValueRange.Line) is var range && !(range.Low >= 0 && range.High <= 1))
        {
            findings.Add(
                DiagnosticIds.LogitDomain, Literals.Of(index), Literals.Of(last), before.Layers[last].Declaration, range.LowText, range.HighText);
        }
    }

    /// <inheritdoc/>
    public override ValueRange Range(ValueRange input) => input == ValueRange.Line ? ValueRange.Line : input.Map(Map);

    /// <inheritdoc/>
    public override bool Bounds => true;

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Diagonal(curved: false);

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => LayerSize.None;

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => $"{Size(shape)}, {Literals.Of(Alpha)}";

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => code.Call("Logit.Forward", "tile", Size(shape), Literals.Single(Alpha));

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => code.Call("Logit.Inverse", "tile", Size(shape), Literals.Single(Alpha));

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) => code.Call("Logit.Backward", "tile", Size(shape), Literals.Single(Alpha));

    // The margin keeps the ends of [0, 1] finite: what is bounded before stays bounded. Of data nothing is known.
    private double Map(double x)
    {
        double p = Alpha + ((1 - (2 * Alpha)) * x);
        return p <= 0 ? double.NegativeInfinity : p >= 1 ? double.PositiveInfinity : Math.Log(p) - Math.Log(1 - p);
    }
}
