using System.Diagnostics.CodeAnalysis;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>Warnings and advice are configured as those of the compiler are; errors, where nothing could be generated, are not.</summary>
public sealed class SuppressionTests
{
    private const string OneWarning = "[Flow(2), AffineCoupling(4)] partial class {|FLOW2020:A|};";

    public static TheoryData<string> Rules => RulePageTests.Rules;

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_pragma_silences_what_is_no_error(string id) =>
        await CheckSilenced(id, RulePages.Compile($"#pragma warning disable {id}\n{RulePages.Examples(id)[0]}"));

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task An_editorconfig_silences_what_is_no_error(string id) =>
        await CheckSilenced(id, Configure(RulePages.Compile(RulePages.Examples(id)[0]), $"dotnet_diagnostic.{id}.severity = none"));

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task SuppressMessage_silences_and_no_program_is_generated(string id)
    {
        // The compiler lets the attribute hide errors, too; there is still no flow then, and its members throw: see ErroneousFlowTests.
        string example = RulePages.Examples(id)[0];
        var plain = GeneratorHarness.Run(RulePages.Compile(example), out _).GetRunResult().GeneratedTrees;
        var compilation = RulePages.Compile(example)
            .AddSyntaxTrees(GeneratorHarness.Parse($"[module: System.Diagnostics.CodeAnalysis.SuppressMessage(\"FlowGen\", \"{id}\", Justification = \"A test.\")]", "Suppressions.cs"));
        Assert.DoesNotContain(await GeneratorHarness.Analyze(compilation), diagnostic => diagnostic.Id == id);
        Assert.Equal(plain.Select(static tree => tree.ToString()), GeneratorHarness.Run(compilation, out _).GetRunResult().GeneratedTrees.Select(static tree => tree.ToString()));
    }

    [Theory]
    [InlineData("error", DiagnosticSeverity.Error)]
    [InlineData("suggestion", DiagnosticSeverity.Info)]
    [InlineData("silent", DiagnosticSeverity.Hidden)]
    public async Task An_editorconfig_changes_severity(string severity, DiagnosticSeverity expected)
    {
        var compilation = Configure(RulePages.Compile(RulePages.Examples("FLOW2020")[0]), $"dotnet_diagnostic.FLOW2020.severity = {severity}");
        var warning = Assert.Single(await GeneratorHarness.Analyze(compilation), static diagnostic => diagnostic.Id == "FLOW2020");
        Assert.Equal(expected, warning.Severity);
    }

    [Fact]
    public Task A_pragma_ends_where_it_is_restored() => Markup.Verify($"""
        #pragma warning disable FLOW2020
        [Flow(2), AffineCoupling(4)] partial class Silent;
        #pragma warning restore FLOW2020
        {OneWarning}
        """);

    [Fact]
    public Task SuppressMessage_is_for_the_class_that_it_is_on() => Markup.Verify($"""
        using System.Diagnostics.CodeAnalysis;
        [Flow(2), AffineCoupling(4), SuppressMessage("FlowGen", "FLOW2020:A coordinate is never transformed")] partial class Silent;
        {OneWarning}
        """);

    [Fact]
    public Task SuppressMessage_reaches_a_class_by_its_name() => Markup.Verify($"""
        using System.Diagnostics.CodeAnalysis;
        [assembly: SuppressMessage("FlowGen", "FLOW2020", Scope = "type", Target = "~T:Silent")]
        [Flow(2), AffineCoupling(4)] partial class Silent;
        {OneWarning}
        """);

    private static async Task CheckSilenced(string id, CSharpCompilation compilation)
    {
        bool isError = Descriptors.Get(id).DefaultSeverity == DiagnosticSeverity.Error;
        Assert.Equal(isError, (await GeneratorHarness.Analyze(compilation)).Any(diagnostic => diagnostic.Id == id));
    }

    private static CSharpCompilation Configure(CSharpCompilation compilation, string line)
    {
        var config = AnalyzerConfig.Parse($"root = true\n[*.cs]\n{line}\n", "/.editorconfig");
        return compilation.WithOptions(compilation.Options.WithSyntaxTreeOptionsProvider(new Options(AnalyzerConfigSet.Create(new List<AnalyzerConfig> { config }))));
    }

    private sealed class Options(AnalyzerConfigSet set) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, [NotNullWhen(true)] out ReportDiagnostic severity) =>
            set.GetOptionsForSourcePath("/" + Path.GetFileName(tree.FilePath)).TreeOptions.TryGetValue(diagnosticId, out severity);

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = default;
            return false;
        }
    }
}
