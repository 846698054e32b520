using System.Diagnostics;
using System.Globalization;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Hardening;

/// <summary>Training and scoring again and again takes no more memory than doing it a few times.</summary>
[Collection(nameof(Exclusive))]
public sealed class FlatMemoryTests
{
    /// <summary>Set to how many seconds to go on.</summary>
    private const string Seconds = "FLOWGEN_TESTS_SOAK_SECONDS";

    [Fact]
    public void Memory_stays_flat()
    {
        var length = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable(Seconds) ?? "6", CultureInfo.InvariantCulture));
        string directory = Directory.CreateTempSubdirectory("flowgen").FullName;
        try
        {
            float[] data = FlowFixture.Normal(2 * 2000, seed: 1);
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < length / 4)
            {
                Round(data, directory);
            }

            var (heapBefore, processBefore) = Memory();
            int rounds = 0;
            while (watch.Elapsed < length)
            {
                Round(data, directory);
                rounds++;
            }

            var (heap, process) = Memory();
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{watch.Elapsed.TotalSeconds:0} s, {rounds} rounds: heap {heapBefore / 1e6:0.00} to {heap / 1e6:0.00} MB, process {processBefore / 1e6:0.0} to {process / 1e6:0.0} MB"));
            Assert.True(rounds > 0);

            // A leak of a kilobyte a round would be seen within minutes; noise of the collector is below.
            Assert.InRange(heap, 0, heapBefore + 2_000_000);
            Assert.InRange(process, 0, processBefore + 40_000_000);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Round(float[] data, string directory)
    {
        Round(static () => new PlaneGlow(seed: 1), data, 3, directory);
        Round(static () => new Steps4(seed: 1), data[..(64 * 50)], 2, directory);
        Round(static () => new VectorMint(seed: 1), data[..(5 * 200)], 2, directory);
    }

    private static void Round(Func<IFlow> create, float[] data, int epochs, string directory)
    {
        var flow = create();
        string checkpoint = Path.Combine(directory, "training.checkpoint");
        _ = flow.Fit(data, new FitOptions { Epochs = epochs - 1, Memory = MemoryMode.Recompute, Checkpoint = new CheckpointOptions(checkpoint) });
        _ = flow.Fit(data, new FitOptions { Epochs = epochs, Memory = MemoryMode.Recompute, ResumeFrom = checkpoint });
        string file = Path.Combine(directory, "flow.safetensors");
        flow.Save(file);
        var loaded = create();
        loaded.Load(file);
        for (int i = 0; i < 20; i++)
        {
            _ = loaded.LogProb(data);
            _ = loaded.Sample(data.Length / (4 * flow.Engine.Description.EventShape.Size), seed: (ulong)i);
        }

        foreach (int count in (int[])[1, 2, 3, 17, 65])
        {
            _ = loaded.SampleWithLogProb(count, seed: 1);
        }
    }

    private static (long Heap, long Process) Memory()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64);
    }
}
