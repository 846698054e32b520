namespace FlowGen;

/// <summary>The density of the latent z.</summary>
public enum Prior
{
    /// <summary>Independent standard normals: log p = -(z^2 + ln 2 pi) / 2 in each dimension.</summary>
    StandardNormal,

    /// <summary>Independent standard logistics: log p = -softplus(z) - softplus(-z) in each dimension (NICE).</summary>
    StandardLogistic,
}
