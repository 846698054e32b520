namespace FlowGen.Tests.Random;

/// <summary>Kolmogorov and Smirnov's test of whether numbers come from a distribution.</summary>
internal static class KolmogorovSmirnov
{
    /// <summary>The largest distance between the empirical and the exact distribution function, times sqrt(n): above 1.95 once in 1000 times.</summary>
    public static double Statistic(IEnumerable<float> numbers, Func<double, double> distribution)
    {
        float[] sorted = [.. numbers.Order()];
        double largest = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double exact = distribution(sorted[i]);
            largest = Math.Max(largest, Math.Max(exact - ((double)i / sorted.Length), ((i + 1.0) / sorted.Length) - exact));
        }

        return largest * Math.Sqrt(sorted.Length);
    }
}
