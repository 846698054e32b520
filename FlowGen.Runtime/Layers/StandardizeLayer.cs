using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Fixed standardisation: see <see cref="StandardizeAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class StandardizeLayer(int size, LayerCertificate certificate) : LayerDescription(size, certificate), IDataDependentLayer
{
    /// <inheritdoc/>
    public override string Kind => "Standardize";

    /// <inheritdoc/>
    public override string Declaration => Kind;

    int IDataDependentLayer.InitializedFlag => 2 * Size;

    private protected override void DeclareTensors(TensorList list)
    {
        list.Buffer("mean", TensorElement.Single, Size);
        list.Buffer("deviation", TensorElement.Single, Size);
        list.Buffer("initialized", TensorElement.Flag);
    }

    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random) => buffers.Slice(Size, Size).Fill(1);

    void IDataDependentLayer.Initialize(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, Span<float> trainables, Span<float> buffers)
    {
        DataMoments.RequireVariance(this, mean, variance);
        for (int i = 0; i < Size; i++)
        {
            buffers[i] = (float)mean[i];
            buffers[Size + i] = (float)Math.Sqrt(variance[i]);
        }
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        var mean = weights["mean"];
        var deviation = weights["deviation"];
        double logDet = 0;
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] - mean[i]) / deviation[i];
            logDet -= Math.Log(deviation[i]);
        }

        return logDet;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        var mean = weights["mean"];
        var deviation = weights["deviation"];
        double logDet = 0;
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = (z[i] * deviation[i]) + mean[i];
            logDet += Math.Log(deviation[i]);
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input) => output == input;
}
