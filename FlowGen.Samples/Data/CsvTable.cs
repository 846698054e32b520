using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace FlowGen.Samples.Data;

/// <summary>Reads and writes tables of numbers as CSV: comma, semicolon or tab, with a header or without, decimal points.</summary>
internal static class CsvTable
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Whether the first row names the columns; null to tell by whether it holds a number.</param>
    /// <param name="chosen">Names or numbers (from 1) of the columns to keep, in that order; empty for all.</param>
    /// <exception cref="SampleException">The file cannot be read, or a row is not as wide as the first, or a cell is not a finite number.</exception>
    public static NumericTable Read(string path, bool? header = null, IReadOnlyList<string>? chosen = null)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Read(reader, Path.GetFileName(path), header, chosen ?? []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string found = Directory.Exists(path) ? "it is a directory" : File.Exists(path) ? e.Message : "there is no such file";
            throw new SampleException($"Cannot read {path}: {found}.", e);
        }
    }

    /// <summary>Reads CSV text.</summary>
    public static NumericTable Read(TextReader text, string name, bool? header, IReadOnlyList<string> chosen)
    {
        string? bad = null;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectDelimiter = true,
            DetectDelimiterValues = [",", ";", "\t"],
            TrimOptions = TrimOptions.Trim,
            BadDataFound = args => bad = args.RawRecord.TrimEnd('\r', '\n'),
        };
        using var parser = new CsvParser(text, configuration);
        string[]? columns = null;
        int[] kept = [];
        var values = new List<float>();
        int row = 0;
        while (parser.Read())
        {
            string[] cells = parser.Record ?? [];
            if (bad is not null)
            {
                throw new SampleException($"{name}, line {parser.RawRow}: expected cells separated by '{Shown(parser.Delimiter)}', found a stray quote in '{Shorten(bad)}'.");
            }

            if (columns is null)
            {
                bool named = header ?? !cells.Any(static cell => TryParse(cell, out _));
                columns = named
                    ? [.. cells.Select(static (cell, i) => cell.Length == 0 ? $"column{i + 1}" : cell)]
                    : [.. cells.Select(static (_, i) => $"column{i + 1}")];
                kept = Choose(name, columns, chosen);
                if (named)
                {
                    continue;
                }
            }

            row++;
            string place = $"{name}, row {row} (line {parser.RawRow})";
            if (cells.Length != columns.Length)
            {
                throw new SampleException($"{place}: expected {columns.Length} cells as in the first row, found {cells.Length}.");
            }

            foreach (int c in kept)
            {
                string cell = cells[c];
                if (!TryParse(cell, out double value) || !float.IsFinite((float)value))
                {
                    string found = cell.Length == 0 ? "an empty cell" : $"'{Shorten(cell)}'";
                    string hint = row == 1 && header is null && cells.Any(static other => !TryParse(other, out _))
                        ? " If the first row names the columns, say --header; columns can be left out with --columns."
                        : "";
                    throw new SampleException($"{place}, column {c + 1} ({columns[c]}): expected a finite number, found {found}.{hint}");
                }

                values.Add((float)value);
            }
        }

        return row == 0
            ? throw new SampleException($"{name}: expected rows of numbers, found {(columns is null ? "an empty file" : "a header and no rows")}.")
            : new NumericTable(name, [.. kept.Select(c => columns![c])], [.. values]);
    }

    /// <summary>Writes columns of equal length.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="rows">The cells of each row.</param>
    /// <exception cref="SampleException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<string> columns, IEnumerable<IEnumerable<double>> rows)
    {
        try
        {
            using var writer = new CsvWriter(new StreamWriter(path), CultureInfo.InvariantCulture);
            foreach (string column in columns)
            {
                writer.WriteField(column);
            }

            writer.NextRecord();
            foreach (var row in rows)
            {
                foreach (double cell in row)
                {
                    writer.WriteField(((float)cell == cell ? ((float)cell).ToString("R", CultureInfo.InvariantCulture) : cell.ToString("G9", CultureInfo.InvariantCulture)));
                }

                writer.NextRecord();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"Cannot write {path}: {e.Message}", e);
        }
    }

    private static bool TryParse(string cell, out double value) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static int[] Choose(string name, string[] columns, IReadOnlyList<string> chosen)
    {
        if (chosen.Count == 0)
        {
            return [.. Enumerable.Range(0, columns.Length)];
        }

        return [.. chosen.Select(wanted =>
        {
            int index = Array.IndexOf(columns, wanted);
            if (index < 0 && int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= columns.Length)
            {
                index = number - 1;
            }

            return index >= 0
                ? index
                : throw new SampleException($"{name}: there is no column '{wanted}'. The columns are: {string.Join(", ", columns)}.");
        })];
    }

    private static string Shown(string delimiter) => delimiter == "\t" ? "tab" : delimiter;

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..37] + "...";
}
