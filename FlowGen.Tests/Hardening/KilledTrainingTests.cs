using System.Diagnostics;
using System.Globalization;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Hardening;

/// <summary>
/// A process that trains is killed at random moments, most of them while it writes its checkpoint, and started again from the file that it left, until its training is done:
/// no checkpoint is lost or torn, and the weights are those of a training that nobody disturbed. Flows on vectors and on images take turns.
/// </summary>
[Collection(nameof(Exclusive))]
public sealed class KilledTrainingTests : IDisposable
{
    /// <summary>Set to how often processes are to be killed.</summary>
    private const string Kills = "FLOWGEN_TESTS_KILLS";

    // Saves after every step: the process spends most of its time writing.
    private const string Trainer = """
        using System;
        using System.IO;
        using System.Linq;
        using FlowGen;

        ulong seed = ulong.Parse(args[0]);
        string checkpoint = args[1], result = args[2];
        var random = new Random((int)seed);
        IFlow flow = seed % 2 == 1 ? new Trained(seed) : new TrainedImages(seed);
        int size = seed % 2 == 1 ? Trained.Description.EventShape.Size : TrainedImages.Description.EventShape.Size;
        float[] data = Enumerable.Range(0, size * 480).Select(_ => (float)(random.NextDouble() + random.NextDouble() - 1)).ToArray();
        bool saves = args.Length > 3;
        var options = new FitOptions
        {
            Epochs = 40,
            BatchSize = 32,
            Seed = seed,
            EmaDecay = 0.99,
            Patience = 0,
            Checkpoint = saves ? new CheckpointOptions(checkpoint) { Interval = TimeSpan.Zero } : null,
            ResumeFrom = saves && File.Exists(checkpoint) ? checkpoint : null,
            ProgressInterval = TimeSpan.Zero,
        };
        var history = flow.Fit(data, options, new Started());
        flow.Save(result);
        Console.WriteLine($"done {history.Steps}");

        sealed class Started : IProgress<FitProgress>
        {
            private bool said;

            public void Report(FitProgress value)
            {
                if (!said)
                {
                    said = true;
                    Console.WriteLine($"training at {value.Epoch} {value.Step}");
                }
            }
        }

        [Flow(3)]
        [ActNorm]
        [AffineCoupling(12, Times = 2)]
        [BatchNorm]
        [InvertibleLinear]
        [AffineCoupling(12, Times = 2)]
        public sealed partial class Trained;

        [Flow(1, 4, 4)]
        [Squeeze, ActNorm, Invertible1x1Conv]
        [AffineCoupling(6, 6, Net = CouplingNet.Conv, Times = 2)]
        [BatchNorm, Split(Prior = SplitPrior.Learned)]
        [MintPair(Paths = 2)]
        public sealed partial class TrainedImages;
        """;

    private readonly string directory = Directory.CreateTempSubdirectory("flowgen-killed-").FullName;

    private string Checkpoint => Path.Combine(directory, "training.checkpoint");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_training_that_is_killed_and_resumed_ends_as_one_that_was_not()
    {
        var cancellation = TestContext.Current.CancellationToken;
        FlowCompiler.CompileProgram(Trainer, Path.Combine(directory, "Trainer.dll"));
        int wanted = int.Parse(Environment.GetEnvironmentVariable(Kills) ?? "24", CultureInfo.InvariantCulture);
        int killed = 0, resumed = 0, whileWriting = 0;
        var random = new System.Random(5);
        for (int seed = 1; killed < wanted; seed++)
        {
            string undisturbed = Path.Combine(directory, "undisturbed.safetensors");
            string result = Path.Combine(directory, "result.safetensors");
            using (var whole = Start(seed, undisturbed, saves: false))
            {
                await Finish(whole, cancellation);
            }

            File.Delete(Checkpoint);
            bool finished = false;
            while (!finished)
            {
                bool existed = File.Exists(Checkpoint);
                using var process = Start(seed, result, saves: true);
                if (killed < wanted)
                {
                    // A damaged checkpoint would end the process with a message instead.
                    string? line = await process.StandardOutput.ReadLineAsync(cancellation);
                    if (existed && line?.StartsWith("done", StringComparison.Ordinal) == true)
                    {
                        // The last one was killed behind its last step.
                        await process.WaitForExitAsync(cancellation);
                        finished = true;
                        continue;
                    }

                    Assert.True(line?.StartsWith("training at", StringComparison.Ordinal), $"{line}\n{(line is null ? await process.StandardError.ReadToEndAsync(cancellation) : "")}");
                    resumed += existed ? 1 : 0;
                    await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 120), cancellation);
                    process.Kill();
                    await process.WaitForExitAsync(cancellation);
                    string rest = await process.StandardOutput.ReadToEndAsync(cancellation);
                    finished = rest.Contains("done", StringComparison.Ordinal);
                    killed += finished ? 0 : 1;
                    whileWriting += Directory.GetFiles(directory, ".*.tmp").Length > 0 ? 1 : 0;
                    foreach (string torn in Directory.GetFiles(directory, ".*.tmp"))
                    {
                        File.Delete(torn);
                    }

                    Assert.True(!existed || File.Exists(Checkpoint), "The checkpoint is gone.");
                }
                else
                {
                    await Finish(process, cancellation);
                    finished = true;
                }
            }

            Assert.Equal(await File.ReadAllBytesAsync(undisturbed, cancellation), await File.ReadAllBytesAsync(result, cancellation));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} processes killed, {whileWriting} of them while they wrote; {resumed} trainings resumed");
        Assert.Equal(wanted, killed);
        Assert.True(resumed > wanted / 2, $"Only {resumed} of {killed} kills came after a checkpoint.");
        Assert.True(whileWriting > 0, "No process was killed while it wrote.");
    }

    private static async Task Finish(Process process, CancellationToken cancellation)
    {
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        string errors = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0 && output.Contains("done", StringComparison.Ordinal), output + errors);
    }

    private Process Start(int seed, string result, bool saves)
    {
        string[] arguments = [Path.Combine(directory, "Trainer.dll"), seed.ToString(CultureInfo.InvariantCulture), Checkpoint, result, .. saves ? new[] { "save" } : []];
        return Process.Start(new ProcessStartInfo(Packaging.DotnetCommand.Host, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
