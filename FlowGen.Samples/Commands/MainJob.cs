using System.CommandLine;
using System.Globalization;
using System.Reflection;
using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>What runs without a command: a flow from its declaration to pictures of its density.</summary>
internal static class MainJob
{
    private const int TrainingPoints = 100_000;
    private const int TestPoints = 100_000;

    /// <summary>Makes it the action of the root command.</summary>
    public static void Configure(RootCommand root)
    {
        var directory = Options.Out();
        var seed = Options.Seed("weights, data and samples", 1);
        root.Add(directory);
        root.Add(seed);
        root.SetAction((parsed, cancellation) => Task.Run(() => Run(Options.CreateDirectory(parsed.GetValue(directory)!), parsed.GetValue(seed), cancellation), cancellation));
    }

    private static int Run(string directory, int seed, CancellationToken cancellation)
    {
        var moons = PlaneDistributions.TwoMoons;
        string source = Declaration();
        AnsiConsole.Write(new Rule("[bold]1. A flow, declared[/]").LeftJustified());
        AnsiConsole.Write(new Panel(new Text(source.Trim())).Header("Flows/TwoMoons.cs").RoundedBorder());
        var flow = new TwoMoons((ulong)seed);
        AnsiConsole.WriteLine(Summary(TwoMoons.Description));

        AnsiConsole.Write(new Rule("[bold]2. Training[/]").LeftJustified());
        float[] data = moons.Draw(TrainingPoints, seed);
        var options = new FitOptions { Epochs = 60, BatchSize = 512, Schedule = LearningRateSchedule.Cosine(), Optimizer = new Adam { LearningRate = 3e-3 }, Seed = (ulong)seed };
        var history = Training.Run(flow, data, options, limit: null, static loss => loss.ToString("0.0000", CultureInfo.InvariantCulture), cancellation);
        Comparison.Write(flow, moons, TestPoints, seed + 1000);

        AnsiConsole.Write(new Rule("[bold]3. Verification[/]").LeftJustified());
        bool passed = VerifyCommand.Report(FlowVerifier.Verify(flow, data));

        AnsiConsole.Write(new Rule("[bold]4. Samples, weights, pictures[/]").LeftJustified());
        string weights = Path.Combine(directory, "two-moons.safetensors");
        flow.Save(weights);
        File.WriteAllText(ModelFiles.DeclarationOf(weights), source);
        var parts = new int[4000];
        float[] points = moons.Draw(parts.Length, seed + 2000, parts);
        float[] samples = flow.Sample(4000, seed: (ulong)seed);
        List<string> files =
        [
            weights,
            ModelFiles.DeclarationOf(weights),
            Figure.Save(
                Path.Combine(directory, "two-moons.png"),
                PlanePanels.Density(flow, moons.Window, points, "learned density, with data"),
                PlanePanels.Samples(samples, moons.Window, "samples"),
                PlanePanels.Latent(flow, points, parts, "data in latent space")),
            Figure.Save(
                Path.Combine(directory, "two-moons-training.png"),
                CurvePanel.Create("mean negative log-likelihood", "epoch", "nats", Training.Curves(history, static x => x), ("true entropy", moons.Entropy))),
        ];
        foreach (string file in files)
        {
            AnsiConsole.WriteLine($"wrote {file}");
        }

        return passed ? 0 : 1;
    }

    private static string Declaration()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("TwoMoons.cs")!);
        return reader.ReadToEnd();
    }

    private static string Summary(FlowDescription description) => string.Create(
        CultureInfo.InvariantCulture, $"The compiler made {description.Layers.Count} layers with {description.TrainableCount} parameters of it: forward, inverse, log-det and gradient.");
}
