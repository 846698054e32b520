using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;
using FlowGen.Generator.Verification.Scalars;

namespace FlowGen.Generator.Layers;

/// <summary>A strictly monotone function of each coordinate.</summary>
/// <param name="Activation">The function, if it is one of the runtime.</param>
/// <param name="Method">The function, if it is one of the user's.</param>
internal sealed record ElementwiseLayer(Activation Activation, ScalarFunction? Method) : LayerModel
{
    // Log-derivative, inverse and value of the functions that have an inverse, and bounds of their slopes.
    private static readonly Dictionary<Activation, (string LogDerivative, string Inverse, Func<double, double> Value, ValueRange Slope)> Bijections = new()
    {
        [Activation.LeakyRelu] = ("log 0.01 where x < 0, else 0", "x = z where positive, 100 z elsewhere", static x => x < 0 ? 0.01 * x : x, new(0.01, 1)),
        [Activation.Elu] = ("min(x, 0)", "x = z where positive, log(1 + z) elsewhere", static x => x < 0 ? Math.Exp(x) - 1 : x, new(0, 1)),
        [Activation.Tanh] = ("log(1 - z^2)", "x = atanh z", Math.Tanh, new(0, 1)),
        [Activation.Sigmoid] = ("-softplus(x) - softplus(-x)", "x = log z - log(1 - z)", static x => 1 / (1 + Math.Exp(-x)), new(0, 0.25)),
        [Activation.Softplus] = ("-softplus(-x)", "x = z + log(1 - e^-z)", static x => double.IsPositiveInfinity(x) ? x : Math.Log(1 + Math.Exp(x)), new(0, 1)),
    };

    private static readonly Dictionary<Activation, string> NotInjective = new()
    {
        [Activation.Relu] = "all negative numbers map to 0",
        [Activation.Silu] = "the slope of x sigmoid(x) is negative from x = -infinity to -1.279 and positive from -1.278 on, so two numbers map to one",
        [Activation.Gelu] = "the slope of x Phi(x) is negative from x = -infinity to -0.752 and positive from -0.751 on, so two numbers map to one",
    };

    /// <inheritdoc/>
    public override string Name => "Elementwise";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, Method?.Name ?? Activation.ToString());

    /// <inheritdoc/>
    public override bool IsReadable => Method is not { Body: null, Problem: null };

    /// <inheritdoc/>
    public override IEnumerable<ScalarFunction> Functions => Method is null ? [] : [Method];

    /// <inheritdoc/>
    public override LayerModel InSum => this;

    /// <summary>What was proved about a function of the user's; null if it is one of the runtime, or could not be read.</summary>
    public ScalarProof? Proven => Method?.Body is { } body ? ScalarProver.Prove(body) : null;

    /// <inheritdoc/>
    public override string Formula => $"z = {Method?.Name ?? Activation.ToString()}(x) in each coordinate";

    /// <inheritdoc/>
    public override LogDetClass LogDet => Proven is { IsAffine: true } ? LogDetClass.Constant : LogDetClass.Data;

    /// <summary>At a kink of the function, or of its slope, the gradient jumps: an input that is rebuilt next to one may come out on its other side.</summary>
    public override bool KeepsInput => Proof.Smoothness != Smoothness.Smooth;

    /// <inheritdoc/>
    public override LayerProof Proof => Proven is { } proof
        ? Prove(
            JacobianForm.Diagonal,
            proof.Sign > 0 ? DiagonalBound.Positive(Math.Max(0, proof.Slope.Low), proof.Slope.High) : DiagonalBound.Nonzero,
            proof.Smoothness switch { 0 => Smoothness.Continuous, 1 => Smoothness.Once, _ => Smoothness.Smooth })
        : Method is not null ? Prove(JacobianForm.Diagonal, DiagonalBound.Unknown)
        : Prove(JacobianForm.Diagonal, DiagonalBound.Positive(Bijections[Activation].Slope.Low, Bijections[Activation].Slope.High), ActivationFacts.SmoothnessOf(Activation));

    /// <inheritdoc/>
    public override Certificate Certificate => Proven is { } proof
        ? new("diagonal", $"in {ScalarText.Bounds(proof)}", $"sum of log |{Method!.Name}'(x)|", $"x = {Method.Name}^-1(z) {ScalarText.Inverse(ScalarCode.Of(proof))}")
        : new("diagonal", "positive", $"sum of {Bijections[Activation].LogDerivative}", Bijections[Activation].Inverse);

    private string FunctionArgument => Method is null ? Code(Activation) : $"{Method.Identifier}.Describe()";

    /// <summary>Reads the options.</summary>
    public static ElementwiseLayer Parse(AttributeArguments arguments) =>
        arguments.Function(0) is { } function ? new(Activation.Identity, function) : new(arguments.Enum<Activation>(0), null);

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        if (Method is not null)
        {
            ScalarFindings.Report(Method, Proven, findings);
            return;
        }

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
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        if (Proof.Smoothness != Smoothness.Continuous)
        {
            return;
        }

        // What steps bring together was not seen before.
        string? convolution = null;
        foreach (var layer in before.Layers)
        {
            convolution = layer.Convolution(convolution);
        }

        if (convolution is not null)
        {
            ReportKink(convolution, findings);
        }
    }

    /// <inheritdoc/>
    public override void CheckBehind(string convolution, Findings findings)
    {
        // There is more to say than that it has no inverse.
        if (Method is not null || Kink.Of(Activation) is null)
        {
            CheckOptions(findings);
        }

        ReportKink(convolution, findings);
    }

    private void ReportKink(string convolution, Findings findings)
    {
        if ((Method is null ? Kink.Of(Activation) : Proven is { Form: var form } ? Kink.Of(form) : null) is { } kink)
        {
            findings.AddWithRemedy(
                DiagnosticIds.KinkAfterMaskedConv, "Elu",
                Method?.Name ?? Activation.ToString(), convolution, Literals.Of(kink.Left, "G6"), Literals.Of(kink.Right, "G6"), Literals.Of(kink.At, "G6"),
                kink.IsFlat ? "its slope of 0 leaves the diagonal to t alone, where there is one; " : "",
                kink.IsPiecewiseLinear ? "is piecewise constant in x, and sends no gradient to biases and off-centre taps" : "jumps with it, which no gradient sees");
        }
    }

    /// <inheritdoc/>
    public override ValueRange Range(ValueRange input) => Proven is { } proof ? proof.Image(input) : input.Map(Bijections[Activation].Value);

    /// <inheritdoc/>
    public override bool Bounds => Range(ValueRange.Line) != ValueRange.Line;

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Diagonal(curved: Proven is not { IsAffine: true });

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => LayerSize.None;

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => $"{Size(shape)}, {FunctionArgument}";

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => Call(code, "Forward", shape);

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => Call(code, "Inverse", shape);

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) => Call(code, "Backward", shape);

    private void Call(LayerCode code, string direction, EventShape shape)
    {
        if (Method is null)
        {
            code.Call($"Elementwise.{direction}", "tile", Size(shape), Code(Activation));
        }
        else
        {
            code.Call($"Elementwise.{direction}<{Method.Identifier}>", "tile", Size(shape));
        }
    }
}
