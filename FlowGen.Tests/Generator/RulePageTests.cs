using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class RulePageTests
{
    public static TheoryData<string> Rules => [.. Descriptors.All.Select(static rule => rule.Id).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_has_a_page_that_its_help_link_names(string id)
    {
        var rule = Descriptors.Get(id);
        Assert.Equal($"https://github.com/flowgen/flowgen/blob/main/docs/rules/{id}.md", rule.HelpLinkUri);
        string page = RulePages.Read(id);
        Assert.StartsWith($"# {id}: {rule.Title}\n", page, StringComparison.Ordinal);
        Assert.Contains($"\nSeverity: {rule.DefaultSeverity.ToString().ToLowerInvariant()}.\n", page, StringComparison.Ordinal);
        Assert.Equal(["## Why", "## Flagged", "## Fix", "## How to suppress"], page.Split('\n').Where(static line => line.StartsWith("## ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_flagged_example_is_flagged_and_the_fix_is_clean(string id)
    {
        string[] examples = RulePages.Examples(id);
        Assert.Equal(2, examples.Length);
        var flagged = await GeneratorHarness.Analyze(RulePages.Compile(examples[0]));
        Assert.Contains(id, flagged.Select(static diagnostic => diagnostic.Id));

        var fixedUp = RulePages.Compile(examples[1]);
        Assert.Empty(await GeneratorHarness.Analyze(fixedUp));
        _ = GeneratorHarness.Run(fixedUp, out var completed);
        GeneratorHarness.AssertCompiles(completed);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Errors_cannot_be_configured_away_and_the_rest_can(string id)
    {
        var rule = Descriptors.Get(id);
        Assert.Equal(rule.DefaultSeverity == DiagnosticSeverity.Error, rule.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable));
    }

    [Fact]
    public void No_page_is_left_over_and_every_rule_is_reported_by_an_analyzer()
    {
        var pages = Directory.GetFiles(RulePages.Folder, "*.md").Select(static file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);
        var rules = Descriptors.All.Select(static rule => rule.Id).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(rules, pages);
        Assert.Equal(rules, GeneratorHarness.Analyzers.SelectMany(static analyzer => analyzer.SupportedDiagnostics).Select(static rule => rule.Id).Distinct().Order(StringComparer.Ordinal));
    }
}
