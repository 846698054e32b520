namespace FlowGen;

/// <summary>How a gradient is computed.</summary>
public sealed class GradientOptions
{
    /// <summary>What is kept of the forward pass; null for what suits the flow: see <see cref="MemoryMode"/>.</summary>
    public MemoryMode? Memory { get; init; }

    /// <summary>Which statistics BatchNorm uses.</summary>
    public FlowMode Mode { get; init; } = FlowMode.Evaluation;

    /// <summary>A weight for each sample <c>[N]</c>, not negative; the loss is then the weighted mean. Empty for equal weights.</summary>
    public ReadOnlyMemory<float> SampleWeights { get; init; }
}
