using System.Collections.Immutable;
using System.Reflection;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator;
using FlowGen.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace FlowGen.Tests.CodeFixes;

/// <summary>Runs a fix in a workspace as an editor does, with generator and analyzers before and after.</summary>
internal static class FixHarness
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    /// <summary>All fixes, as an editor would find them.</summary>
    public static IEnumerable<Type> Fixes => typeof(FlowCodeFix).Assembly.GetTypes()
        .Where(static type => type.GetCustomAttribute<ExportCodeFixProviderAttribute>() is not null);

    /// <summary>
    /// The first diagnostic that the fix is for, or all of them if <paramref name="all"/>, is repaired: the text is as expected, the
    /// diagnostic is gone, no error of the compiler or of another rule has come, and whoever asks again is offered nothing.
    /// </summary>
    public static async Task Verify<TFix>(string id, string before, string after, bool all = false)
        where TFix : FlowCodeFix, new() => await Verify<TFix>(id, [before], [after], all);

    /// <summary>The same for several files.</summary>
    public static async Task Verify<TFix>(string id, string[] before, string[] after, bool all = false)
        where TFix : FlowCodeFix, new()
    {
        var solution = Open(before);
        var diagnostics = await Diagnose(solution);
        var matching = diagnostics.Where(diagnostic => diagnostic.Id == id).ToList();
        Assert.True(matching.Count >= (all ? 2 : 1), $"{id} was reported {matching.Count} times:\n{string.Join("\n", diagnostics)}");

        var fix = new TFix();
        var offers = await Offers(fix, solution, matching[0]);
        Assert.True(offers.Count == 1, $"{offers.Count} offers: {string.Join(", ", offers.Select(static offer => offer.Title))}");
        Assert.Equal(typeof(TFix).GetField("EquivalenceKey")!.GetRawConstantValue(), offers[0].EquivalenceKey);
        var action = all ? await FixAll(fix, solution, offers[0], diagnostics) : offers[0];
        var repaired = await Apply(action);
        Assert.Equal(after.Select(Normalize), await Texts(repaired));

        var left = await Diagnose(repaired);
        Assert.DoesNotContain(left, diagnostic => diagnostic.Id == id && (all || matching.Count == 1));
        Assert.True(matching.Count > left.Count(diagnostic => diagnostic.Id == id));
        var news = left.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && !diagnostics.Any(other => other.Id == diagnostic.Id));
        Assert.True(!news.Any(), string.Join("\n", news));
        if (!left.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            Assert.Empty(await CompilerErrors(repaired));
        }
    }

    /// <summary>The fix has nothing to offer for the diagnostic, which is reported.</summary>
    public static async Task VerifyNoOffer<TFix>(string id, params string[] sources)
        where TFix : FlowCodeFix, new()
    {
        var solution = Open(sources);
        var diagnostic = (await Diagnose(solution)).FirstOrDefault(diagnostic => diagnostic.Id == id);
        Assert.NotNull(diagnostic);
        Assert.Empty(await Offers(new TFix(), solution, diagnostic));
    }

    /// <summary>A project of the sources, which see the runtime's namespace.</summary>
    public static Solution Open(params string[] sources)
    {
        using var workspace = new AdhocWorkspace();
        var project = ProjectId.CreateNewId();
        var solution = workspace.CurrentSolution.AddProject(ProjectInfo.Create(
            project, VersionStamp.Default, "User", "User", LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable),
            parseOptions: ParseOptions,
            metadataReferences: CompilerReferences.WithRuntime,
            analyzerReferences: [new GeneratorReference()]));
        for (int i = 0; i < sources.Length; i++)
        {
            solution = solution.AddDocument(DocumentId.CreateNewId(project), $"File{i}.cs", SourceText.From(Normalize(sources[i])), filePath: $"/File{i}.cs");
        }

        return solution;
    }

    /// <summary>What the analyzers say beside the generator's output.</summary>
    public static async Task<ImmutableArray<Diagnostic>> Diagnose(Solution solution)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: false);
        var diagnostics = await (await Complete(solution))
            .WithAnalyzers(GeneratorHarness.Analyzers, options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. diagnostics.OrderBy(static diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal).ThenBy(static diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>The actions that an editor would offer.</summary>
    public static async Task<List<CodeAction>> Offers(FlowCodeFix fix, Solution solution, Diagnostic diagnostic)
    {
        var offers = new List<CodeAction>();
        var document = solution.GetDocument(diagnostic.Location.SourceTree)!;
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => offers.Add(action), TestContext.Current.CancellationToken));
        return offers;
    }

    /// <summary>The solution after an action.</summary>
    public static async Task<Solution> Apply(CodeAction action)
    {
        var operations = await action.GetOperationsAsync(TestContext.Current.CancellationToken);
        return Assert.IsType<ApplyChangesOperation>(Assert.Single(operations)).ChangedSolution;
    }

    /// <summary>The text of every file.</summary>
    public static async Task<List<string>> Texts(Solution solution)
    {
        var texts = new List<string>();
        foreach (var document in solution.Projects.Single().Documents)
        {
            texts.Add((await document.GetTextAsync(TestContext.Current.CancellationToken)).ToString());
        }

        return texts;
    }

    private static async Task<CodeAction> FixAll(FlowCodeFix fix, Solution solution, CodeAction offer, ImmutableArray<Diagnostic> diagnostics)
    {
        var context = new FixAllContext(
            solution.Projects.Single(), fix, FixAllScope.Project, offer.EquivalenceKey, fix.FixableDiagnosticIds, new Found(diagnostics), TestContext.Current.CancellationToken);
        return (await fix.GetFixAllProvider()!.GetFixAsync(context))!;
    }

    /// <summary>What the workspace compiles, the generator's output included.</summary>
    public static async Task<Compilation> Complete(Solution solution) => (await solution.Projects.Single().GetCompilationAsync(TestContext.Current.CancellationToken))!;

    private static async Task<IEnumerable<Diagnostic>> CompilerErrors(Solution solution) =>
        (await Complete(solution)).GetDiagnostics(TestContext.Current.CancellationToken).Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static string Normalize(string source) => "using FlowGen;\n\n" + source.ReplaceLineEndings("\n");

    /// <summary>The generator as a package brings it.</summary>
    private sealed class GeneratorReference : AnalyzerReference
    {
        // A workspace knows a generator by its object.
        private readonly ImmutableArray<ISourceGenerator> generators = [new FlowGenerator().AsSourceGenerator()];

        public override string? FullPath => null;

        public override object Id => nameof(FlowGenerator);

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

        public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

        public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => generators;

        public override ImmutableArray<ISourceGenerator> GetGeneratorsForAllLanguages() => generators;
    }

    private sealed class Found(ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            Task.FromResult(diagnostics.Where(diagnostic => diagnostic.Location.SourceTree?.FilePath == document.FilePath));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
