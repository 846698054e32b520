using System.CommandLine;
using FlowGen.Samples.Data;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>The choice between a dataset of the program and a CSV file, shared by the commands.</summary>
internal sealed class DataSource
{
    private readonly Argument<string?> dataset = Options.Dataset();
    private readonly Option<FileInfo?> csv = Options.Csv("A file of numbers, one row for each sample; comma, semicolon or tab.");
    private readonly Option<bool> header = Options.Header();
    private readonly Option<string?> columns = Options.Columns();
    private readonly Option<int> points;

    /// <param name="command">Receives the options.</param>
    /// <param name="pointCount">How many points are drawn of a dataset by default.</param>
    public DataSource(Command command, int pointCount)
    {
        points = Options.Count("--points", "How many points to draw of the dataset.", pointCount, least: 2);
        command.Add(dataset);
        command.Add(csv);
        command.Add(header);
        command.Add(columns);
        command.Add(points);
    }

    /// <summary>The data that were asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="seed">What points are drawn from.</param>
    /// <exception cref="SampleException">None or both were given, or the file cannot be read.</exception>
    public Chosen Read(ParseResult parsed, int seed)
    {
        string? name = parsed.GetValue(dataset);
        var file = parsed.GetValue(csv);
        if ((name is null) == (file is null))
        {
            throw new SampleException($"Expected one of a dataset ({string.Join(", ", PlaneDistributions.All.Select(static d => d.Name))}) and --csv FILE, found {(name is null ? "neither" : "both")}.");
        }

        if (file is null)
        {
            var distribution = PlaneDistributions.Find(name!);
            float[] drawn = distribution.Draw(parsed.GetValue(points), seed);
            return new Chosen(distribution.Name, new NumericTable(distribution.Name, ["x0", "x1"], drawn), distribution);
        }

        string[] wanted = parsed.GetValue(columns)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var table = CsvTable.Read(file.ToString(), parsed.GetValue(header) ? true : null, wanted);
        AnsiConsole.WriteLine($"{table.Name}: {table.Rows} rows of {table.Columns.Count} columns ({string.Join(", ", table.Columns.Take(8))}{(table.Columns.Count > 8 ? ", ..." : "")})");
        return new Chosen(Path.GetFileNameWithoutExtension(file.Name), table, null);
    }

    /// <summary>The name of what was asked for, without reading it; null if nothing was.</summary>
    public string? NameOf(ParseResult parsed) => parsed.GetValue(dataset) ?? (parsed.GetValue(csv) is { } file ? Path.GetFileNameWithoutExtension(file.Name) : null);

    /// <summary>Data, what they are called, and their distribution where it is known.</summary>
    internal sealed record Chosen(string Name, NumericTable Table, PlaneDistribution? Truth);
}
