using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>mintnet-mnist: MintNet on MNIST, in a size that two cores train, or in that of the authors.</summary>
internal static class MintMnistCommand
{
    private const int Side = 28;
    private const int Dimensions = Side * Side;
    private const double PaperBits = 0.98;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("mintnet-mnist", "Trains a MintNet on MNIST: 7 pairs of lower and upper layers on three levels, or with --full the 20 pairs of the authors.");
        var data = new Option<DirectoryInfo>("--data") { Description = "The directory with train-images-idx3-ubyte and t10k-images-idx3-ubyte, plain or .gz.", HelpName = "DIR", Required = true };
        var full = new Option<bool>("--full") { Description = "The configuration of the authors: 6 pairs with 45 paths, 6 with 11, 8 with 2." };
        var images = Options.Count("--images", "The training images to use.", 60_000);
        var epochs = Options.Count("--epochs", "The most passes over the data; the authors take 600.", 20);
        var minutes = Options.Number("--minutes", "The most minutes to train.", 60 * 24 * 7);
        var batch = Options.Count("--batch", "The number of images of a step.", 32);
        var rate = Options.Number("--learning-rate", "Adam's step size at the start, which falls to 0 along a cosine.", 1e-3);
        var seed = Options.Seed("weights, order and noise", 1);
        var directory = Options.Out();
        foreach (Option option in new Option[] { data, full, images, epochs, minutes, batch, rate, seed, directory })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                string source = parsed.GetValue(data)!.ToString();
                float[] train = IdxImages.Read(source, "train-images-idx3-ubyte", Side, Side);
                float[] test = IdxImages.Read(source, "t10k-images-idx3-ubyte", Side, Side);
                train = train[..(Math.Min(train.Length / Dimensions, parsed.GetValue(images)) * Dimensions)];
                var options = new FitOptions
                {
                    Epochs = parsed.GetValue(epochs),
                    BatchSize = parsed.GetValue(batch),
                    Optimizer = new Adam { LearningRate = parsed.GetValue(rate), Epsilon = 1e-4 },
                    Schedule = LearningRateSchedule.Cosine(),
                    ValidationFraction = 0.05,
                    Patience = 0,
                    Seed = (ulong)parsed.GetValue(seed),
                };
                IFlow flow = parsed.GetValue(full) ? new MintMnistFull(options.Seed) : new MintMnist(options.Seed);
                return Run(flow, train, test, options, TimeSpan.FromMinutes(parsed.GetValue(minutes)), Options.CreateDirectory(parsed.GetValue(directory)!), cancellation);
            },
            cancellation));
        return command;
    }

    private static int Run(IFlow flow, float[] train, float[] test, FitOptions options, TimeSpan limit, string directory, CancellationToken cancellation)
    {
        var description = flow.Engine.Description;
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{train.Length / Dimensions} training images, {test.Length / Dimensions} test images, {description.TrainableCount} parameters"));
        var history = Training.Run(flow, train, options, limit, static loss => string.Create(CultureInfo.InvariantCulture, $"{Bits(loss):0.000} bits/dim"), cancellation);
        double bits = flow.BitsPerDim(test, draws: 1, seed: 1);
        var table = new Table().RoundedBorder();
        table.AddColumn("MNIST test set").AddColumn(new TableColumn("bits/dim").RightAligned());
        table.AddRow(string.Create(CultureInfo.InvariantCulture, $"this flow, best of {history.Epochs.Count} epochs"), bits.ToString("0.000", CultureInfo.InvariantCulture));
        table.AddRow("MintNet, as published, 600 epochs", PaperBits.ToString("0.00", CultureInfo.InvariantCulture));
        AnsiConsole.Write(table);
        Invert(flow, options.Seed);

        string name = description.Name == nameof(MintMnistFull) ? "mintnet-mnist-full" : "mintnet-mnist";
        string weights = ModelFiles.DefaultPath(directory, name);
        flow.Save(weights);
        List<string> files =
        [
            weights,
            Figure.Save(
                Path.Combine(directory, $"{name}-training.png"),
                CurvePanel.Create("MintNet on MNIST", "epoch", "bits/dim", Training.Curves(history, Bits), ("published, test set", PaperBits))),
            DigitGrid.Save(Path.Combine(directory, $"{name}-samples.png"), flow.Sample(100, options.Seed), Side, Side, 10),
        ];
        foreach (string file in files)
        {
            AnsiConsole.WriteLine($"wrote {file}");
        }

        return 0;
    }

    /// <summary>What an inversion takes, with brackets and by steps on whole images alone.</summary>
    private static void Invert(IFlow flow, ulong seed)
    {
        const int Count = 64;
        int layers = flow.Engine.Description.Layers.Count(static layer => layer.Kind == "MintLayer");
        float[] z = flow.Forward(flow.Sample(Count, seed + 1));
        float[] x = new float[z.Length];
        var table = new Table().RoundedBorder();
        table.AddColumn($"inverse of {Count} latents").AddColumn("evaluations of a layer").AddColumn("residual").AddColumn("bound").AddColumn("images/s");
        foreach (var (name, options) in new[]
        {
            ("to 1e-5", new InverseOptions { Tolerance = 1e-5 }),
            ("to 1e-5 by steps on whole images alone", new InverseOptions { Tolerance = 1e-5, MaximumIterations = 1000 }),
        })
        {
            var watch = Stopwatch.StartNew();
            var report = flow.Inverse(z, x, new float[Count], options);
            double seconds = watch.Elapsed.TotalSeconds;
            var samples = Enumerable.Range(0, Count).ToList();
            table.AddRow(
                name,
                string.Create(CultureInfo.InvariantCulture, $"{samples.Average(report.Evaluations) / layers:0.0}"),
                string.Create(CultureInfo.InvariantCulture, $"{samples.Max(report.Residual):0.0e+0}"),
                string.Create(CultureInfo.InvariantCulture, $"{samples.Max(report.Bound):0.0e+0}"),
                string.Create(CultureInfo.InvariantCulture, $"{Count / seconds:0}"));
        }

        AnsiConsole.Write(table);
    }

    private static double Bits(double loss) => loss / (Dimensions * Math.Log(2));
}
