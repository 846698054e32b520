namespace FlowGen;

/// <summary>
/// A learned linear map z = W x of the whole vector (Glow, section 3.2, with one position). In the default parameterization W = P L U, with P a fixed permutation, L unit lower
/// triangular and U upper triangular with diagonal sign e^s, W is never singular, and log-det is the sum of s. On images: <see cref="Invertible1x1ConvAttribute"/>.
/// </summary>
public sealed class InvertibleLinearAttribute : FlowLayerAttribute
{
    /// <summary>How W is stored.</summary>
    public LinearParameterization Parameterization { get; set; } = LinearParameterization.Plu;
}
