namespace FlowGen.Samples.Data;

/// <summary>
/// A point chosen at random on one of several curves, plus normal noise of one deviation in every direction. Its density is the mean over the
/// curves of the line integral of the normal density, computed by Gauss-Legendre quadrature; its entropy by the trapezoidal rule on a grid,
/// which converges faster than any power of the step for a density this smooth.
/// </summary>
internal sealed class NoisyCurves : PlaneDistribution
{
    private readonly Curve[] curves;
    private readonly double noise;
    private readonly double[] xs;
    private readonly double[] ys;
    private readonly double[] logWeights;
    private readonly Lazy<double> entropy;

    /// <param name="name">The name on the command line.</param>
    /// <param name="summary">What it is, in a few words.</param>
    /// <param name="window">What pictures show.</param>
    /// <param name="noise">The deviation of the noise.</param>
    /// <param name="panels">The number of panels of 16 nodes on each curve; 0 for curves that are a single point.</param>
    /// <param name="curves">The curves, equally likely.</param>
    public NoisyCurves(string name, string summary, Window window, double noise, int panels, Curve[] curves)
        : base(name, summary, window)
    {
        this.curves = curves;
        this.noise = noise;
        (double[] nodes, double[] weights) = panels == 0 ? ([0.5], [1.0]) : GaussLegendre.Rule(panels);
        xs = new double[curves.Length * nodes.Length];
        ys = new double[xs.Length];
        logWeights = new double[xs.Length];
        double scale = 1 / (curves.Length * 2 * Math.PI * noise * noise);
        for (int c = 0, k = 0; c < curves.Length; c++)
        {
            for (int n = 0; n < nodes.Length; n++, k++)
            {
                (xs[k], ys[k]) = curves[c].Point(nodes[n]);
                logWeights[k] = Math.Log(weights[n] * curves[c].Density(nodes[n]) * scale);
            }
        }

        entropy = new Lazy<double>(IntegrateEntropy);
    }

    /// <inheritdoc/>
    public override double Entropy => entropy.Value;

    /// <inheritdoc/>
    public override string EntropySource => "quadrature of the known density";

    /// <inheritdoc/>
    public override double LogDensity(double x, double y)
    {
        double scale = -0.5 / (noise * noise);
        Span<double> terms = stackalloc double[xs.Length];
        double largest = double.NegativeInfinity;
        for (int k = 0; k < terms.Length; k++)
        {
            double dx = x - xs[k];
            double dy = y - ys[k];
            terms[k] = logWeights[k] + (scale * ((dx * dx) + (dy * dy)));
            largest = Math.Max(largest, terms[k]);
        }

        double sum = 0;
        foreach (double term in terms)
        {
            // Terms below e^-40 of the largest are below the precision of the sum.
            if (term > largest - 40)
            {
                sum += Math.Exp(term - largest);
            }
        }

        return largest + Math.Log(sum);
    }

    /// <inheritdoc/>
    protected override (double X, double Y, int Part) Draw(System.Random random)
    {
        int part = random.Next(curves.Length);
        (double x, double y) = curves[part].Point(Math.Pow(random.NextDouble(), curves[part].Power));

        // Box and Muller's transform; 1 - u is never 0.
        double radius = noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        double angle = 2 * Math.PI * random.NextDouble();
        return (x + (radius * Math.Cos(angle)), y + (radius * Math.Sin(angle)), part);
    }

    private double IntegrateEntropy()
    {
        // Outside eight deviations from every curve there is less than 1e-14 of the mass.
        double margin = 8 * noise;
        double left = xs.Min() - margin;
        double bottom = ys.Min() - margin;
        double step = noise / 3;
        int columns = (int)Math.Ceiling((xs.Max() + margin - left) / step);
        int rows = (int)Math.Ceiling((ys.Max() + margin - bottom) / step);
        var sums = new double[rows];
        Parallel.For(0, rows, row =>
        {
            for (int column = 0; column < columns; column++)
            {
                double log = LogDensity(left + (column * step), bottom + (row * step));
                if (log > -700)
                {
                    sums[row] -= Math.Exp(log) * log;
                }
            }
        });
        return sums.Sum() * step * step;
    }
}
