using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Activation normalization (Glow, section 3.1): see <see cref="ActNormAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class ActNormLayer(int size, LayerCertificate certificate) : LayerDescription(size, certificate), IDataDependentLayer
{
    /// <inheritdoc/>
    public override string Kind => "ActNorm";

    /// <inheritdoc/>
    public override string Declaration => Kind;

    int IDataDependentLayer.InitializedFlag => 0;

    private protected override void DeclareTensors(TensorList list)
    {
        list.Trainable("bias", Size);
        list.Trainable("log_scale", Size);
        list.Buffer("initialized", TensorElement.Flag);
    }

    void IDataDependentLayer.Initialize(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, Span<float> trainables, Span<float> buffers)
    {
        DataMoments.RequireVariance(this, mean, variance);
        for (int i = 0; i < Size; i++)
        {
            trainables[i] = (float)-mean[i];
            trainables[Size + i] = (float)(-0.5 * Math.Log(variance[i]));
        }
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        var bias = weights["bias"];
        var logScale = weights["log_scale"];
        double logDet = 0;
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] + bias[i]) * Math.Exp(logScale[i]);
            logDet += logScale[i];
        }

        return logDet;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        var bias = weights["bias"];
        var logScale = weights["log_scale"];
        double logDet = 0;
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = (z[i] * Math.Exp(-logScale[i])) - bias[i];
            logDet -= logScale[i];
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input) => output == input;
}
