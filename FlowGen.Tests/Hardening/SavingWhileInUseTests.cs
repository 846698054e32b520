using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Hardening;

/// <summary>A flow that is in use by many threads is saved by one more: files are whole, answers are those of one thread.</summary>
public sealed class SavingWhileInUseTests
{
    [Fact]
    public async Task Answers_and_files_are_those_of_a_flow_that_is_left_alone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        string directory = Directory.CreateTempSubdirectory("flowgen").FullName;
        try
        {
            var flow = FlowFixture.Scramble(new PlaneGlow(), seed: 1);
            float[][] batches = [.. new[] { 1, 3, 64, 259 }.Select(static count => FlowFixture.Normal(2 * count, seed: count))];
            FlowResults[] expected = [.. batches.Select(batch => new FlowResults(FlowFixture.Scramble(new PlaneGlow(), seed: 1), batch))];
            using var alone = new MemoryStream();
            FlowFixture.Scramble(new PlaneGlow(), seed: 1).Save(alone);
            byte[] file = alone.ToArray();
            using var done = new CancellationTokenSource();
            using var start = new Barrier(5);
            var readers = Enumerable.Range(0, 4).Select(worker => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(cancellation);
                    int rounds = 0;
                    for (; rounds < 4 || !done.IsCancellationRequested; rounds++)
                    {
                        int which = (worker + rounds) % batches.Length;
                        expected[which].AssertIdentical(new FlowResults(flow, batches[which]), $"worker {worker}");
                    }

                    return rounds;
                },
                cancellation,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToArray();
            var writer = Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(cancellation);
                    string path = Path.Combine(directory, "flow.safetensors");
                    try
                    {
                        for (int i = 0; i < 60; i++)
                        {
                            flow.Save(path);
                            Assert.Equal(file, File.ReadAllBytes(path));
                        }
                    }
                    finally
                    {
                        done.Cancel();
                    }
                },
                cancellation,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            await Task.WhenAll([writer, .. readers]);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
