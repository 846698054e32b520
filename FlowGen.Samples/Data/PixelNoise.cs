namespace FlowGen.Samples.Data;

/// <summary>Uniform noise that makes whole grey levels continuous, as in training.</summary>
internal static class PixelNoise
{
    /// <summary>Each number plus noise in [0, 1).</summary>
    /// <param name="levels">Whole numbers 0 .. 255.</param>
    /// <param name="seed">Which noise.</param>
    public static float[] Add(ReadOnlySpan<float> levels, int seed)
    {
        // A multiple of 2^-16, so that 255 plus noise stays below 256.
        var random = new System.Random(seed);
        var noisy = new float[levels.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            noisy[i] = levels[i] + (random.Next(1 << 16) / 65536f);
        }

        return noisy;
    }
}
