using FlowGen.Kernels;
using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Batch normalization as a flow layer (Real NVP, section 3.7): see <see cref="BatchNormAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="momentum">The share of the new batch in the running statistics.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class BatchNormLayer(int size, double momentum, double epsilon, LayerCertificate certificate)
    : LayerDescription(size, certificate), IBatchCoupledLayer
{
    /// <inheritdoc/>
    public override string Kind => "BatchNorm";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(
        Kind,
        DeclarationText.Option("Momentum", Momentum, 0.1),
        DeclarationText.Option("Epsilon", Epsilon, 1e-5));

    /// <summary>The share of the new batch in the running statistics.</summary>
    public double Momentum { get; } = momentum;

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; } = epsilon;

    private protected override void DeclareTensors(TensorList list)
    {
        list.Buffer("running_mean", TensorElement.Single, Size);
        list.Buffer("running_var", TensorElement.Single, Size);
    }

    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random) => buffers.Slice(Size, Size).Fill(1);

    void IBatchCoupledLayer.PrepareBatch(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, Span<float> prepared) =>
        BatchNorm.Prepare(mean, variance, Epsilon, prepared);

    void IBatchCoupledLayer.UpdateRunning(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, Span<float> buffers)
    {
        for (int i = 0; i < Size; i++)
        {
            buffers[i] = (float)(buffers[i] + (Momentum * (mean[i] - buffers[i])));
            buffers[Size + i] = (float)(buffers[Size + i] + (Momentum * (variance[i] - buffers[Size + i])));
        }
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        var mean = weights["running_mean"];
        var variance = weights["running_var"];
        double logDet = 0;
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] - mean[i]) / Math.Sqrt(variance[i] + Epsilon);
            logDet -= 0.5 * Math.Log(variance[i] + Epsilon);
        }

        return logDet;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        var mean = weights["running_mean"];
        var variance = weights["running_var"];
        double logDet = 0;
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = (z[i] * Math.Sqrt(variance[i] + Epsilon)) + mean[i];
            logDet += 0.5 * Math.Log(variance[i] + Epsilon);
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input) => output == input;
}
