using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>A strictly increasing function of each coordinate: see <see cref="ElementwiseAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="activation">The function.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class ElementwiseLayer(int size, Activation activation, LayerCertificate certificate) : LayerDescription(size, certificate)
{
    /// <inheritdoc/>
    public override string Kind => "Elementwise";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(Kind, Activation.ToString());

    /// <summary>The function.</summary>
    public Activation Activation { get; } = activation;

    private protected override void DeclareTensors(TensorList list)
    {
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        double logDet = 0;
        for (int i = 0; i < x.Length; i++)
        {
            logDet += ReferenceFunctions.LogDerivative(Activation, x[i]);
            x[i] = ReferenceFunctions.Apply(Activation, x[i]);
        }

        return logDet;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double logDet = 0;
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = ReferenceFunctions.Inverse(Activation, z[i]);
            logDet -= ReferenceFunctions.LogDerivative(Activation, z[i]);
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input) => output == input;
}
