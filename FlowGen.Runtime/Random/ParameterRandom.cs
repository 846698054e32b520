namespace FlowGen.Random;

/// <summary>The random numbers that parameters start from: a stream of its own for each layer, fixed by the seed.</summary>
internal sealed class ParameterRandom(ulong seed, int layer)
{
    private WordSequence words = new(seed, RandomNumbers.Stream(RandomPurpose.Initialization, layer));

    /// <summary>A uniform number in (-bound, bound).</summary>
    public float Uniform(double bound) => (float)(((2 * Next()) - 1) * bound);

    /// <summary>A standard normal number (Marsaglia's polar method).</summary>
    public double Normal()
    {
        while (true)
        {
            double u = (2 * Next()) - 1;
            double v = (2 * Next()) - 1;
            double s = (u * u) + (v * v);
            if (s is > 0 and < 1)
            {
                return u * Math.Sqrt(-2 * Math.Log(s) / s);
            }
        }
    }

    /// <summary>A number in (0, 1).</summary>
    private double Next() => (words.Next() + 0.5) * (1.0 / (1UL << 32));
}
