using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>The sinh-arcsinh transformation (Jones and Pewsey, 2009): see <see cref="SinhArcsinhAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class SinhArcsinhLayer(int size, LayerCertificate certificate) : LayerDescription(size, certificate)
{
    /// <inheritdoc/>
    public override string Kind => "SinhArcsinh";

    /// <inheritdoc/>
    public override string Declaration => Kind;

    private protected override void DeclareTensors(TensorList list)
    {
        list.Trainable("skewness", Size);
        list.Trainable("log_tail", Size);
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x) => ForwardBySums(weights, x);

    internal override void Forward(ReferenceWeights weights, Span<double> x, Span<double> logDiagonal)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double inner = (Math.Exp(weights["log_tail"][i]) * Math.Asinh(x[i])) - weights["skewness"][i];
            logDiagonal[i] = weights["log_tail"][i] + LogCosh(inner) - LogCosh(Math.Asinh(x[i]));
            x[i] = Math.Sinh(inner);
        }
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double logDet = 0;
        for (int i = 0; i < z.Length; i++)
        {
            double outer = (Math.Asinh(z[i]) + weights["skewness"][i]) * Math.Exp(-weights["log_tail"][i]);
            logDet -= weights["log_tail"][i] + LogCosh(Math.Asinh(z[i])) - LogCosh(outer);
            z[i] = Math.Sinh(outer);
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input) => output == input;

    private static double LogCosh(double x) => Math.Abs(x) + Math.Log((1 + Math.Exp(-2 * Math.Abs(x))) / 2);
}
