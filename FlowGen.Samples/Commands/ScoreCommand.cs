using System.CommandLine;
using System.Globalization;
using FlowGen.Samples.Data;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>score: the log-density and the anomaly rank of each row.</summary>
internal static class ScoreCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("score", "Writes the log-density of each row under a trained flow, and its anomaly rank: 1 is the least likely row.");
        var source = new DataSource(command, 2_000);
        var model = Options.Model();
        var seed = Options.Seed("the points that are drawn of a dataset", 4711);
        var target = new Option<FileInfo?>("--to") { Description = "The file to write; by default out/NAME-scores.csv.", HelpName = "FILE.csv" };
        command.Add(model);
        command.Add(seed);
        command.Add(target);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var data = source.Read(parsed, parsed.GetValue(seed));
                var flow = ModelFiles.Load(parsed.GetValue(model)?.ToString() ?? ModelFiles.DefaultPath("out", data.Name), cancellation);
                ModelFiles.RequireFit(flow, data.Table);
                string path = parsed.GetValue(target)?.ToString() ?? Path.Combine(Options.CreateDirectory(new DirectoryInfo("out")), data.Name + "-scores.csv");
                return Run(flow, data.Table, path);
            },
            cancellation));
        return command;
    }

    /// <summary>The rank of each value in rising order, from 1; equal values in order of their position, values that are not numbers first.</summary>
    internal static int[] Ranks(float[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        var ranks = new int[values.Length];
        for (int i = 0; i < order.Length; i++)
        {
            ranks[order[i]] = i + 1;
        }

        return ranks;
    }

    private static int Run(IFlow flow, NumericTable data, string path)
    {
        float[] logProb = flow.LogProb(data.Values);
        int[] ranks = Ranks(logProb);
        CsvTable.Write(path, ["row", "log_density", "anomaly_rank"], logProb.Select((value, i) => new double[] { i + 1, value, ranks[i] }));

        double mean = logProb.Average(static value => (double)value);
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean log-density {mean:0.0000} nats over {data.Rows} rows; the least likely:"));
        var table = new Table().RoundedBorder();
        table.AddColumn(new TableColumn("rank").RightAligned()).AddColumn(new TableColumn("row").RightAligned()).AddColumn(new TableColumn("log-density").RightAligned()).AddColumn("values");
        foreach (int i in Enumerable.Range(0, data.Rows).OrderBy(i => ranks[i]).Take(5))
        {
            var cells = data.Values.Skip(i * data.Columns.Count).Take(Math.Min(6, data.Columns.Count)).Select(static v => v.ToString("G4", CultureInfo.InvariantCulture));
            table.AddRow(
                ranks[i].ToString(CultureInfo.InvariantCulture),
                (i + 1).ToString(CultureInfo.InvariantCulture),
                logProb[i].ToString("0.000", CultureInfo.InvariantCulture),
                Markup.Escape(string.Join(", ", cells) + (data.Columns.Count > 6 ? ", ..." : "")));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"wrote {path}");
        return 0;
    }
}
