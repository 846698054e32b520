namespace FlowGen.Samples.Data;

/// <summary>The Gauss-Legendre rule on panels of [0, 1].</summary>
internal static class GaussLegendre
{
    private const int Order = 16;

    /// <summary>The nodes and weights of <paramref name="panels"/> equal panels with 16 nodes each.</summary>
    public static (double[] Nodes, double[] Weights) Rule(int panels)
    {
        var nodes = new double[panels * Order];
        var weights = new double[panels * Order];
        for (int i = 0; i < Order; i++)
        {
            // Newton's method on the Legendre polynomial from the usual cosine guess.
            double x = Math.Cos(Math.PI * (i + 0.75) / (Order + 0.5));
            double slope;
            double step;
            do
            {
                double previous = 1;
                double value = x;
                for (int k = 2; k <= Order; k++)
                {
                    (previous, value) = (value, ((((2 * k) - 1) * x * value) - ((k - 1) * previous)) / k);
                }

                slope = Order * ((x * value) - previous) / ((x * x) - 1);
                step = value / slope;
                x -= step;
            }
            while (Math.Abs(step) > 1e-15);

            double weight = 2 / ((1 - (x * x)) * slope * slope);
            for (int p = 0; p < panels; p++)
            {
                nodes[(p * Order) + i] = (p + ((1 + x) / 2)) / panels;
                weights[(p * Order) + i] = weight / 2 / panels;
            }
        }

        return (nodes, weights);
    }
}
