using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

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
        int size = 3;
        int count = (200 * TileGeometry.TileLanes) + 5;
        float[] x = FlowFixture.Normal(size * count, seed: 18);
        float[] z = new float[x.Length];
        float[] logDet = new float[count];
        WithThreads(threads, () => flow.Forward(x, z, logDet));
        for (int row = 0; row < count; row += 97)
        {
            float[] one = new float[size];
            float[] oneLogDet = new float[1];
            flow.Forward(x.AsSpan(row * size, size), one, oneLogDet);
            FlowFixture.Identical(one, z.AsSpan(row * size, size), $"row {row}");
            FlowFixture.Identical(oneLogDet, logDet.AsSpan(row, 1), $"log-det {row}");
        }
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
