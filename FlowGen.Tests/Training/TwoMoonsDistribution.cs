using FlowGen.Tests.Flows;

namespace FlowGen.Tests.Training;

/// <summary>Two half circles with normal noise: samples, and the density by quadrature.</summary>
internal static class TwoMoonsDistribution
{
    private const double Noise = 0.1;
    private const int Nodes = 400;

    public static float[] Rows(int count, int seed)
    {
        var random = new System.Random(seed);
        float[] noise = FlowFixture.Normal(2 * count, seed, Noise);
        float[] rows = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            var (x, y) = Curve(random.Next(2), random.NextDouble());
            rows[2 * i] = (float)(x + noise[2 * i]);
            rows[(2 * i) + 1] = (float)(y + noise[(2 * i) + 1]);
        }

        return rows;
    }

    /// <summary>The mean of the true log-density, in nats: the midpoint rule over the curve is exact to rounding at this noise.</summary>
    public static double MeanLogDensity(ReadOnlySpan<float> rows)
    {
        double sum = 0;
        for (int i = 0; i < rows.Length; i += 2)
        {
            double density = 0;
            for (int node = 0; node < Nodes; node++)
            {
                for (int moon = 0; moon < 2; moon++)
                {
                    var (x, y) = Curve(moon, (node + 0.5) / Nodes);
                    double dx = (rows[i] - x) / Noise;
                    double dy = (rows[i + 1] - y) / Noise;
                    density += Math.Exp(-0.5 * ((dx * dx) + (dy * dy)));
                }
            }

            sum += Math.Log(density / (2 * Nodes * 2 * Math.PI * Noise * Noise));
        }

        return sum / (rows.Length / 2);
    }

    private static (double X, double Y) Curve(int moon, double part)
    {
        double angle = Math.PI * part;
        return moon == 0 ? (Math.Cos(angle), Math.Sin(angle)) : (1 - Math.Cos(angle), 0.5 - Math.Sin(angle));
    }
}
