using System.CommandLine;
using System.Globalization;
using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>mintnet: MintNet on a density of the plane, with pictures of what its halves do.</summary>
internal static class MintCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("mintnet", "Trains a MintNet of four pairs on a density of the plane, and draws how lower and upper layers bend it and the Jacobians of one layer, of the pair and of the stack.");
        var dataset = Options.Dataset();
        var epochs = Options.Count("--epochs", "The passes over the data.", 40);
        var seed = Options.Seed("weights, data and samples", 1);
        var directory = Options.Out();
        command.Add(dataset);
        foreach (Option option in new Option[] { epochs, seed, directory })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(
            () => Run(
                PlaneDistributions.All.FirstOrDefault(d => d.Name == (parsed.GetValue(dataset) ?? "two-moons"))
                    ?? throw new SampleException($"There is no dataset '{parsed.GetValue(dataset)}'."),
                parsed.GetValue(epochs), parsed.GetValue(seed), Options.CreateDirectory(parsed.GetValue(directory)!), cancellation),
            cancellation));
        return command;
    }

    private static int Run(PlaneDistribution truth, int epochs, int seed, string directory, CancellationToken cancellation)
    {
        var flow = new MintPlane((ulong)seed);
        float[] data = truth.Draw(50_000, seed);
        var options = new FitOptions { Epochs = epochs, BatchSize = 256, Schedule = LearningRateSchedule.Cosine(), Optimizer = new Adam { LearningRate = 3e-3 }, Seed = (ulong)seed };
        _ = Training.Run(flow, data, options, limit: null, static loss => loss.ToString("0.0000", CultureInfo.InvariantCulture), cancellation);
        Comparison.Write(flow, truth, 100_000, seed + 1000);
        Invert(flow, seed);

        // The first pair of the stack, taken apart: Standardize is layer 0.
        var lower = new MintLowerHalf();
        var upper = new MintUpperHalf();
        var pair = new MintOnePair();
        Copy(flow, 1, lower);
        Copy(flow, 2, upper);
        Copy(flow, 1, pair);
        var parts = new int[4000];
        float[] points = truth.Draw(parts.Length, seed + 2000, parts);
        float[] normal = Normalized(points);
        List<string> files =
        [
            Figure.Save(
                Path.Combine(directory, $"mintnet-{truth.Name}.png"),
                PlanePanels.Density(flow, truth.Window, points, "learned density, with data"),
                PlanePanels.Samples(flow.Sample(4000, (ulong)seed), truth.Window, "samples"),
                PlanePanels.Latent(flow, points, parts, "data in latent space")),
            Figure.Save(
                Path.Combine(directory, $"mintnet-{truth.Name}-bends.png"),
                MintPanels.Grid(lower, 2.5, "the grid, bent by a lower layer"),
                MintPanels.Grid(upper, 2.5, "the grid, bent by an upper layer"),
                MintPanels.Grid(pair, 2.5, "the grid, bent by the pair"),
                MintPanels.Grid(flow, 2.5, "the grid, bent by the stack")),
            Figure.Save(
                Path.Combine(directory, $"mintnet-{truth.Name}-jacobians.png"),
                MintPanels.Jacobian(lower, normal, "|J| of a lower layer"),
                MintPanels.Jacobian(upper, lower.Forward(normal), "|J| of an upper layer"),
                MintPanels.Jacobian(pair, normal, "|J| of the pair"),
                MintPanels.Jacobian(flow, points, "|J| of the stack")),
        ];
        foreach (string file in files)
        {
            AnsiConsole.WriteLine($"wrote {file}");
        }

        return 0;
    }

    /// <summary>What the inverse reaches on samples.</summary>
    private static void Invert(MintPlane flow, int seed)
    {
        float[] z = flow.Forward(flow.Sample(4096, (ulong)seed + 1));
        var report = flow.Inverse(z, new float[z.Length], new float[z.Length / 2], new InverseOptions());
        var samples = Enumerable.Range(0, report.Count).ToList();
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"inverse of {report.Count} latents: residual at most {samples.Max(report.Residual):0.0e+0}, bound at most {samples.Max(report.Bound):0.0e+0}, {samples.Average(report.Evaluations) / 8:0.0} evaluations of a layer"));
    }

    /// <summary>The weights of the layers of the stack from one on.</summary>
    private static void Copy(MintPlane from, int layer, IFlow to)
    {
        foreach (var tensor in to.Engine.Parameters)
        {
            string name = tensor.Description.Name;
            string[] parts = name.Split('.', 3);
            to.Engine.Parameters[name].Set(from.Parameters[$"layers.{layer + int.Parse(parts[1], CultureInfo.InvariantCulture)}.{parts[2]}"].Values);
        }
    }

    private static float[] Normalized(float[] points)
    {
        float[] result = (float[])points.Clone();
        for (int axis = 0; axis < 2; axis++)
        {
            double mean = points.Where((_, i) => i % 2 == axis).Average();
            double deviation = Math.Sqrt(points.Where((_, i) => i % 2 == axis).Average(x => (x - mean) * (x - mean)));
            for (int i = axis; i < result.Length; i += 2)
            {
                result[i] = (float)((points[i] - mean) / deviation);
            }
        }

        return result;
    }
}
