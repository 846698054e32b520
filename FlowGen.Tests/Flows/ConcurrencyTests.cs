using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Inference on one instance from many threads.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Many_threads_get_the_answers_that_one_gets()
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 1);
        int[] counts = [1, 3, TileGeometry.TileLanes, (3 * TileGeometry.TileLanes) + 5, 300 * TileGeometry.TileLanes];
        float[][] batches = [.. counts.Select(count => FlowFixture.Normal(3 * count, seed: count))];
        FlowResults[] expected = [.. batches.Select(batch => new FlowResults(FlowFixture.Scramble(new HandWrittenFlow(), seed: 1), batch))];
        using var start = new Barrier(8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Factory.StartNew(
            () =>
            {
                // All prepare the weights at once, in every form.
                start.SignalAndWait(TestContext.Current.CancellationToken);
                for (int round = 0; round < 12; round++)
                {
                    int which = (worker + round) % counts.Length;
                    expected[which].AssertIdentical(new FlowResults(flow, batches[which]), $"worker {worker}, batch of {counts[which]}");
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }
}
