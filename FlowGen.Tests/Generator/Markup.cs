using System.Text;
using System.Text.RegularExpressions;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>Sources in which what the analyzers have to report is marked: <c>{|FLOW1001:name|}</c>, or <c>{|FLOW2020,FLOW2022:name|}</c> for two at one place.</summary>
internal static partial class Markup
{
    /// <summary>Asserts that the analyzers report what is marked, and nothing else.</summary>
    /// <param name="source">The marked source.</param>
    /// <param name="messages">Parts of the messages, in the order of the marks.</param>
    public static async Task Verify(string source, params string[] messages)
    {
        source = "using FlowGen;\n" + source;
        var expected = new List<string>();
        var text = new StringBuilder();
        int from = 0;
        foreach (Match match in Mark().Matches(source))
        {
            _ = text.Append(source, from, match.Index - from);
            expected.AddRange(match.Groups["id"].Value.Split(',').Select(id => $"{id} at {text.Length}: {match.Groups["text"].Value}"));
            _ = text.Append(match.Groups["text"].Value);
            from = match.Index + match.Length;
        }

        string plain = text.Append(source, from, source.Length - from).ToString();
        var compilation = GeneratorHarness.Compile().AddSyntaxTrees(GeneratorHarness.Parse(plain));
        var diagnostics = (await GeneratorHarness.Analyze(compilation)).OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start).ThenBy(static diagnostic => diagnostic.Id).ToList();
        var actual = diagnostics.Select(diagnostic => $"{diagnostic.Id} at {diagnostic.Location.SourceSpan.Start}: {plain.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)}");
        Assert.Equal(string.Join("\n", expected), string.Join("\n", actual));
        Assert.All(diagnostics, static diagnostic => Assert.Equal("Declared.cs", diagnostic.Location.SourceTree?.FilePath));
        foreach (var (message, diagnostic) in messages.Zip(diagnostics))
        {
            Assert.Contains(message, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        // An error leaves members without a program, for which code that uses the flow has nothing to add; everything else leaves a flow that compiles.
        var driver = GeneratorHarness.Run(compilation, out var completed);
        bool hasErrors = diagnostics.Exists(static diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error);
        Assert.True(messages.Length <= diagnostics.Count);
        if (!hasErrors)
        {
            GeneratorHarness.AssertCompiles(completed);
        }
        else
        {
            if (!source.Contains("// Another flow is sound.", StringComparison.Ordinal))
            {
                Assert.All(driver.GetRunResult().GeneratedTrees, static tree => Assert.DoesNotContain("IFlowProgram", tree.ToString(), StringComparison.Ordinal));
            }

            if (!diagnostics.Exists(static diagnostic => diagnostic.Id is DiagnosticIds.FlowNotPartial or DiagnosticIds.ContainerNotPartial))
            {
                Assert.Equal("", string.Join("\n", FlowUses.Cascade(compilation, [], out _, out _)));
            }
        }
    }

    [GeneratedRegex(@"\{\|(?<id>FLOW\d{4}(,FLOW\d{4})*):(?<text>.*?)\|\}", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
