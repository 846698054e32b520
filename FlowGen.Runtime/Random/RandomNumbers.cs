using System.Runtime.InteropServices;

namespace FlowGen.Random;

/// <summary>Random numbers for what surrounds a flow: parameters, shuffles, noise. The same bits on every processor.</summary>
internal static class RandomNumbers
{
    /// <summary>Dequantisation noise has this many bits: with a value of 8 bits they fill a float, so that no sum rounds.</summary>
    private const int NoiseBits = 16;

    private const int NoisesPerBlock = 8;

    /// <summary>The number of an epoch, draw or tensor goes into the lower bits of a stream.</summary>
    private const int StreamBits = 24;

    /// <summary>The stream of a purpose and of the epoch, draw or tensor numbered <paramref name="number"/>, modulo 2^24.</summary>
    public static uint Stream(RandomPurpose purpose, int number = 0) =>
        ((uint)purpose << StreamBits) | ((uint)number & ((1u << StreamBits) - 1));

    /// <summary>Standard normal numbers of a sequence: see <see cref="TileRandom"/>, with one lane.</summary>
    public static void FillNormal(Span<float> destination, ulong seed, ulong index, uint stream) =>
        TileRandom.FillNormal(ref MemoryMarshal.GetReference(destination), destination.Length, 1, seed, index, stream);

    /// <summary>Numbers of a sequence, uniform on [0, 1), with 24 bits.</summary>
    public static void FillUniform(Span<float> destination, ulong seed, ulong index, uint stream) =>
        TileRandom.FillUniform(ref MemoryMarshal.GetReference(destination), destination.Length, 1, seed, index, stream);

    /// <summary>
    /// Noise of one row, uniform on [0, 1): multiples of 2^-16. Element i is half i % 2, low first, of word i % 8 / 2 of
    /// <see cref="Philox.Block"/>(row, i / 8, stream).
    /// </summary>
    public static void FillNoise(Span<float> destination, ulong seed, ulong row, uint stream)
    {
        var philox = new Philox(seed);
        Span<float> block = stackalloc float[NoisesPerBlock];
        for (int i = 0; i < destination.Length; i += NoisesPerBlock)
        {
            (uint word0, uint word1, uint word2, uint word3) = philox.Block(row, (uint)(i / NoisesPerBlock), stream);
            Split(word0, block);
            Split(word1, block[2..]);
            Split(word2, block[4..]);
            Split(word3, block[6..]);
            block[..Math.Min(NoisesPerBlock, destination.Length - i)].CopyTo(destination[i..]);
        }

        static void Split(uint word, Span<float> noise)
        {
            const float Unit = 1f / (1 << NoiseBits);
            noise[0] = (word & ((1 << NoiseBits) - 1)) * Unit;
            noise[1] = (word >> NoiseBits) * Unit;
        }
    }

    /// <summary>
    /// Brings the elements into a uniformly random order (Fisher and Yates), which depends on their order before, the seed and
    /// the stream.
    /// </summary>
    public static void Shuffle(Span<int> elements, ulong seed, uint stream)
    {
        var words = new WordSequence(seed, stream);
        for (int i = elements.Length - 1; i > 0; i--)
        {
            int j = (int)words.Next((uint)i + 1);
            (elements[i], elements[j]) = (elements[j], elements[i]);
        }
    }
}
