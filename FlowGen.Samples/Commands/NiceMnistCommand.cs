using System.CommandLine;
using System.Globalization;
using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>nice-mnist: the flow of the NICE paper on MNIST, with the paper's optimizer.</summary>
internal static class NiceMnistCommand
{
    private const int Side = 28;
    private const int Dimensions = Side * Side;
    private const double PaperNats = 1980.50;
    private const int TestDraws = 4;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "nice-mnist",
            "Trains the NICE of the paper on MNIST: 4 additive couplings with 5 hidden layers of 1000 ReLU, rescaling, logistic prior; Adam with rate 1e-3, beta2 0.99, epsilon 1e-4; 50,000 images train, 10,000 choose the best epoch.");
        var data = new Option<DirectoryInfo>("--data") { Description = "The directory with train-images-idx3-ubyte and t10k-images-idx3-ubyte, plain or .gz.", HelpName = "DIR", Required = true };
        var epochs = Options.Count("--epochs", "The most passes over the data; the paper takes 1500.", 1500);
        var minutes = Options.Number("--minutes", "The most minutes to train.", 60 * 24 * 7);
        var batch = Options.Count("--batch", "The number of images of a step.", 200);
        var resume = new Option<bool>("--resume") { Description = "Continue the training whose checkpoint lies in the directory of the results." };
        var seed = Options.Seed("weights, order and noise", 1);
        var directory = Options.Out();
        foreach (Option option in new Option[] { data, epochs, minutes, batch, resume, seed, directory })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                string source = parsed.GetValue(data)!.ToString();
                float[] train = IdxImages.Read(source, "train-images-idx3-ubyte", Side, Side);
                float[] test = IdxImages.Read(source, "t10k-images-idx3-ubyte", Side, Side);
                string target = Options.CreateDirectory(parsed.GetValue(directory)!);
                string checkpoint = Path.Combine(target, "nice-mnist-checkpoint.safetensors");
                bool resumed = parsed.GetValue(resume);
                if (resumed && !File.Exists(checkpoint))
                {
                    throw new SampleException($"There is no checkpoint {checkpoint} to resume from.");
                }

                var options = new FitOptions
                {
                    Epochs = parsed.GetValue(epochs),
                    BatchSize = parsed.GetValue(batch),
                    Optimizer = new Adam { LearningRate = 1e-3, Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-4 },
                    ValidationFraction = 1 / 6.0,
                    Patience = 0,
                    ClipNorm = 0,
                    Seed = (ulong)parsed.GetValue(seed),
                    Checkpoint = new CheckpointOptions(checkpoint) { Epochs = 0, Interval = TimeSpan.FromMinutes(5) },
                    ResumeFrom = resumed ? checkpoint : null,
                };
                return Run(train, test, options, TimeSpan.FromMinutes(parsed.GetValue(minutes)), target, cancellation);
            },
            cancellation));
        return command;
    }

    private static int Run(float[] train, float[] test, FitOptions options, TimeSpan limit, string directory, CancellationToken cancellation)
    {
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{train.Length / Dimensions} training images, {test.Length / Dimensions} test images, {NiceMnist.Description.TrainableCount} parameters"));
        var flow = new NiceMnist(options.Seed);
        var history = Training.Run(flow, train, options, limit, static loss => string.Create(CultureInfo.InvariantCulture, $"{Bits(loss):0.000} bits/dim"), cancellation, "images");

        double bits = flow.BitsPerDim(test, TestDraws, seed: 1);
        double nats = Nats(bits * Dimensions * Math.Log(2));
        var table = new Table().RoundedBorder();
        table.AddColumn("MNIST test set").AddColumn(new TableColumn("nats").RightAligned()).AddColumn(new TableColumn("bits/dim").RightAligned());
        table.AddRow(string.Create(CultureInfo.InvariantCulture, $"this flow, best of {history.Epochs.Count} epochs"), Two(nats), bits.ToString("0.000", CultureInfo.InvariantCulture));
        table.AddRow("NICE, as published, 1500 epochs", Two(PaperNats), "4.36");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("nats: log-density of pixels in [0, 1), log p + 784 ln 256, as in the paper.");

        string weights = ModelFiles.DefaultPath(directory, "nice-mnist");
        flow.Save(weights);
        string curve = Path.Combine(directory, "nice-mnist-training.csv");
        CsvTable.Write(
            curve,
            ["epoch", "training_nats", "validation_nats", "training_bits_per_dim", "validation_bits_per_dim", "seconds"],
            history.Epochs.Select(static e => new[] { e.Epoch, Nats(e.TrainingLoss), Nats(e.ValidationLoss), Bits(e.TrainingLoss), Bits(e.ValidationLoss), e.Elapsed.TotalSeconds }));
        List<string> files =
        [
            weights,
            curve,
            Figure.Save(
                Path.Combine(directory, "nice-mnist-training.png"),
                CurvePanel.Create("NICE on MNIST: log-likelihood", "epoch", "nats", Training.Curves(history, Nats), ("published, test set", PaperNats))),
            DigitGrid.Save(Path.Combine(directory, "nice-mnist-samples.png"), flow.Sample(100, options.Seed), Side, Side, 10),
        ];
        foreach (string file in files)
        {
            AnsiConsole.WriteLine($"wrote {file}");
        }

        return 0;
    }

    /// <summary>The paper's log-likelihood from a negative log-density of whole pixels: that of pixels divided by 256.</summary>
    private static double Nats(double loss) => (Dimensions * Math.Log(256)) - loss;

    private static double Bits(double loss) => loss / (Dimensions * Math.Log(2));

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
