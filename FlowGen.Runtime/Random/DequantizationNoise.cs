using System.Runtime.InteropServices;

namespace FlowGen.Random;

/// <summary>Uniform noise for evaluating discrete data, keyed by what the sample is and not by where it stands.</summary>
internal static class DequantizationNoise
{
    /// <summary>noisy = sample + u, with u a multiple of 2^-16 in [0, 1): the sum never rounds up to the next level.</summary>
    public static void Add(ReadOnlySpan<float> sample, Span<float> noisy, ulong seed, uint draw)
    {
        ulong key = Mix(seed ^ Mix(0x9E3779B97F4A7C15UL + draw));
        foreach (uint bits in MemoryMarshal.Cast<float, uint>(sample))
        {
            key = Mix(key ^ bits);
        }

        for (int i = 0; i < sample.Length; i++)
        {
            noisy[i] = sample[i] + ((Mix(key + (0x9E3779B97F4A7C15UL * (ulong)(i + 1))) >> 48) * (1f / 65536));
        }
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).</summary>
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
