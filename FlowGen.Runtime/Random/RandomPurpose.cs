namespace FlowGen.Random;

/// <summary>What random numbers are for: numbers of one seed for different purposes are independent.</summary>
internal enum RandomPurpose : byte
{
    /// <summary>Latents of samples.</summary>
    Sample,

    /// <summary>Initial parameters.</summary>
    Initialization,

    /// <summary>The order of the rows in an epoch.</summary>
    Shuffle,

    /// <summary>The noise that makes integers continuous, in training.</summary>
    Dequantization,

    /// <summary>The noise that makes integers continuous, in an estimate of bits per dimension.</summary>
    BitsPerDim,

    /// <summary>Points and directions at which a verification looks.</summary>
    Verification,
}
