using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Diagonal rescaling (NICE, section 3.3): see <see cref="RescaleAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class RescaleLayer(int size, LayerCertificate certificate) : LayerDescription(size, certificate)
{
    /// <inheritdoc/>
    public override string Kind => "Rescale";

    /// <inheritdoc/>
    public override string Declaration => Kind;

    private protected override void DeclareTensors(TensorList list) => list.Trainable("log_scale", Size);

    internal override double Forward(ReferenceWeights weights, Span<double> x) => ForwardBySums(weights, x);

    internal override void Forward(ReferenceWeights weights, Span<double> x, Span<double> logDiagonal)
    {
        var logScale = weights["log_scale"];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] *= Math.Exp(logScale[i]);
            logDiagonal[i] = logScale[i];
        }
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        var logScale = weights["log_scale"];
        double logDet = 0;
        for (int i = 0; i < z.Length; i++)
        {
            z[i] *= Math.Exp(-logScale[i]);
            logDet -= logScale[i];
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input) => output == input;
}
