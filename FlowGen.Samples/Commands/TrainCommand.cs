using System.CommandLine;
using System.Globalization;
using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>train: a flow on a dataset or a CSV file.</summary>
internal static class TrainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("train", "Trains a flow on a dataset or on the rows of a CSV file, and writes weights, declaration, curve and pictures.");
        var source = new DataSource(command, 100_000);
        var declared = new Option<FileInfo?>("--flow") { Description = "A declaration of your own: a C# file with a [Flow] class. Without it, one is written that suits the data.", HelpName = "FILE.cs" };
        var couplings = Options.OptionalCount("--couplings", "The number of affine couplings of the declaration that is written: by default 12 for a dataset, 8 for a file.");
        var hidden = new Option<string>("--hidden") { Description = "The widths of their hidden layers, separated by commas.", HelpName = "LIST", DefaultValueFactory = static _ => "64,64" };
        var activation = ActivationOption();
        var epochs = Options.Count("--epochs", "The most passes over the data.", 60);
        var batch = Options.OptionalCount("--batch", "The number of rows of a step: by default a hundredth of the rows, from 32 to 512.");
        var rate = Options.OptionalNumber("--learning-rate", "Adam's step size at the start, which falls to 0 along a cosine: by default 0.003 for a dataset, 0.001 for a file.");
        var minutes = Options.Number("--minutes", "The most minutes to train.", 60);
        var seed = Options.Seed("weights, data and order", 1);
        var directory = Options.Out();
        foreach (Option option in new Option[] { declared, couplings, hidden, activation, epochs, batch, rate, minutes, seed, directory })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                int start = parsed.GetValue(seed);
                var data = source.Read(parsed, start);
                foreach (string note in data.Table.Check())
                {
                    Note(note);
                }

                string target = Options.CreateDirectory(parsed.GetValue(directory)!);
                var declaration = parsed.GetValue(declared) is { } file
                    ? FlowDeclaration.Read(file.ToString())
                    : FlowDeclaration.Write(data.Name, data.Table.Columns.Count, parsed.GetValue(couplings) ?? (data.Truth is null ? 8 : 12), Widths(parsed.GetValue(hidden)!), parsed.GetValue(activation));
                var options = new FitOptions
                {
                    Epochs = parsed.GetValue(epochs),
                    BatchSize = parsed.GetValue(batch) ?? Math.Clamp(data.Table.Rows / 100, 32, 512),
                    Optimizer = new Adam { LearningRate = parsed.GetValue(rate) ?? (data.Truth is null ? 1e-3 : 3e-3) },
                    Schedule = LearningRateSchedule.Cosine(),
                    Seed = (ulong)start,
                };
                return Run(data, declaration, options, TimeSpan.FromMinutes(parsed.GetValue(minutes)), target, cancellation);
            },
            cancellation));
        return command;
    }

    private static int Run(DataSource.Chosen data, FlowDeclaration declaration, FitOptions options, TimeSpan limit, string directory, CancellationToken cancellation)
    {
        AnsiConsole.Write(new Panel(new Text(declaration.Source.Trim())).Header(Markup.Escape(declaration.Path)).RoundedBorder());
        if (data.Table.Columns.Count == 1)
        {
            Note("a coupling needs two coordinates: on a single column this flow is a normal distribution with the mean and deviation of the data.");
        }

        var flow = FlowCompiler.Compile(declaration, Note, cancellation)(options.Seed);
        ModelFiles.RequireFit(flow, data.Table);
        var description = flow.Engine.Description;
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{description.Layers.Count} layers, {description.TrainableCount} parameters"));
        var history = Training.Run(flow, data.Table.Values, options, limit, static loss => loss.ToString("0.0000", CultureInfo.InvariantCulture), cancellation);
        if (data.Truth is not null)
        {
            Comparison.Write(flow, data.Truth, 100_000, (int)options.Seed + 1000);
        }

        ModelFiles.Save(flow, declaration, ModelFiles.DefaultPath(directory, data.Name));
        string curve = Path.Combine(directory, data.Name + "-training.csv");
        CsvTable.Write(curve, ["epoch", "training_nats", "validation_nats", "seconds"], history.Epochs.Select(static e => new[] { e.Epoch, e.TrainingLoss, e.ValidationLoss, e.Elapsed.TotalSeconds }));
        AnsiConsole.WriteLine($"wrote {curve}");
        IReadOnlyList<(string, double)> levels = data.Truth is null ? [] : [("true entropy", data.Truth.Entropy)];
        string picture = Figure.Save(
            Path.Combine(directory, data.Name + "-training.png"),
            CurvePanel.Create("mean negative log-likelihood", "epoch", "nats", Training.Curves(history, static x => x), levels));
        AnsiConsole.WriteLine($"wrote {picture}");
        if (data.Truth is { } truth)
        {
            var parts = new int[4000];
            float[] points = truth.Draw(parts.Length, (int)options.Seed + 2000, parts);
            picture = Figure.Save(
                Path.Combine(directory, data.Name + ".png"),
                PlanePanels.Density(flow, truth.Window, points, "learned density, with data"),
                PlanePanels.Samples(flow.Sample(4000, options.Seed), truth.Window, "samples"),
                PlanePanels.Latent(flow, points, parts, "data in latent space"));
            AnsiConsole.WriteLine($"wrote {picture}");
        }

        return 0;
    }

    private static void Note(string text) => AnsiConsole.MarkupLineInterpolated($"[yellow]note:[/] {text}");

    private static Option<Activation> ActivationOption()
    {
        string names = string.Join(", ", Enum.GetNames<Activation>());
        return new Option<Activation>("--activation")
        {
            Description = $"The activation between those layers: {names}.",
            HelpName = "NAME",
            DefaultValueFactory = static _ => Activation.Relu,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                int index = Array.FindIndex(Enum.GetNames<Activation>(), name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
                if (index < 0)
                {
                    result.AddError($"--activation: expected one of {names}, found '{text}'.");
                    return default;
                }

                return Enum.GetValues<Activation>()[index];
            },
        };
    }

    private static List<int> Widths(string text)
    {
        var widths = new List<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            widths.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int width) && width is > 0 and <= 65536
                ? width
                : throw new SampleException($"--hidden: expected widths of 1 to 65536, separated by commas, found '{part}'."));
        }

        return widths;
    }
}
