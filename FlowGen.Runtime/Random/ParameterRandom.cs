namespace FlowGen.Random;

/// <summary>The random numbers that parameters start from: a stream of its own for each layer, fixed by the seed.</summary>
internal sealed class ParameterRandom(ulong seed, int layer)
{
    private ulong state = Mix(seed + (0x9E3779B97F4A7C15UL * (ulong)(layer + 1)));

    /// <summary>A uniform number in (-bound, bound).</summary>
    public float Uniform(double bound) => (float)(((2 * NextDouble()) - 1) * bound);

    /// <summary>A standard normal number (Marsaglia's polar method).</summary>
    public double Normal()
    {
        while (true)
        {
            double u = (2 * NextDouble()) - 1;
            double v = (2 * NextDouble()) - 1;
            double s = (u * u) + (v * v);
            if (s is > 0 and < 1)
            {
                return u * Math.Sqrt(-2 * Math.Log(s) / s);
            }
        }
    }

    private double NextDouble()
    {
        state = unchecked(state + 0x9E3779B97F4A7C15UL);
        return (Mix(state) >> 11) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
