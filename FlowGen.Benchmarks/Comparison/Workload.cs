namespace FlowGen.Benchmarks.Comparison;

/// <summary>A model of the comparison.</summary>
/// <param name="Name">As it is shown, and filtered by.</param>
/// <param name="Create">Makes it, with weights that make the layers do something.</param>
/// <param name="Batches">The batches of log-prob and sampling.</param>
/// <param name="TrainingBatch">The batch of a training step.</param>
internal sealed record Workload(string Name, Func<IFlow> Create, int[] Batches, int TrainingBatch)
{
    /// <summary>The largest batch of sampling.</summary>
    public int MostSamples { get; init; } = int.MaxValue;

    /// <summary>Whether the peer computes as the code that was published with the paper does.</summary>
    public bool AsPublished { get; init; }

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("D=2 8x(64,64)", static () => new RealNvp2(1), [1, 64, 4096], 256),
        new("D=63 10x(128,128)", static () => new RealNvp63(1), [1, 64, 4096], 256),
        new("D=63 10x(512,512)", static () => new RealNvp63Wide(1), [1, 64, 4096], 256),
        new("NICE 784 4x(5x1000)", static () => new Nice784(1), [1, 64, 4096], 256),
        new("Glow 3x32x32 4x64", static () => new Glow32(1), [1, 64, 4096], 256),

        // The peer's samples take a hundred evaluations of each layer, and its intermediate results of 4096 images three gigabytes.
        new("MintNet 28x28 2x16", static () => new MintDigits16(1), [1, 64, 1024], 256) { MostSamples = 64 },
        new("MintNet 28x28 2x16, peer as published", static () => new MintDigits16(1), [1, 64, 1024], 256) { MostSamples = 64, AsPublished = true },
    ];

    /// <summary>The flow, ready to be measured.</summary>
    public IFlow Make()
    {
        IFlow flow = Create();
        Weights.Randomize(flow);
        return flow;
    }
}
