namespace FlowGen;

/// <summary>
/// Batch normalization as a flow layer (Real NVP, section 3.7): z = (x - mean) / sqrt(variance + epsilon) in each coordinate, without
/// gain or offset. Running statistics everywhere but in training.
/// </summary>
public sealed class BatchNormAttribute : FlowLayerAttribute
{
    /// <summary>The share of the new batch in the running statistics: running += momentum (batch - running).</summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; set; } = 1e-5;
}
