using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>verify: holds a trained flow against its double-precision reference.</summary>
internal static class VerifyCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("verify", "Holds a trained flow against its reference in double precision: round trips, log-dets against Jacobians, claimed zeros, gradients.");
        var source = new DataSource(command, 1_000);
        var model = Options.Model();
        var seed = Options.Seed("the points that are drawn of a dataset", 4711);
        command.Add(model);
        command.Add(seed);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var data = source.Read(parsed, parsed.GetValue(seed));
                var flow = ModelFiles.Load(parsed.GetValue(model)?.ToString() ?? ModelFiles.DefaultPath("out", data.Name), cancellation);
                ModelFiles.RequireFit(flow, data.Table);
                AnsiConsole.WriteLine(flow.Engine.Description.ToString());
                return Report(FlowVerifier.Verify(flow, data.Table.Values)) ? 0 : 1;
            },
            cancellation));
        return command;
    }

    /// <summary>Prints what the verifier found, a row for each kind of check with the worst layer; failures one by one.</summary>
    /// <returns>Whether everything passed.</returns>
    internal static bool Report(VerificationReport report)
    {
        var table = new Table().RoundedBorder();
        table.AddColumn("check").AddColumn("of").AddColumn(new TableColumn("worst").RightAligned()).AddColumn(new TableColumn("allowed").RightAligned()).AddColumn("worst where").AddColumn("");
        foreach (var group in report.Rows.GroupBy(static row => row.Check))
        {
            var worst = group.MaxBy(static row => row.Passed ? row.Error / Math.Max(row.Tolerance, double.Epsilon) : double.PositiveInfinity)!;
            table.AddRow(
                Words(group.Key),
                Extent(group),
                Number(worst.Error),
                Number(worst.Tolerance),
                worst.Error == 0 ? "" : Markup.Escape(worst.Layer is { } layer ? $"layer {layer}, {worst.Kind}" : "whole flow"),
                group.All(static row => row.Passed) ? "[green]ok[/]" : "[red]FAIL[/]");
        }

        AnsiConsole.Write(table);
        int failures = report.Failures.Count();
        AnsiConsole.MarkupLine(CultureInfo.InvariantCulture, $"{report.Rows.Count - failures} of {report.Rows.Count} checks passed{(failures == 0 ? "" : "; those that failed:")}");
        foreach (var row in report.Failures)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]FAIL[/] {(row.Layer is { } layer ? $"layer {layer} {row.Kind}" : report.Flow)}: {row.Check} is off by {row.Error:G3}, {row.Tolerance:G3} is allowed, at {row.Where}");
        }

        foreach (string note in report.Notes)
        {
            AnsiConsole.WriteLine(note);
        }

        return failures == 0;
    }

    /// <summary>ForwardLogDet as "forward log det".</summary>
    private static string Words(VerificationCheck check) =>
        string.Concat(check.ToString().Select(static (c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));

    private static string Extent(IEnumerable<VerificationRow> rows)
    {
        int layers = rows.Count(static row => row.Layer is not null);
        string flow = rows.Any(static row => row.Layer is null) ? "whole flow" : "";
        return layers == 0 ? flow : string.Create(CultureInfo.InvariantCulture, $"{layers} layers{(flow.Length == 0 ? "" : ", ")}{flow}");
    }

    private static string Number(double value) => value == 0 ? "0" : value.ToString("0.0e-0", CultureInfo.InvariantCulture);
}
