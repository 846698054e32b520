using System.Globalization;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>The unit interval to the real line (Real NVP, section 4.1): see <see cref="LogitAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="alpha">The margin at both ends.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class LogitLayer(int size, double alpha, LayerCertificate certificate) : LayerDescription(size, certificate)
{
    /// <inheritdoc/>
    public override string Kind => "Logit";

    /// <inheritdoc/>
    public override string Declaration =>
        DeclarationText.Of(Kind, Alpha == 1e-6 ? null : Alpha.ToString(CultureInfo.InvariantCulture));

    /// <summary>The margin at both ends.</summary>
    public double Alpha { get; } = alpha;

    private protected override void DeclareTensors(TensorList list)
    {
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        double logDet = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double p = Alpha + ((1 - (2 * Alpha)) * x[i]);
            double logP = Math.Log(p);
            double logQ = Math.Log(1 - p);
            x[i] = logP - logQ;
            logDet += Math.Log(1 - (2 * Alpha)) - logP - logQ;
        }

        return logDet;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double logDet = 0;
        for (int i = 0; i < z.Length; i++)
        {
            logDet -= ReferenceFunctions.Softplus(z[i]) + ReferenceFunctions.Softplus(-z[i]) + Math.Log(1 - (2 * Alpha));
            z[i] = (ReferenceFunctions.Sigmoid(z[i]) - Alpha) / (1 - (2 * Alpha));
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input) => output == input;
}
