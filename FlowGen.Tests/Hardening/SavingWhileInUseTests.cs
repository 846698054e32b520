using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Hardening;

/// <summary>A small MintNet of images.</summary>
[Flow(1, 4, 4)]
[MintPair(Paths = 2), Squeeze(Order = SqueezeOrder.SpaceToDepth), MintPair(Paths = 2)]
public sealed partial class SmallMint;

/// <summary>A flow that is in use by many threads is saved by one more: files are whole, answers are those of one thread.</summary>
public sealed class SavingWhileInUseTests
{
    private static readonly Dictionary<string, Func<IFlow>> Flows = new(StringComparer.Ordinal)
    {
        ["vectors"] = static () => FlowFixture.Scramble(new PlaneGlow(), seed: 1),
        ["images"] = static () => FlowFixture.Scramble(new ThreeSplits(), seed: 1),
        ["MintNet"] = static () => FlowFixture.Scramble(new SmallMint(), seed: 1),
    };

    public static TheoryData<string> Names => [.. Flows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answers_and_files_are_those_of_a_flow_that_is_left_alone(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        string directory = Directory.CreateTempSubdirectory("flowgen").FullName;
        try
        {
            var flow = Flows[name]();
            int size = flow.Engine.Description.EventShape.Size;
            int[] counts = flow.Engine.Description.EventShape.IsImage ? [1, 2, 5, 19] : [1, 3, 64, 259];
            float[][] batches = [.. counts.Select(count => FlowFixture.Normal(size * count, seed: count))];
            FlowResults[] expected = [.. batches.Select(batch => new FlowResults(Flows[name](), batch))];
            using var alone = new MemoryStream();
            Flows[name]().Save(alone);
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
