using BenchmarkDotNet.Attributes;

namespace FlowGen.Benchmarks;

/// <summary>The same workloads under BenchmarkDotNet, with allocations.</summary>
[InProcess]
[MemoryDiagnoser]
public class FlowBenchmarks
{
    private readonly RealNvp2 flow = new(1);
    private float[] x = [];
    private float[] logProb = [];
    private float[] gradient = [];

    /// <summary>The number of samples in one call.</summary>
    [Params(1, 64, 4096)]
    public int Batch { get; set; }

    /// <summary>Draws the batch.</summary>
    [GlobalSetup]
    public void Setup()
    {
        x = flow.Sample(Batch, seed: 1);
        logProb = new float[Batch];
        gradient = new float[flow.Parameters.TrainableCount];
    }

    /// <summary>Log-density of a batch.</summary>
    [Benchmark]
    public void LogProb() => flow.LogProb(x, logProb);

    /// <summary>Samples.</summary>
    [Benchmark]
    public void Sample() => flow.Sample(x, 2);

    /// <summary>Loss and gradient.</summary>
    [Benchmark]
    public double LossGradient() => flow.LossGradient(x, gradient);
}
