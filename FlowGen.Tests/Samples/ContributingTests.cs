using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace FlowGen.Tests.Samples;

/// <summary>The steps that add a layer, as the page for contributors shows them, put into a copy of the sources: they compile, and pass the tests that ask every layer for them.</summary>
public sealed class ContributingTests
{
    private const string Kernel = "FlowGen.Runtime/Kernels/Translate.cs";

    // Facts about all layers, and those of the steps themselves.
    private static readonly string[] Facts =
        ["Every_layer_attribute_is_registered", "A_default_that_is_written_out_changes_nothing", "Every_layer_has_an_exporter", "Offsets_change_no_volume", "Offsets_beside_a_scale_are_not_reported"];

    // How often each class has something to say about the new layer.
    private static readonly Dictionary<string, int> Calls = new()
    {
        ["Layers.LayerKernelTests"] = 8 * 7,
        ["Layers.LayerReferenceTests"] = 8 * 4,
        ["Layers.LayerDeclarationTests"] = 1,
        ["Flows.FlowZooTests"] = 1,
        ["Flows.FlowMathematicsTests"] = 3,
        ["Flows.ImageMathematicsTests"] = 3,
        ["Declarations.GrammarTests"] = 1,
        ["Generator.ContractTests"] = 2,
        ["Generator.StackRuleTests"] = 2,
        ["Onnx.OnnxZooTests"] = 3,
        ["Samples.DocumentationTests"] = 8,
    };

    private const string Snapshots = "Generator.SnapshotTests";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_steps_add_a_layer_that_lacks_nothing()
    {
        var steps = Step.All();
        Assert.Equal(Enumerable.Range(1, 10), steps.Select(static step => step.Number).Distinct());
        var difference = steps.Single(static step => step.IsDifference);
        using var contribution = new Contribution(steps.Where(static step => !step.IsDifference));
        var runtime = contribution.Runtime();
        Assert.Empty(await CheckPublicApi(runtime, contribution.PublicApi()));
        contribution.Build(runtime, [.. Calls.Keys, Snapshots]);
        var tests = contribution.Load();
        foreach (var (name, count) in Calls)
        {
            var results = await TestCalls.Run(tests.GetType($"FlowGen.Tests.{name}", throwOnError: true)!, IsWanted);
            Assert.All(results, static result => Assert.True(result.Failure is null, $"{result.Test}: {result.Failure}"));
            Assert.True(count == results.Count, $"{name} says something {results.Count} times, not {count}:\n{string.Join('\n', results.Select(static result => result.Test))}");
        }

        await CheckSnapshot(tests, contribution, difference);

        // The tests notice a mistake: the gradient has the wrong sign.
        const string Right = "+= V.Sum(sum)";
        Assert.Contains(Right, contribution[Kernel], StringComparison.Ordinal);
        contribution[Kernel] = contribution[Kernel].Replace(Right, "-= V.Sum(sum)", StringComparison.Ordinal);
        contribution.BuildRuntime();
        var wrong = await TestCalls.Run(contribution.Load().GetType("FlowGen.Tests.Layers.LayerKernelTests", throwOnError: true)!, IsWanted);
        Assert.Equal(
            ["Backward_GivesTheDifferencesOfTheReference"],
            wrong.Where(static result => result.Failure is not null).Select(static result => result.Test.Split('.', '(')[1]).Distinct());
    }

    // Of the flows, one of vectors and one of images.
    private static bool IsWanted(object? argument) => argument switch
    {
        Type type => type.Name == "TranslateAttribute",
        string text => text is "Translate" or "5: Translate" or "image 3, 3, 5: ActNorm, Translate(Times = 2)" or "docs/layers/Translate.md" || Facts.Contains(text),
        _ => false,
    };

    private static async Task<IEnumerable<string>> CheckPublicApi(CSharpCompilation runtime, IEnumerable<(string Path, string Text)> files)
    {
        string path = typeof(ContributingTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "PublicApiAnalyzers").Value!;
        var analyzers = new AnalyzerFileReference(path, new Loader()).GetAnalyzers(LanguageNames.CSharp);
        Assert.NotEmpty(analyzers);
        var options = new AnalyzerOptions([.. files.Select(static file => new Listed(file.Path, file.Text))]);
        return (await runtime.WithAnalyzers(analyzers, options).GetAnalyzerDiagnosticsAsync(Token)).Where(static d => d.Severity >= DiagnosticSeverity.Warning).Select(static d => d.ToString());
    }

    private static async Task CheckSnapshot(Assembly tests, Contribution contribution, Step difference)
    {
        async Task<Exception?> Run() => Assert.Single(await TestCalls.Run(tests.GetType($"FlowGen.Tests.{Snapshots}", throwOnError: true)!, static name => name is "Every_layer")).Failure;
        Assert.Contains("differs from line", (await Run())?.Message, StringComparison.Ordinal);
        string received = contribution.Read(difference.Path.Replace(".verified.", ".received.", StringComparison.Ordinal));

        // Shown are all lines that name the layer, and none that the snapshot does not get.
        string[] changed = [.. Difference(contribution[difference.Path].Split('\n'), received.Split('\n'))];
        string[] shown = difference.Text.Split('\n');
        Assert.Equal(changed.Where(static line => line.Contains("Translate", StringComparison.Ordinal)), shown.Where(static line => line.Contains("Translate", StringComparison.Ordinal)));
        int at = 0;
        Assert.All(shown, line => Assert.True((at = Array.IndexOf(changed, line, at) + 1) > 0, $"Not in the difference of the snapshot, or not there: {line}"));
        contribution.Write(difference.Path, received);
        Assert.Null(await Run());
    }

    // The longest common lines stay.
    private static IEnumerable<string> Difference(string[] old, string[] now)
    {
        int[,] common = new int[old.Length + 1, now.Length + 1];
        for (int i = old.Length - 1; i >= 0; i--)
        {
            for (int j = now.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                (i, j) = (i + 1, j + 1);
            }
            else if (i < old.Length && (j == now.Length || common[i + 1, j] >= common[i, j + 1]))
            {
                yield return "- " + old[i++].Trim();
            }
            else
            {
                yield return "+ " + now[j++].Trim();
            }
        }
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }

    private sealed class Listed(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
