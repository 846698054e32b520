namespace FlowGen.Random;

/// <summary>
/// The permutation that a seed stands for, the same in the compiler and at run time: Fisher and Yates' shuffle driven by
/// the SplitMix64 generator (Steele, Lea and Flood, 2014).
/// </summary>
internal static class SeededShuffle
{
    /// <summary>A permutation of 0 .. length - 1.</summary>
    public static int[] Create(int length, ulong seed)
    {
        var order = new int[length];
        for (int i = 0; i < length; i++)
        {
            order[i] = i;
        }

        ulong state = seed;
        for (int i = length - 1; i > 0; i--)
        {
            // The remainder's bias is below 2^-32 for any length that fits in memory.
            int j = (int)(Next(ref state) % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static ulong Next(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15UL;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
