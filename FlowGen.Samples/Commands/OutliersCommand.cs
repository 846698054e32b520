using System.CommandLine;
using System.Globalization;
using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>outliers: a flow that has seen one digit only scores all of them.</summary>
internal static class OutliersCommand
{
    private const int Draws = 4;
    private const int Columns = 12;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("outliers", "Trains a small Glow on the images of one digit, scores the test images of all digits, and says how well the log-density tells them apart.");
        var options = new MnistOptions(command, epochCount: 30, minuteCount: 5);
        var digit = Options.Count("--digit", "The digit to train on, 0 to 9.", 8, least: 0);
        command.Add(digit);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                int wanted = parsed.GetValue(digit);
                if (wanted > 9)
                {
                    throw new SampleException($"--digit: expected 0 to 9, found {wanted}.");
                }

                string source = options.Source(parsed);
                var (train, test) = MnistImages.Read(source);
                var (trainLabels, testLabels) = MnistImages.ReadLabels(source, train.Length / MnistImages.Pixels, test.Length / MnistImages.Pixels);
                int[] chosen = [.. Enumerable.Range(0, trainLabels.Length).Where(i => trainLabels[i] == wanted)];
                if (chosen.Length < 2 || !testLabels.Contains((byte)wanted) || testLabels.All(label => label == wanted))
                {
                    throw new SampleException($"{source}: expected training images of digit {wanted}, and test images of it and of others; found {chosen.Length} training images, {testLabels.Count(label => label == wanted)} of {testLabels.Length} test images.");
                }

                string target = options.Target(parsed);
                var fit = options.Fit(parsed);
                var flow = new GlowDigit(fit.Seed);
                AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{chosen.Length} training images of digit {wanted}; {GlowDigit.Description.Layers.Count} layers, {GlowDigit.Description.TrainableCount} parameters"));
                var history = Training.Run(flow, MnistImages.Select(train, chosen), fit, options.Limit(parsed), MnistReport.BitsPerDim, cancellation, "images");
                Report(Score(flow, test), test, testLabels, wanted, target);
                AnsiConsole.WriteLine($"wrote {MnistReport.WriteCurve(history, target, $"outliers-{wanted}")}");
                return 0;
            },
            cancellation));
        return command;
    }

    /// <summary>The mean log-density of each image over some draws of noise, in nats.</summary>
    private static double[] Score(IFlow flow, float[] images)
    {
        var scores = new double[images.Length / MnistImages.Pixels];
        for (int draw = 0; draw < Draws; draw++)
        {
            float[] logProb = flow.LogProb(PixelNoise.Add(images, seed: 1 + draw));
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] += logProb[i] / (double)Draws;
            }
        }

        return scores;
    }

    private static void Report(double[] scores, float[] test, byte[] labels, int digit, string target)
    {
        IEnumerable<double> Of(Func<byte, bool> which) => scores.Where((_, i) => which(labels[i]));
        var own = Of(label => label == digit).ToList();
        var table = new Table().RoundedBorder();
        table.AddColumn("digit").AddColumn(new TableColumn("test images").RightAligned()).AddColumn(new TableColumn("bits/dim").RightAligned()).AddColumn(new TableColumn("area under the ROC curve").RightAligned());
        foreach (byte other in labels.Distinct().Order())
        {
            var group = Of(label => label == other).ToList();
            table.AddRow(
                other == digit ? $"{other}, trained on" : other.ToString(CultureInfo.InvariantCulture),
                group.Count.ToString(CultureInfo.InvariantCulture),
                MnistReport.Bits(-group.Average()).ToString("0.000", CultureInfo.InvariantCulture),
                other == digit ? "" : Area(own, group));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"area under the ROC curve, digit {digit} against all others: {Area(own, Of(label => label != digit))}");

        int[] order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];
        string list = Path.Combine(target, $"outliers-{digit}.csv");
        CsvTable.Write(list, ["image", "digit", "log_density", "anomaly_rank"], order.Select((i, rank) => new double[] { i, labels[i], scores[i], scores.Length - rank }).OrderBy(static row => row[0]));
        AnsiConsole.WriteLine($"wrote {list}");
        int[] ownOrder = [.. order.Where(i => labels[i] == digit)];
        (string Label, int[] Images)[] rows =
        [
            ("most likely", Ends(order, fromEnd: false)),
            ("least likely", Ends(order, fromEnd: true)),
            ($"most likely {digit}", Ends(ownOrder, fromEnd: false)),
            ($"least likely {digit}", Ends(ownOrder, fromEnd: true)),
        ];
        float[] pixels = [.. rows.SelectMany(row => MnistImages.Select(test, row.Images).Concat(new float[(Columns - row.Images.Length) * MnistImages.Pixels]))];
        string picture = DigitGrid.Save(Path.Combine(target, $"outliers-{digit}.png"), pixels, MnistImages.Side, MnistImages.Side, Columns, [.. rows.Select(static row => row.Label)]);
        AnsiConsole.WriteLine($"wrote {picture}");
    }

    /// <summary>The first or the last of some images, the most extreme first.</summary>
    private static int[] Ends(int[] order, bool fromEnd) => [.. (fromEnd ? order.Reverse() : order).Take(Columns)];

    private static string Area(IEnumerable<double> higher, IEnumerable<double> lower) => RocCurve.Area(higher, lower).ToString("0.0000", CultureInfo.InvariantCulture);
}
