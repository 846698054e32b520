using System.Runtime.InteropServices;

namespace FlowGen.Random;

/// <summary>Uniform noise for evaluating discrete data, keyed by what the sample is and not by where it stands.</summary>
internal static class DequantizationNoise
{
    /// <summary>noisy = sample + u with u in [0, 1).</summary>
    public static void Add(ReadOnlySpan<float> sample, Span<float> noisy, ulong seed, int draw)
    {
        // FNV-1a over the values' bits.
        ulong content = 0xCBF29CE484222325UL;
        foreach (uint bits in MemoryMarshal.Cast<float, uint>(sample))
        {
            content = unchecked((content ^ bits) * 0x100000001B3UL);
        }

        RandomNumbers.FillNoise(noisy, seed, content, RandomNumbers.Stream(RandomPurpose.BitsPerDim, draw));
        for (int i = 0; i < sample.Length; i++)
        {
            noisy[i] += sample[i];
        }
    }
}
