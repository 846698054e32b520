namespace FlowGen;

/// <summary>How a flow is exported to ONNX.</summary>
public sealed class OnnxOptions
{
    /// <summary>
    /// Whether a sampling graph draws its noise itself: its input is then <c>count</c>, one 64-bit integer, and the samples are those of the runtime's generator,
    /// not those of <see cref="IFlow.Sample"/>. Otherwise the caller hands it the noise, and the same noise makes the same samples everywhere.
    /// </summary>
    public bool DrawNoise { get; init; }

    /// <summary>The seed of a graph that draws its noise: each session then draws the same sequence. Null leaves it to the runtime.</summary>
    public float? Seed { get; init; }
}
