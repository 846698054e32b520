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

    internal override double Forward(ReferenceWeights weights, Span<double> x) => DiagonalReference.Forward(weights, x);

    internal override double Inverse(ReferenceWeights weights, Span<double> z) => DiagonalReference.Inverse(weights, z);

    internal override bool MayDepend(int output, int input) => output == input;
}
