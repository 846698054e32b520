using System.Collections.Immutable;
using FlowGen.Generator;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>Compiles sources as a user's project would be, with the generator and the analyzers.</summary>
internal static class GeneratorHarness
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    private static readonly CSharpCompilationOptions CompilationOptions =
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Error);

    /// <summary>All analyzers, as a compiler would find them.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
    [
        .. typeof(FlowGenerator).Assembly.GetTypes()
            .Where(static type => type.IsDefined(typeof(DiagnosticAnalyzerAttribute), inherit: false))
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    public static readonly string[] Steps = [FlowGenerator.ParseStep, FlowGenerator.VerifyStep, FlowGenerator.EmitStep];

    public static SyntaxTree Parse(string source, string path = "Declared.cs") =>
        CSharpSyntaxTree.ParseText(source, ParseOptions, path, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>A project without implicit usings, where every warning is an error.</summary>
    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "User", sources.Select((source, i) => Parse("using FlowGen;\n" + source, $"File{i}.cs")), CompilerReferences.WithRuntime, CompilationOptions);

    public static GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        [new FlowGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator, which must not throw, and runs it again beside an unrelated file, where nothing may be done again.</summary>
    public static GeneratorDriver Run(CSharpCompilation compilation, out Compilation completed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var driver = CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out completed, out _, cancellation);
        var result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        Assert.Empty(result.Diagnostics);

        var again = driver.RunGenerators(compilation.AddSyntaxTrees(Parse("// Nothing to do with it.", "Unrelated.cs")), cancellation).GetRunResult().Results.Single();
        AssertReasons(again, IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached);
        Assert.Equal(result.GeneratedSources.Select(static file => file.SourceText.ToString()), again.GeneratedSources.Select(static file => file.SourceText.ToString()));
        return driver;
    }

    /// <summary>The files generated for sources that must then compile without a warning.</summary>
    public static ImmutableArray<GeneratedSourceResult> Generate(params string[] sources)
    {
        var driver = Run(Compile(sources), out var completed);
        AssertCompiles(completed);
        return driver.GetRunResult().Results.Single().GeneratedSources;
    }

    public static void AssertCompiles(Compilation compilation)
    {
        var problems = compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(static problem => problem.Severity >= DiagnosticSeverity.Warning).ToList();
        Assert.True(problems.Count == 0, string.Join("\n", problems) + "\n" + string.Join("\n", compilation.SyntaxTrees.Skip(1).Select(static tree => tree.ToString())));
    }

    /// <summary>The verified model of a flow, which must have no errors.</summary>
    public static FlowModel Model(string source, string type)
    {
        var symbol = Compile(source).GetTypeByMetadataName(type);
        Assert.NotNull(symbol);
        var declaration = FlowParser.Parse(symbol, report: null, TestContext.Current.CancellationToken);
        Assert.NotNull(declaration);
        var verdict = FlowGen.Generator.Verification.FlowVerifier.Verify(declaration, TestContext.Current.CancellationToken);
        Assert.True(verdict.Flow is not null, string.Join("\n", verdict.Findings));
        return verdict.Flow;
    }

    /// <summary>What the first step and the later ones did.</summary>
    public static void AssertReasons(GeneratorRunResult result, IncrementalStepRunReason first, IncrementalStepRunReason later)
    {
        foreach (string step in Steps.Where(result.TrackedSteps.ContainsKey))
        {
            var expected = step == FlowGenerator.ParseStep ? first : later;
            var reasons = result.TrackedSteps[step].SelectMany(static run => run.Outputs).Select(static output => output.Reason);
            Assert.All(reasons, reason => Assert.Equal(expected, reason));
        }
    }

    /// <summary>What the analyzers say about sources, with the generator's output beside them.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Analyze(CSharpCompilation compilation)
    {
        _ = Run(compilation, out var completed);
        return await AnalyzeCompleted(completed);
    }

    /// <summary>What the analyzers say about a compilation that the generator has completed.</summary>
    public static async Task<ImmutableArray<Diagnostic>> AnalyzeCompleted(Compilation completed)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: false);
        var diagnostics = await completed
            .WithAnalyzers(Analyzers, options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(diagnostics, static diagnostic => diagnostic.Id == "AD0001");
        return diagnostics;
    }
}
