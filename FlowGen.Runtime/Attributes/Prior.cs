namespace FlowGen;

/// <summary>The density of the latent z.</summary>
public enum Prior
{
    /// <summary>Independent standard normals: log p = -(z^2 + ln 2 pi) / 2 in each dimension.</summary>
    StandardNormal,

    /// <summary>Independent standard logistics: log p = -softplus(z) - softplus(-z) in each dimension (NICE).</summary>
    StandardLogistic,

    /// <summary>
    /// Independent normals whose mean and deviation are learned, one pair for each coordinate of a vector or channel of an image (Glow, the learned prior of the last level). The
    /// flow ends with a layer z = (x + b) e^s that standardises by them, so that the latent itself is standard normal.
    /// </summary>
    LearnedNormal,
}
