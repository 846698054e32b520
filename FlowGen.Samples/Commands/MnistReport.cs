using System.Globalization;
using FlowGen.Samples.Data;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>What a training on MNIST came to, in bits per dimension.</summary>
internal static class MnistReport
{
    private const int TrainSample = 10_000;

    /// <summary>A loss in nats as bits per dimension: the flows begin with Dequantize, so its density is that of whole grey levels plus noise.</summary>
    public static double Bits(double loss) => loss / (MnistImages.Pixels * Math.Log(2));

    /// <summary>The same, to read.</summary>
    public static string BitsPerDim(double loss) => Number(Bits(loss)) + " bits/dim";

    /// <summary>Prints bits per dimension of the returned weights on training and test images, and of the validation images of the best epoch.</summary>
    public static void WriteBits(IFlow flow, FitHistory history, float[] train, float[] test, (string Whose, double Bits) published)
    {
        int rows = Math.Min(TrainSample, train.Length / MnistImages.Pixels);
        var table = new Table().RoundedBorder();
        table.AddColumn("MNIST").AddColumn(new TableColumn("bits/dim").RightAligned());
        table.AddRow(string.Create(CultureInfo.InvariantCulture, $"first {rows} training images, validation images among them"), Number(flow.BitsPerDim(train.AsSpan(0, rows * MnistImages.Pixels), draws: 1, seed: 1)));
        if (history.BestEpoch > 0)
        {
            table.AddRow(string.Create(CultureInfo.InvariantCulture, $"validation, epoch {history.BestEpoch} of {history.Epochs.Count}"), Number(Bits(history.BestLoss)));
        }

        table.AddRow("test images", Number(flow.BitsPerDim(test, draws: 1, seed: 1)));
        table.AddRow($"{Markup.Escape(published.Whose)}, test images", published.Bits.ToString("0.00", CultureInfo.InvariantCulture));
        AnsiConsole.Write(table);
    }

    /// <summary>Writes the losses of each epoch as CSV.</summary>
    public static string WriteCurve(FitHistory history, string directory, string name)
    {
        string path = Path.Combine(directory, name + "-training.csv");
        CsvTable.Write(
            path,
            ["epoch", "training_bits_per_dim", "validation_bits_per_dim", "seconds"],
            history.Epochs.Select(static e => new[] { e.Epoch, Bits(e.TrainingLoss), Bits(e.ValidationLoss), e.Elapsed.TotalSeconds }));
        return path;
    }

    private static string Number(double bits) => bits.ToString("0.000", CultureInfo.InvariantCulture);
}
