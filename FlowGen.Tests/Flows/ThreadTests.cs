using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Large enough that threads share a few samples.</summary>
[Flow(5)]
[AffineCoupling(128, 128, Times = 8), AdditiveCoupling(128, 128), ActNorm]
public sealed partial class Shared5;

/// <summary>Results have the same bits with any number of threads.</summary>
[Collection(nameof(Exclusive))]
public sealed class ThreadTests
{
    public static TheoryData<string> Deep => FlowZoo.Deep;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Threads_change_nothing(int threads)
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 17);
        int count = (200 * TileGeometry.TileLanes) + 5;
        float[] x = FlowFixture.Normal(3 * count, seed: 18);
        FlowResults? results = null;
        float[] samples = [];
        WithThreads(threads, () => results = new FlowResults(flow, x));
        WithThreads(threads, () => samples = flow.Sample(count, seed: 5));
        for (int row = 0; row < count; row += 97)
        {
            results!.Rows([row]).AssertIdentical(new FlowResults(flow, x[(3 * row)..((3 * row) + 3)]), $"row {row} on {threads} threads");
        }

        float[] expected = [];
        WithThreads(1, () => expected = flow.Sample(count, seed: 5));
        FlowFixture.Identical(expected, samples, $"samples on {threads} threads");
    }

    /// <summary>Threads share batches smaller than a tile, and rests of every size, in narrower tiles.</summary>
    [Fact]
    public void Small_batches_have_the_same_bits_with_any_number_of_threads()
    {
        var flow = FlowFixture.Scramble(new Shared5(1), seed: 23);
        int full = TileGeometry.TileLanes;
        foreach (int count in (int[])[1, 2, full / 4, (full / 4) + 1, full / 2, full - 1, full, full + 1, (2 * full) + 3, (3 * full) - 1])
        {
            float[] x = FlowFixture.Normal(5 * count, seed: 24);
            FlowResults? expected = null;
            float[] samples = [];
            WithThreads(1, () => (expected, samples) = (new FlowResults(flow, x), flow.Sample(count, seed: 5)));
            foreach (int threads in (int[])[2, 3, 8])
            {
                WithThreads(threads, () => new FlowResults(flow, x).AssertIdentical(expected!, $"{count} samples on {threads} threads"));
                WithThreads(threads, () => FlowFixture.Identical(samples, flow.Sample(count, seed: 5), $"{count} samples on {threads} threads"));
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 4)]
    [InlineData(16, 4)]
    public void A_batch_of_one_tile_is_divided_among_threads(int threads, int parts) =>
        Assert.Equal(Math.Max(TileGeometry.Width, TileGeometry.TileLanes / parts), TileGeometry.SharedLanes(TileGeometry.TileLanes, threads, TileGeometry.TileLanes));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_large_batch_goes_in_the_widest_tiles(int tiles)
    {
        int widest = tiles * TileGeometry.TileLanes;
        Assert.Equal(widest, TileGeometry.SharedLanes(4096 * TileGeometry.TileLanes, 2, widest));
        Assert.Equal(TileGeometry.SharedLanes(TileGeometry.TileLanes, 2, TileGeometry.TileLanes), TileGeometry.SharedLanes(TileGeometry.TileLanes, 2, widest));
    }

    [Theory]
    [MemberData(nameof(Deep))]
    public void Gradients_have_the_same_bits_with_any_number_of_threads(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 19);
        float[] x = FlowZoo.Case(name).Samples((20 * TileGeometry.TileLanes) + 3, seed: 20);
        foreach (var options in (GradientOptions[])[new(), new() { Memory = MemoryMode.Recompute }, new() { Mode = FlowMode.Training }])
        {
            float[] expected = new float[flow.Parameters.TrainableCount];
            double loss = 0;
            WithThreads(1, () => loss = flow.LossGradient(x, expected, options));
            foreach (int threads in (int[])[1, 2, 5])
            {
                float[] gradient = new float[expected.Length];
                double again = 0;
                WithThreads(threads, () => again = flow.LossGradient(x, gradient, options));
                FlowFixture.Identical(expected, gradient, $"gradient on {threads} threads, {options.Memory}, {options.Mode}");
                Assert.Equal(loss, again);
            }
        }
    }

    /// <summary>One thread adds tiles to one gradient, several make a partial sum of each.</summary>
    [Fact]
    public void Gradients_of_few_tiles_have_the_same_bits_with_any_number_of_threads()
    {
        var flow = FlowFixture.Scramble(new Shared5(1), seed: 25);
        foreach (int count in (int[])[TileGeometry.TileLanes, (2 * TileGeometry.TileLanes) + 3, 4 * TileGeometry.TileLanes, (7 * TileGeometry.TileLanes) + 1])
        {
            float[] x = FlowFixture.Normal(5 * count, seed: 26);
            foreach (var options in (GradientOptions[])[new(), new() { Memory = MemoryMode.Recompute }])
            {
                float[] expected = new float[flow.Parameters.TrainableCount];
                WithThreads(1, () => flow.LossGradient(x, expected, options));
                foreach (int threads in (int[])[2, 3])
                {
                    float[] gradient = new float[expected.Length];
                    WithThreads(threads, () => flow.LossGradient(x, gradient, options));
                    FlowFixture.Identical(expected, gradient, $"{count} samples on {threads} threads, {options.Memory}");
                }
            }
        }
    }

    private static void WithThreads(int threads, Action action)
    {
        int before = FlowThreads.Maximum;
        FlowThreads.Maximum = threads;
        try
        {
            action();
        }
        finally
        {
            FlowThreads.Maximum = before;
        }
    }
}
