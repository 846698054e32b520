namespace FlowGen;

/// <summary>The density of the channels that a <see cref="SplitAttribute"/> sends off.</summary>
public enum SplitPrior
{
    /// <summary>That of the flow's prior.</summary>
    Standard,

    /// <summary>
    /// A normal whose mean and deviation are functions of the channels that stay (Glow, section 3.4): a 3 x 3 convolution, zero at the start. What is sent off is
    /// e = (x - mean) / deviation, so that the latent is standard normal and log p is right as it is.
    /// </summary>
    Learned,
}
