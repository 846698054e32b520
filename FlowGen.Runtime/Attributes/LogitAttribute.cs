namespace FlowGen;

/// <summary>
/// Maps [0, 1] to the real line: z = log p - log(1 - p) with p = alpha + (1 - 2 alpha) x (Real NVP, section 4.1, in the symmetric form of its code).
/// </summary>
/// <param name="alpha">The margin at both ends: above 0, below one half.</param>
public sealed class LogitAttribute(double alpha = 1e-6) : FlowLayerAttribute
{
    /// <summary>The margin at both ends.</summary>
    public double Alpha { get; } = alpha;
}
