namespace FlowGen.Tests.Training;

/// <summary>The optimizers in double precision, one element at a time, straight from their papers with PyTorch's conventions.</summary>
internal sealed class OptimizerReference(int count)
{
    private readonly double[] m = new double[count];
    private readonly double[] v = new double[count];
    private readonly double[] most = new double[count];
    private int t;

    public void Adam(double[] p, ReadOnlySpan<float> gradient, double rate, double beta1, double beta2, double epsilon, double l2, double decoupled, bool amsGrad)
    {
        t++;
        for (int i = 0; i < p.Length; i++)
        {
            p[i] *= 1 - (rate * decoupled);
            double g = gradient[i] + (l2 * p[i]);
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * g * g);
            most[i] = Math.Max(most[i], v[i]);
            double corrected = (amsGrad ? most[i] : v[i]) / (1 - Math.Pow(beta2, t));
            p[i] -= rate * (m[i] / (1 - Math.Pow(beta1, t))) / (Math.Sqrt(corrected) + epsilon);
        }
    }

    public void Adamax(double[] p, ReadOnlySpan<float> gradient, double rate, double beta1, double beta2, double epsilon, double l2)
    {
        t++;
        for (int i = 0; i < p.Length; i++)
        {
            double g = gradient[i] + (l2 * p[i]);
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
            v[i] = Math.Max(beta2 * v[i], Math.Abs(g) + epsilon);
            p[i] -= rate / (1 - Math.Pow(beta1, t)) * m[i] / v[i];
        }
    }
}
