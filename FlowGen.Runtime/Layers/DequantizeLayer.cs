using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Levels to the unit interval, z = x / bins: see <see cref="DequantizeAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="bins">The number of levels.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class DequantizeLayer(int size, int bins, LayerCertificate certificate) : LayerDescription(size, certificate)
{
    /// <inheritdoc/>
    public override string Kind => "Dequantize";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(Kind, DeclarationText.Option("Bins", bins, 256));

    internal override int? Bins => bins;

    private protected override void DeclareTensors(TensorList list)
    {
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] /= bins;
        }

        return -x.Length * Math.Log(bins);
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        for (int i = 0; i < z.Length; i++)
        {
            z[i] *= bins;
        }

        return z.Length * Math.Log(bins);
    }

    internal override bool MayDepend(int output, int input) => output == input;
}
