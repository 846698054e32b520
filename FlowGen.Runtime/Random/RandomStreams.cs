namespace FlowGen.Random;

/// <summary>The independent streams of random numbers that one seed stands for.</summary>
internal static class RandomStreams
{
    /// <summary>Latents of samples.</summary>
    public const uint Latent = 1;

    /// <summary>Noise that dequantizes training data.</summary>
    public const uint TrainingNoise = 2;

    /// <summary>Noise that dequantizes evaluation data.</summary>
    public const uint EvaluationNoise = 3;

    /// <summary>The order of the rows in an epoch.</summary>
    public const uint Shuffle = 4;

    /// <summary>Which rows validate.</summary>
    public const uint Validation = 5;
}
