namespace FlowGen;

/// <summary>What a row of a <see cref="VerificationReport"/> compares.</summary>
public enum VerificationCheck
{
    /// <summary>The double reference against itself: its inverse undoes it, and its log-det is that of its Jacobian, to 1e-8.</summary>
    Reference,

    /// <summary>Data to latent, against the double reference.</summary>
    Forward,

    /// <summary>The log-det of data to latent, against the determinant of the Jacobian of the reference.</summary>
    ForwardLogDet,

    /// <summary>The log-det of latent to data, against the determinant of the Jacobian of the reference's inverse.</summary>
    InverseLogDet,

    /// <summary>Data to latent and back.</summary>
    RoundTrip,

    /// <summary>Latent to data and back.</summary>
    LatentRoundTrip,

    /// <summary>Outputs that may not depend on an input keep every bit when it changes, in both directions.</summary>
    Structure,

    /// <summary>A sample's result alone, against its result in the batch: every bit.</summary>
    OneAnswer,

    /// <summary>log p(x), against the double reference.</summary>
    LogProb,

    /// <summary>Gradients by the data, of log p(x) and of a random function of latent and log-det, against differences.</summary>
    InputGradient,

    /// <summary>The mean negative log-likelihood, against the double reference.</summary>
    Loss,

    /// <summary>Gradients of the loss by the parameters with <see cref="MemoryMode.Stored"/>, against differences.</summary>
    StoredGradient,

    /// <summary>Gradients of the loss by the parameters with <see cref="MemoryMode.Recompute"/>, against differences.</summary>
    RecomputedGradient,

    /// <summary>Gradients of the loss by the parameters with the statistics of the batch, against differences.</summary>
    TrainingGradient,
}
