using System.Globalization;
using System.Text.RegularExpressions;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator;
using FlowGen.Tests.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>
/// Every sample of the documentation, half-typed and with tokens missing: neither the generator nor an analyzer nor a fix throws. FLOWGEN_BROKEN_SAMPLES in the environment sets
/// how many.
/// </summary>
public sealed partial class BrokenSampleTests
{
    private const int PerProject = 125;

    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("FLOWGEN_BROKEN_SAMPLES") ?? "5000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Nothing_throws_on_a_broken_sample()
    {
        string[] samples = [.. Samples()];
        Assert.True(samples.Length > 100, $"{samples.Length} samples");
        var random = new System.Random(11);
        var fixes = FixHarness.Fixes.Select(static type => (FlowCodeFix)Activator.CreateInstance(type)!).ToList();
        int diagnostics = 0;
        int offers = 0;
        int surfaces = 0;
        for (int first = 0; first < Count; first += PerProject)
        {
            // Side by side, each in a namespace of its own, after all the samples in turn.
            string[] broken = [.. Enumerable.Range(first, PerProject).Select(i => FormattableString.Invariant($"namespace N{i};\n{Break(samples[i % samples.Length], random)}"))];
            var solution = FixHarness.Open(broken);
            var found = await FixHarness.Diagnose(solution);
            diagnostics += found.Length;
            Assert.DoesNotContain(found, static diagnostic => diagnostic.Id == "AD0001");
            foreach (var diagnostic in found.Where(_ => random.Next(4) == 0))
            {
                foreach (var fix in fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
                {
                    foreach (var offer in await FixHarness.Offers(fix, solution, diagnostic))
                    {
                        offers++;
                        _ = await FixHarness.Apply(offer);
                    }
                }
            }

            var completed = await FixHarness.Complete(solution);
            var compilation = completed.RemoveSyntaxTrees(completed.SyntaxTrees.Where(static tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)));
            var driver = CSharpGeneratorDriver.Create([new FlowGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)compilation.SyntaxTrees.First().Options)
                .RunGenerators(compilation, TestContext.Current.CancellationToken);
            Assert.Null(driver.GetRunResult().Results.Single().Exception);

            // The workspace that the fixes ran in had the same files. None of them has errors of its own syntax, and none of a class that is no flow has any other.
            var generated = completed.SyntaxTrees.Except(compilation.SyntaxTrees).Select(static tree => (Text: tree.ToString(), Tree: tree)).ToList();
            Assert.Equal(driver.GetRunResult().GeneratedTrees.Select(static tree => tree.ToString()).Order(StringComparer.Ordinal), generated.Select(static file => file.Text).Order(StringComparer.Ordinal));
            Assert.All(generated, static file => Assert.False(file.Tree.GetRoot(TestContext.Current.CancellationToken).ContainsDiagnostics, file.Text));
            foreach (var (text, tree) in generated.Where(static file => !file.Text.Contains("IFlowProgram", StringComparison.Ordinal)))
            {
                surfaces++;
                var problems = completed.GetSemanticModel(tree).GetDiagnostics(cancellationToken: TestContext.Current.CancellationToken).Where(static problem => problem.Severity == DiagnosticSeverity.Error);
                Assert.True(!problems.Any(), $"{string.Join('\n', problems)}\n{text}");
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{Count} broken samples of {samples.Length}: {diagnostics} diagnostics, {offers} fixes applied, {surfaces} classes with members and no program"));
        Assert.True(diagnostics > Count / 5 && offers > Count / 50 && surfaces > Count / 10, $"{diagnostics} diagnostics, {offers} fixes, {surfaces} classes");
    }

    private static string Break(string sample, System.Random random)
    {
        var tokens = GeneratorHarness.Parse(sample).GetRoot(TestContext.Current.CancellationToken).DescendantTokens().Where(static token => token.Span.Length > 0).ToList();
        if (random.Next(3) == 0)
        {
            return sample[..random.Next(sample.Length)];
        }

        for (int i = random.Next(1, 3); i > 0; i--)
        {
            var token = tokens[random.Next(tokens.Count)];
            sample = sample.Remove(token.SpanStart, token.Span.Length).Insert(token.SpanStart, new string(' ', token.Span.Length));
        }

        return sample;
    }

    private static IEnumerable<string> Samples()
    {
        string root = Snapshot.FindRoot();
        string[] pages =
        [
            Path.Combine(root, "README.md"),
            .. Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
        ];
        return pages.SelectMany(static page => Block().Matches(File.ReadAllText(page).Replace("\r\n", "\n", StringComparison.Ordinal)))
            .Select(static match => match.Groups["code"].Value)
            .Where(static code => code.Contains("Flow", StringComparison.Ordinal))
            .Concat(Directory.GetFiles(Path.Combine(root, "FlowGen.Samples", "Flows"), "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText).Where(static code => code.Contains("[Flow(", StringComparison.Ordinal)));
    }

    [GeneratedRegex("```csharp[^\n]*\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
