namespace FlowGen;

/// <summary>
/// Sends half of the channels to the latent, the other half goes on (Real NVP, section 3.6, and Glow's multi-scale architecture). Log-det 0; with
/// <see cref="SplitPrior.Learned"/> that of the standardisation.
/// </summary>
public sealed class SplitAttribute : FlowLayerAttribute
{
    /// <summary>The density of what leaves. <see cref="SplitPrior.Learned"/> needs a normal prior of the flow.</summary>
    public SplitPrior Prior { get; set; } = SplitPrior.Standard;

    /// <summary>Which half of the channels goes on.</summary>
    public Half Keeps { get; set; } = Half.First;
}
