using System.CommandLine;
using FlowGen.Samples.Data;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>sample: draws rows from a trained flow.</summary>
internal static class SampleCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("sample", "Draws samples from a trained flow and writes them as CSV, with a picture where they lie on a plane.");
        var name = new Argument<string?>("name") { Arity = ArgumentArity.ZeroOrOne, Description = "What train was given: a dataset, or the name of the CSV file without extension." };
        var model = Options.Model();
        var count = Options.Count("--count", "How many samples to draw.", 1000);
        var seed = Options.Seed("the samples", 1);
        var temperature = Options.Number("--temperature", "Scales the latent: 1 samples the model, 0 gives its centre.", 1, zero: true);
        var target = new Option<FileInfo?>("--to") { Description = "The file to write; by default out/NAME-samples.csv.", HelpName = "FILE.csv" };
        command.Add(name);
        foreach (Option option in new Option[] { model, count, seed, temperature, target })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                string? weights = parsed.GetValue(model)?.ToString() ?? (parsed.GetValue(name) is { } chosen ? ModelFiles.DefaultPath("out", chosen) : null);
                if (weights is null)
                {
                    throw new SampleException("Expected the name of a trained model or --model FILE, found neither.");
                }

                var flow = ModelFiles.Load(weights, cancellation);
                float[] samples = flow.Sample(parsed.GetValue(count), (ulong)parsed.GetValue(seed), (float)parsed.GetValue(temperature));
                string path = parsed.GetValue(target)?.ToString() ?? Path.Combine(Path.GetDirectoryName(weights)!, Path.GetFileNameWithoutExtension(weights) + "-samples.csv");
                Write(samples, ModelFiles.Dimensions(flow), path);
                return 0;
            },
            cancellation));
        return command;
    }

    private static void Write(float[] samples, int dimensions, string path)
    {
        CsvTable.Write(path, Enumerable.Range(0, dimensions).Select(static i => $"x{i}"), samples.Chunk(dimensions).Select(static row => row.Select(static value => (double)value)));
        AnsiConsole.WriteLine($"wrote {path}");
        if (dimensions == 2)
        {
            var xs = samples.Where(static (_, i) => i % 2 == 0);
            var ys = samples.Where(static (_, i) => i % 2 == 1);
            var window = new Window(xs.Min(), xs.Max(), ys.Min(), ys.Max());
            double margin = 0.05 * Math.Max(Math.Max(window.Right - window.Left, window.Top - window.Bottom), 1e-3);
            AnsiConsole.WriteLine($"wrote {Figure.Save(Path.ChangeExtension(path, ".png"), PlanePanels.Samples(samples, window.Widened(margin), "samples"))}");
        }
    }
}
