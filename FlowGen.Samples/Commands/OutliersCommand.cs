using System.CommandLine;
using System.Globalization;
using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>
/// outliers: a flow that has seen one digit only scores all of them. Its log-density says foremost how much ink an image has, and ranks a simple digit that it
/// never saw above its own (Nalisnick et al., 2019); what is special to the digit is left when that of a flow of all digits is taken off (Ren et al., 2019).
/// </summary>
internal static class OutliersCommand
{
    private const int Draws = 4;
    private const int Columns = 12;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "outliers",
            "Trains a small Glow on the images of one digit, and another on as many of all digits; scores the test images, and says how well the log-density of the first, and its ratio to that of the second, tell the digit from the others.");
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
                double[] Learn(string what, int[] images, string name)
                {
                    var fit = options.Fit(parsed);
                    var flow = new GlowDigit(fit.Seed);
                    AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{images.Length} training images of {what}; {GlowDigit.Description.Layers.Count} layers, {GlowDigit.Description.TrainableCount} parameters"));
                    var history = Training.Run(flow, MnistImages.Select(train, images), fit, options.Limit(parsed), MnistReport.BitsPerDim, cancellation, "images");
                    AnsiConsole.WriteLine($"wrote {MnistReport.WriteCurve(history, target, name)}");
                    return Score(flow, test);
                }

                int[] all = [.. Enumerable.Range(0, chosen.Length).Select(i => (int)((long)i * trainLabels.Length / chosen.Length))];
                double[] own = Learn($"digit {wanted}", chosen, $"outliers-{wanted}");
                double[] general = Learn("all digits", all, $"outliers-{wanted}-all");
                Report(own, [.. own.Zip(general, static (a, b) => a - b)], test, testLabels, wanted, target);
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

    private static void Report(double[] density, double[] ratio, float[] test, byte[] labels, int digit, string target)
    {
        var table = new Table().RoundedBorder();
        table.AddColumn("digit").AddColumn(new TableColumn("test images").RightAligned()).AddColumn(new TableColumn("bits/dim").RightAligned());
        table.AddColumn(new TableColumn("area, log-density").RightAligned()).AddColumn(new TableColumn("area, ratio").RightAligned());
        foreach (byte other in labels.Distinct().Order())
        {
            double[] group = Of(density, labels, label => label == other);
            table.AddRow(
                other == digit ? $"{other}, trained on" : other.ToString(CultureInfo.InvariantCulture),
                group.Length.ToString(CultureInfo.InvariantCulture),
                MnistReport.Bits(-group.Average()).ToString("0.000", CultureInfo.InvariantCulture),
                other == digit ? "" : Area(density, labels, digit, label => label == other),
                other == digit ? "" : Area(ratio, labels, digit, label => label == other));
        }

        table.AddRow("all others", labels.Count(label => label != digit).ToString(CultureInfo.InvariantCulture), "", Area(density, labels, digit, label => label != digit), Area(ratio, labels, digit, label => label != digit));
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"area: under the ROC curve, the chance that an image of digit {digit} scores higher than one of the other digit; ratio: of the density to that of the flow of all digits.");

        string list = Path.Combine(target, $"outliers-{digit}.csv");
        int[] ranks = ScoreCommand.Ranks([.. density.Select(static value => (float)value)]);
        CsvTable.Write(list, ["image", "digit", "log_density", "anomaly_rank", "log_ratio"], density.Select((value, i) => new double[] { i, labels[i], value, ranks[i], ratio[i] }));
        AnsiConsole.WriteLine($"wrote {list}");
        AnsiConsole.WriteLine($"wrote {Draw(density, ratio, test, labels, digit, Path.Combine(target, $"outliers-{digit}.png"))}");
    }

    private static string Draw(double[] density, double[] ratio, float[] test, byte[] labels, int digit, string path)
    {
        var rows = new List<(string Label, int[] Images)>();
        foreach (var (name, scores) in new[] { ("density", density), ("ratio", ratio) })
        {
            int[] order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];
            rows.Add(($"highest {name}", [.. order.Take(Columns)]));
            rows.Add(($"lowest {name}", [.. order.Reverse().Take(Columns)]));
            rows.Add(($"lowest {name}, digit {digit}", [.. order.Reverse().Where(i => labels[i] == digit).Take(Columns)]));
        }

        float[] pixels = [.. rows.SelectMany(row => MnistImages.Select(test, row.Images).Concat(new float[(Columns - row.Images.Length) * MnistImages.Pixels]))];
        return DigitGrid.Save(path, pixels, MnistImages.Side, MnistImages.Side, Columns, [.. rows.Select(static row => row.Label)]);
    }

    private static double[] Of(double[] scores, byte[] labels, Func<byte, bool> which) => [.. scores.Where((_, i) => which(labels[i]))];

    private static string Area(double[] scores, byte[] labels, int digit, Func<byte, bool> others) =>
        RocCurve.Area(Of(scores, labels, label => label == digit), Of(scores, labels, others)).ToString("0.0000", CultureInfo.InvariantCulture);
}
