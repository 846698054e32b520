using System.Collections.Immutable;
using System.Reflection;
using FlowGen.Generator;
using FlowGen.Tests.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace FlowGen.Tests.Samples;

/// <summary>What the documentation shows is compiled, and what it should mention is there.</summary>
public sealed class DocumentationTests
{
    // What a fragment takes for granted.
    private const string Context = """
        var flow = TwoMoons.FromFile("moons.safetensors");
        float[] data = new float[2 * 1000];
        #line 1
        {0}

        [Flow(2)]
        [ActNorm]
        [AffineCoupling(64, 64, Times = 8)]
        public sealed partial class TwoMoons;
        """;

    private const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using FlowGen;";

    private static readonly string Root = Packaging.DotnetCommand.Root;

    private static readonly ImmutableArray<MetadataReference> References =
        [.. CompilerReferences.WithRuntime, .. CompilerReferences.Others(static name => name is "FlowGen.Onnx.dll" or "FlowGen.Tensors.dll")];

    /// <summary>Every page, those of the projects too, but those of the rules, which have tests of their own.</summary>
    public static TheoryData<string> Pages => [
        .. Directory.GetFiles(Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetDirectories(Root, "FlowGen.*").SelectMany(static project => Directory.GetFiles(project, "*.md")))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(static page => !page.StartsWith("docs/rules/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public static TheoryData<Type> Layers => [.. typeof(FlowLayerAttribute).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(FlowLayerAttribute)))];

    [Theory, MemberData(nameof(Pages))]
    public async Task CodeBlocks_CompileWithoutWarnings(string page)
    {
        foreach (var block in Blocks(page, "csharp").Concat(Blocks(page, "csharp fragment").Select(static block => (block.Line, Text: Context.Replace("{0}", block.Text, StringComparison.Ordinal)))))
        {
            var (_, diagnostics) = await Compile(block.Text);
            Assert.True(diagnostics.IsEmpty, $"{page}, code block at line {block.Line}:\n{string.Join('\n', diagnostics)}");
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public void CodeBlocks_AreOfAKindThatIsTested(string page)
    {
        string[] kinds = ["csharp", "csharp fragment", "csharp mistakes", "csharp step", "diff step", "text step", "markdown step", "cs", "text", "sh", "python", "python program"];
        Assert.All(Blocks(page), block => Assert.Contains(block.Kind, kinds));
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Excerpts_AreWhatTheGeneratorWritesForThePagesFirstFlow(string page)
    {
        HashSet<string>? generated = null;
        foreach (var block in Blocks(page, "cs"))
        {
            // Indentation depends on the namespace.
            generated ??= [.. (await Compile(Blocks(page, "csharp").First().Text)).Generated.Split('\n').Select(static line => line.Trim())];
            string[] missing = [.. block.Text.Split('\n').Where(line => !generated.Contains(line.Trim()))];
            Assert.True(missing.Length == 0, $"{page}, excerpt at line {block.Line}: the generator does not write\n{string.Join('\n', missing)}");
        }
    }

    [Fact]
    public async Task EmittedCode_IsExplainedFromTheFirstLineToTheLast()
    {
        const string Page = "docs/emitted-code.md";
        string[] shown = [.. Blocks(Page, "cs").SelectMany(static block => block.Text.Split('\n')).Select(static line => line.Trim()).Where(static line => line.Length > 0)];
        string[] generated = [.. (await Compile(Blocks(Page, "csharp").First().Text)).Generated.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0)];
        Assert.Equal(generated, shown);
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Mistakes_AreReportedAsQuoted(string page)
    {
        foreach (var block in Blocks(page, "csharp mistakes"))
        {
            var (_, diagnostics) = await Compile(block.Text);
            string quoted = Blocks(page, "text").First(text => text.Line > block.Line).Text;
            Assert.Equal(quoted.Split('\n'), diagnostics);
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public void RelativeLinks_LeadToFiles(string page)
    {
        // What is shown for another file links from there.
        string text = File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");
        foreach (var step in Blocks(page).Where(static block => block.Kind.EndsWith(" step", StringComparison.Ordinal)))
        {
            text = text.Replace(step.Text, "", StringComparison.Ordinal);
        }

        string directory = Path.GetDirectoryName(Path.Combine(Root, page))!;
        foreach (var match in System.Text.RegularExpressions.Regex.EnumerateMatches(text, @"\]\([^)\s]+\)"))
        {
            string target = text.Substring(match.Index + 2, match.Length - 3).Split('#')[0];
            if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            {
                Assert.True(Path.Exists(Path.Combine(directory, target)), $"{page} links to {target}, which is not there.");
            }
        }
    }

    [Theory, MemberData(nameof(Layers))]
    public void EveryLayer_HasAPageThatSaysItsMapItsJacobianItsLogDetAndItsCost(Type attribute)
    {
        string page = File.ReadAllText(Path.Combine(Root, "docs", "layers", attribute.Name.Split('`')[0][..^"Attribute".Length] + ".md"));
        Assert.Contains("\n## Map\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Cost\n", page, StringComparison.Ordinal);
        Assert.Contains("Jacobian", page, StringComparison.Ordinal);
        Assert.Contains("log-det", page, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Layers))]
    public void EveryLayer_HasAPageThatNamesItsOptions(Type attribute)
    {
        string name = attribute.Name.Split('`')[0][..^"Attribute".Length];
        string text = File.ReadAllText(Path.Combine(Root, "docs", "layers", name + ".md"));
        Assert.StartsWith($"# {name}\n", text, StringComparison.Ordinal);
        Assert.Contains($"[{name}](", File.ReadAllText(Path.Combine(Root, "docs", "layers", "README.md")), StringComparison.Ordinal);
        foreach (var property in attribute.GetProperties().Where(static p => p.SetMethod is not null))
        {
            Assert.Contains($"`{property.Name}", text, StringComparison.Ordinal);
        }

        foreach (var parameter in attribute.GetConstructors().SelectMany(static constructor => constructor.GetParameters()))
        {
            Assert.Contains($"`{parameter.Name}`", text, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Layers))]
    public void EveryLayer_WithTensors_IsInTheTableForPyTorch(Type attribute)
    {
        string name = attribute.Name.Split('`')[0][..^"Attribute".Length];
        string page = File.ReadAllText(Path.Combine(Root, "docs", "layers", name + ".md"));
        if (page.Contains("`layers.N.", StringComparison.Ordinal))
        {
            Assert.Contains(File.ReadAllLines(Path.Combine(Root, "docs", "exchange.md")), line => line.StartsWith('|') && line.Split('|')[1].Contains($"`{name}`", StringComparison.Ordinal));
        }
    }

    /// <summary>The fenced blocks of one kind: "csharp" blocks are programs or declarations, "csharp fragment" statements about a flow and data, "cs" excerpts of generated code, "text" what a tool printed, "python" what <see cref="DocumentedPythonTests"/> compiles, "python program" what it runs too.</summary>
    internal static IEnumerable<(int Line, string Text)> Blocks(string page, string kind) =>
        Blocks(page).Where(block => block.Kind == kind).Select(static block => (block.Line, block.Text));

    internal static IEnumerable<(int Line, string Kind, string Text)> Blocks(string page)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Root, page));
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                string kind = lines[i].TrimStart('`');
                int end = Array.IndexOf(lines, lines[i][..^kind.Length], i + 1);
                yield return (i + 1, kind, string.Join('\n', lines[(i + 1)..end]));
                i = end;
            }
        }
    }

    private static async Task<(string Generated, ImmutableArray<string> Diagnostics)> Compile(string code)
    {
        var parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);
        var cancellation = TestContext.Current.CancellationToken;
        SyntaxTree[] trees = [CSharpSyntaxTree.ParseText(Usings, parse, cancellationToken: cancellation), CSharpSyntaxTree.ParseText(code, parse, "Flow.cs", cancellationToken: cancellation)];
        bool statements = trees[1].GetCompilationUnitRoot(cancellation).Members.Any(static m => m is GlobalStatementSyntax);
        var options = new CSharpCompilationOptions(statements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        var driver = CSharpGeneratorDriver.Create([new FlowGenerator().AsSourceGenerator()], parseOptions: parse)
            .RunGeneratorsAndUpdateCompilation(CSharpCompilation.Create("Documentation", trees, References, options), out var compilation, out _, cancellation);
        var analyzers = typeof(FlowGenerator).Assembly.GetTypes()
            .Where(static t => t.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is not null)
            .Select(static t => (DiagnosticAnalyzer)Activator.CreateInstance(t)!)
            .ToImmutableArray();
        var found = await compilation.WithAnalyzers(analyzers).GetAllDiagnosticsAsync(cancellation);
        return (
            string.Concat(driver.GetRunResult().GeneratedTrees),
            [.. found.Where(static d => d.Severity >= DiagnosticSeverity.Warning).OrderBy(static d => d.Location.SourceSpan.Start).Select(static d => d.ToString())]);
    }
}
