using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>A strictly monotone function of each coordinate: see <see cref="ElementwiseAttribute"/>.</summary>
public sealed class ElementwiseLayer : LayerDescription
{
    /// <summary>A layer of a function of the runtime.</summary>
    /// <param name="size">The number of coordinates.</param>
    /// <param name="activation">The function.</param>
    /// <param name="certificate">What the compiler proved.</param>
    public ElementwiseLayer(int size, Activation activation, LayerCertificate certificate)
        : base(size, certificate) => Activation = activation;

    /// <summary>A layer of a function of the user's.</summary>
    /// <param name="size">The number of coordinates.</param>
    /// <param name="function">The function.</param>
    /// <param name="certificate">What the compiler proved.</param>
    public ElementwiseLayer(int size, ScalarFunctionDescription function, LayerCertificate certificate)
        : base(size, certificate) => Function = function;

    /// <inheritdoc/>
    public override string Kind => "Elementwise";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(Kind, Function?.Name ?? Activation.ToString());

    /// <summary>The function of the runtime, or null if it is one of the user's.</summary>
    public Activation? Activation { get; }

    /// <summary>The function of the user's, or null if it is one of the runtime.</summary>
    public ScalarFunctionDescription? Function { get; }

    private protected override void DeclareTensors(TensorList list)
    {
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x) => ForwardBySums(weights, x);

    internal override void Forward(ReferenceWeights weights, Span<double> x, Span<double> logDiagonal)
    {
        for (int i = 0; i < x.Length; i++)
        {
            logDiagonal[i] = LogDerivative(x[i]);
            x[i] = Function?.Value(x[i]) ?? ReferenceFunctions.Apply(Activation!.Value, x[i]);
        }
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double logDet = 0;
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = Function?.Inverse(z[i]) ?? ReferenceFunctions.Inverse(Activation!.Value, z[i]);
            logDet -= LogDerivative(z[i]);
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input) => output == input;

    private double LogDerivative(double x) => Function?.LogDerivative(x) ?? ReferenceFunctions.LogDerivative(Activation!.Value, x);
}
