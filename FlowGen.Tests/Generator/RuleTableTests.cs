using System.Text;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using FlowGen.Tests.CodeFixes;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>
/// The table of rules in the README, and the line of each rule's page that names its fixes, are written from the descriptors. With FLOWGEN_UPDATE_SNAPSHOTS=1 in the
/// environment they are written; otherwise they are compared.
/// </summary>
public sealed class RuleTableTests
{
    private const string Begin = "<!-- rules: written by RuleTableTests -->\n";
    private const string End = "<!-- end of rules -->";

    private static readonly ILookup<string, string> Fixes = FixHarness.Fixes
        .SelectMany(static type => ((FlowCodeFix)Activator.CreateInstance(type)!).FixableDiagnosticIds.Select(id => (Id: id, Fix: type.Name[..^"CodeFix".Length])))
        .OrderBy(static pair => pair.Fix, StringComparer.Ordinal)
        .ToLookup(static pair => pair.Id, static pair => pair.Fix);

    public static TheoryData<string> Rules => RulePageTests.Rules;

    [Fact]
    public void The_readme_lists_every_rule()
    {
        string path = Path.Combine(Snapshot.FindRoot(), "README.md");
        string text = File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal);
        int from = text.IndexOf(Begin, StringComparison.Ordinal);
        int to = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from >= 0 && to > from, "README.md has no place for the rules.");
        Compare(path, text, string.Concat(text.AsSpan(0, from + Begin.Length), Table(), text.AsSpan(to)));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_page_names_the_fixes_of_its_rule(string id)
    {
        var lines = RulePages.Read(id).Split('\n').Where(static line => !line.StartsWith("Code fix", StringComparison.Ordinal)).ToList();
        int end = lines.IndexOf("## How to suppress");
        while (lines[end - 1].Length == 0)
        {
            lines.RemoveAt(--end);
        }

        string[] fixes = [.. Fixes[id]];
        lines.InsertRange(end, fixes.Length == 0 ? [""] : ["", $"Code {(fixes.Length == 1 ? "fix" : "fixes")}: {string.Join(", ", fixes.Select(static fix => $"`{fix}`"))}.", ""]);
        Compare(Path.Combine(RulePages.Folder, id + ".md"), RulePages.Read(id), string.Join('\n', lines));
    }

    private static string Table()
    {
        var table = new StringBuilder("\n| rule | severity | | fix |\n|---|---|---|---|\n");
        foreach (var rule in Descriptors.All.OrderBy(static rule => rule.Id, StringComparer.Ordinal))
        {
            string severity = rule.DefaultSeverity.ToString().ToLowerInvariant();
            _ = table.Append(FormattableString.Invariant($"| [{rule.Id}](docs/rules/{rule.Id}.md) | {severity} | {rule.Title} | {(Fixes[rule.Id].Any() ? "yes" : "")} |\n"));
        }

        return table.Append('\n').ToString();
    }

    private static void Compare(string path, string text, string expected)
    {
        if (Environment.GetEnvironmentVariable("FLOWGEN_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, expected);
            return;
        }

        Assert.True(expected == text, $"{Path.GetFileName(path)} is behind the rules. Run the tests with FLOWGEN_UPDATE_SNAPSHOTS=1 to write it.");
    }
}
