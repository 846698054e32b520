using System.CommandLine;
using System.Globalization;
using FlowGen.Samples.Data;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>realnvp-mnist and glow-mnist: an image flow on MNIST, from training to pictures.</summary>
internal static class MnistCommand
{
    /// <summary>The command.</summary>
    /// <param name="name">Its name, which the files bear, too.</param>
    /// <param name="description">What it trains.</param>
    /// <param name="create">Makes the flow from a seed.</param>
    /// <param name="published">A published figure for MNIST: whose, and bits/dim.</param>
    public static Command Create(string name, string description, Func<ulong, IFlow> create, (string Whose, double Bits) published)
    {
        var command = new Command(name, description);
        var options = new MnistOptions(command, epochCount: 30, minuteCount: 15);
        var resume = new Option<bool>("--resume") { Description = "Continue the training whose checkpoint lies in the directory of the results." };
        command.Add(resume);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var (train, test) = MnistImages.Read(options.Source(parsed));
                string target = options.Target(parsed);
                string checkpoint = Path.Combine(target, name + "-checkpoint.safetensors");
                bool resumed = parsed.GetValue(resume);
                if (resumed && !File.Exists(checkpoint))
                {
                    throw new SampleException($"There is no checkpoint {checkpoint} to resume from.");
                }

                var fit = options.Fit(parsed) with { Checkpoint = new CheckpointOptions(checkpoint) { Epochs = 0, Interval = TimeSpan.FromMinutes(5) }, ResumeFrom = resumed ? checkpoint : null };
                var flow = create(fit.Seed);
                Show(flow.Engine.Description, train, test);
                var history = Training.Run(flow, train, fit, options.Limit(parsed), MnistReport.BitsPerDim, cancellation, "images");
                MnistReport.WriteBits(flow, history, train, test, published);
                string weights = ModelFiles.DefaultPath(target, name);
                flow.Save(weights);
                AnsiConsole.WriteLine($"wrote {weights}");
                Draw(flow, history, test, target, name, published);
                return 0;
            },
            cancellation));
        return command;
    }

    private static void Show(FlowDescription description, float[] train, float[] test)
    {
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{train.Length / MnistImages.Pixels} training images, {test.Length / MnistImages.Pixels} test images; {description.Layers.Count} layers, {description.TrainableCount} parameters; latent:"));
        foreach (var part in description.Latents)
        {
            AnsiConsole.WriteLine($"  {part}");
        }
    }

    private static void Draw(IFlow flow, FitHistory history, float[] test, string target, string name, (string Whose, double Bits) published)
    {
        string[] files =
        [
            MnistReport.WriteCurve(history, target, name),
            Figure.Save(
                Path.Combine(target, name + "-training.png"),
                CurvePanel.Create($"{flow.Engine.Description.Name}: mean negative log-likelihood", "epoch", "bits/dim", Training.Curves(history, MnistReport.Bits), (published.Whose, published.Bits))),
            DigitPictures.Temperatures(flow, Path.Combine(target, name + "-samples.png"), seed: 7),
            DigitPictures.Interpolation(flow, test, Path.Combine(target, name + "-interpolation.png")),
            DigitPictures.Levels(flow, test, Path.Combine(target, name + "-levels.png"), seed: 7),
        ];
        foreach (string file in files)
        {
            AnsiConsole.WriteLine($"wrote {file}");
        }
    }
}
