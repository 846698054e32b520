using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>A strictly increasing function of each coordinate.</summary>
/// <param name="Activation">The function.</param>
internal sealed record ElementwiseLayer(Activation Activation) : LayerModel
{
    // Log-derivative, inverse and range of the functions that have an inverse.
    private static readonly Dictionary<Activation, (string LogDerivative, string Inverse, ValueRange Range, ValueRange Slope)> Bijections = new()
    {
        [Activation.LeakyRelu] = ("log 0.01 where x < 0, else 0", "x = z where positive, 100 z elsewhere", ValueRange.Line, new(0.01, 1)),
        [Activation.Elu] = ("min(x, 0)", "x = z where positive, log(1 + z) elsewhere", new(-1, double.PositiveInfinity), new(0, 1)),
        [Activation.Tanh] = ("log(1 - z^2)", "x = atanh z", new(-1, 1), new(0, 1)),
        [Activation.Sigmoid] = ("-softplus(x) - softplus(-x)", "x = log z - log(1 - z)", new(0, 1), new(0, 0.25)),
        [Activation.Softplus] = ("-softplus(-x)", "x = z + log(1 - e^-z)", new(0, double.PositiveInfinity), new(0, 1)),
    };

    private static readonly Dictionary<Activation, string> NotInjective = new()
    {
        [Activation.Relu] = "all negative numbers map to 0",
        [Activation.Silu] = "x sigmoid(x) falls below x = -1.278 and rises above it, so two numbers map to one",
        [Activation.Gelu] = "x Phi(x) falls below x = -0.752 and rises above it, so two numbers map to one",
    };

    /// <inheritdoc/>
    public override string Name => "Elementwise";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, Activation.ToString());

    /// <inheritdoc/>
    public override string Formula => $"z = {Activation}(x) in each coordinate";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Data;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Diagonal, DiagonalBound.Positive(Bijections[Activation].Slope.Low, Bijections[Activation].Slope.High), ActivationFacts.SmoothnessOf(Activation));

    /// <inheritdoc/>
    public override Certificate Certificate => new("diagonal", "positive", $"sum of {Bijections[Activation].LogDerivative}", Bijections[Activation].Inverse);

    /// <summary>Reads the options.</summary>
    public static ElementwiseLayer Parse(AttributeArguments arguments) => new(arguments.Enum<Activation>(0));

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        findings.CheckDefined(Name, Activation);
        if (NotInjective.TryGetValue(Activation, out string? reason))
        {
            findings.Add(DiagnosticIds.NotInjective, Activation.ToString(), reason);
        }
        else if (Activation == Activation.Identity)
        {
            findings.Add(DiagnosticIds.IdentityLayer);
        }
    }

    /// <inheritdoc/>
    public override ValueRange Range(ValueRange input) => Bijections[Activation].Range is var range && range == ValueRange.Line ? input : range;

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Diagonal(curved: true);

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => LayerSize.None;

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => $"{Size(shape)}, {Code(Activation)}";

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => code.Call("Elementwise.Forward", "tile", Size(shape), Code(Activation));

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => code.Call("Elementwise.Inverse", "tile", Size(shape), Code(Activation));

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) => code.Call("Elementwise.Backward", "tile", Size(shape), Code(Activation));
}
