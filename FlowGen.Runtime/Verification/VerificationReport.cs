using System.Globalization;
using System.Text;

namespace FlowGen;

/// <summary>What <see cref="FlowVerifier"/> found.</summary>
public sealed class VerificationReport
{
    internal VerificationReport(string flow, IReadOnlyList<VerificationRow> rows, IReadOnlyList<string> notes)
    {
        Flow = flow;
        Rows = rows;
        Notes = notes;
    }

    /// <summary>The flow's name.</summary>
    public string Flow { get; }

    /// <summary>The checks, layer after layer, then those of the whole flow.</summary>
    public IReadOnlyList<VerificationRow> Rows { get; }

    /// <summary>How much was looked at, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether every check passed.</summary>
    public bool Passed => Rows.All(static row => row.Passed);

    /// <summary>The checks that failed.</summary>
    public IEnumerable<VerificationRow> Failures => Rows.Where(static row => !row.Passed);

    /// <summary>Throws if a check failed: for unit tests.</summary>
    /// <exception cref="VerificationException">A check failed; the message holds the rows that did.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
        {
            throw new VerificationException(this);
        }
    }

    /// <summary>The checks as a table.</summary>
    public override string ToString() => ToText(onlyFailures: false);

    internal string ToText(bool onlyFailures)
    {
        List<string[]> cells = [["layer", "kind", "check", "worst", "allowed", "", "where"]];
        foreach (var row in onlyFailures ? Failures : Rows)
        {
            cells.Add(
            [
                row.Layer?.ToString(CultureInfo.InvariantCulture) ?? "all",
                row.Kind,
                row.Check.ToString(),
                Number(row.Error),
                Number(row.Tolerance),
                row.Passed ? "ok" : "FAIL",
                row.Skipped == 0 ? row.Where : string.Create(CultureInfo.InvariantCulture, $"{row.Where} ({row.Skipped} of {row.Skipped + row.Compared} skipped)"),
            ]);
        }

        int failures = Failures.Count();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Flow}: {Rows.Count - failures} of {Rows.Count} checks passed\n");
        AppendTable(text, cells);
        foreach (string note in Notes)
        {
            text.Append(note).Append('\n');
        }

        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, List<string[]> cells)
    {
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length))];
        foreach (string[] row in cells)
        {
            int start = text.Length;
            for (int column = 0; column < row.Length; column++)
            {
                bool number = column is 0 or 3 or 4;
                text.Append("  ").Append(number ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column]));
            }

            while (text.Length > start && text[^1] == ' ')
            {
                text.Length--;
            }

            text.Append('\n');
        }
    }

    private static string Number(double value) => value == 0 ? "0" : value.ToString("0.0e-0", CultureInfo.InvariantCulture);
}
