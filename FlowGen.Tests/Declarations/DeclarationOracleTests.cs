using System.Globalization;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using FlowGen.Generator.Analyzers;
using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Tests.Generator;
using FlowGen.Layers;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowGen.Tests.Declarations;

/// <summary>
/// Random declarations, sound ones and broken ones, whose verdicts are held against what is known of them: the label of the fault, and the numbers that the flow produces.
/// FLOWGEN_DECLARATIONS in the environment sets how many.
/// </summary>
public sealed partial class DeclarationOracleTests
{
    private const int PerCompilation = 250;

    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("FLOWGEN_DECLARATIONS") ?? "2000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Verdicts_agree_with_labels_and_with_numbers()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var disagreements = new List<string>();
        for (int first = 0; first < Count; first += PerCompilation)
        {
            await Check(first / PerCompilation, Math.Min(PerCompilation, Count - first), counts, disagreements);
        }

        foreach (var (what, count) in counts)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{count,8}  {what}"));
        }

        Assert.True(disagreements.Count == 0, $"{disagreements.Count} disagreements:\n{string.Join("\n", disagreements.Take(20))}");
        Assert.All(VectorFaults.All, fault => Assert.True(counts.GetValueOrDefault($"broken: {fault.Name} ({fault.Rule})") > 0, fault.Name));
    }

    private static async Task Check(int batch, int count, SortedDictionary<string, int> counts, List<string> disagreements)
    {
        var random = new System.Random(1000 + batch);
        var declarations = new List<RandomDeclaration>();
        while (declarations.Count < count)
        {
            var sound = VectorGrammar.Create(FormattableString.Invariant($"F{declarations.Count}"), random);
            declarations.Add(sound);
            if (VectorFaults.All[random.Next(VectorFaults.All.Count)] is var fault && declarations.Count < count
                && fault.Break(sound.Renamed(FormattableString.Invariant($"F{declarations.Count}")), random) is { } broken)
            {
                declarations.Add(broken with { Fault = fault });
            }
        }

        var source = new System.Text.StringBuilder();
        var ends = new List<int>();
        foreach (var declaration in declarations)
        {
            _ = source.Append(declaration.Source);
            ends.Add(source.Length + "using FlowGen;\n".Length);
        }

        var compilation = GeneratorHarness.Compile(source.ToString());
        var verdicts = declarations.ConvertAll(declaration => Judge(compilation, declaration));
        if (batch == 0)
        {
            await CompareWithCompiler(compilation, declarations, verdicts, ends);
        }

        for (int i = 0; i < declarations.Count; i++)
        {
            var declaration = declarations[i];
            var (flow, found) = verdicts[i];
            void Disagree(string what) => disagreements.Add($"{what}\n{declaration.Source}{string.Join("\n", found)}");

            if (declaration.Fault is { } fault)
            {
                Add(counts, $"broken: {fault.Name} ({fault.Rule})");
                if (!found.Exists(diagnostic => diagnostic.Id == fault.Rule && diagnostic.DefaultSeverity == DiagnosticSeverity.Error) || flow is not null)
                {
                    Disagree($"{fault.Name} is not reported as {fault.Rule}");
                }

                if (fault.Confirm is { } confirm)
                {
                    Add(counts, "broken: shown to be no bijection by numbers");
                    if (!confirm(declaration))
                    {
                        Disagree($"{fault.Name} is not what it says");
                    }
                }

                continue;
            }

            Add(counts, "sound");
            if (found.Exists(static diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error) || flow is null)
            {
                Disagree("an error in a sound declaration");
                continue;
            }

            foreach (var diagnostic in found)
            {
                Add(counts, $"sound: {diagnostic.Id}");
            }

            CheckFlow(declaration, flow, found, counts, Disagree);
        }
    }

    private static void CheckFlow(RandomDeclaration declaration, FlowModel flow, List<Diagnostic> found, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        var description = DescriptionFactory.Create(flow);
        var facts = new NumericalFacts(description, declaration.Data);
        var layers = description.Layers;
        foreach (string fault in facts.Faults([.. flow.Layers.Select(static layer => layer.Layer.Proof)]))
        {
            disagree($"no error, but {fault}");
        }

        Add(counts, "layers whose Jacobian, log-det, zeros and inverse were computed", layers.Count);

        // Coverage.
        string? untransformed = Message(found, DiagnosticIds.Untransformed);
        bool mixes = layers.Any(static layer => layer is AffineCouplingLayer or AdditiveCouplingLayer or InvertibleLinearLayer);
        int unlearned = facts.Unlearned(scales: !mixes).Count;
        int reported = untransformed is null ? 0 : Listed(untransformed, declaration.Size);
        if (reported > unlearned || (reported == 0 && facts.Unlearned(scales: !mixes).Count > 0 && !HasCurve(layers)))
        {
            disagree($"{reported} coordinates are reported as never transformed, {unlearned} are");
        }

        // Couplings that are one.
        CheckRepeats(facts, layers, found, counts, disagree);

        if (Message(found, DiagnosticIds.VolumePreserving) is not null != facts.PreservesVolume())
        {
            disagree($"preserves volume: {facts.PreservesVolume()}");
        }

        // Mixing.
        bool[,] depends = facts.Dependence(0, layers.Count);
        int independent = depends.Cast<bool>().Count(static value => !value);
        if (Message(found, DiagnosticIds.IncompleteMixing) is { } mixing)
        {
            if (int.Parse(Number().Match(mixing[mixing.IndexOf("', ", StringComparison.Ordinal)..]).Value, CultureInfo.InvariantCulture) != independent)
            {
                disagree($"{independent} pairs are independent");
            }
        }
        else if (independent > 0 && mixes && untransformed is null)
        {
            disagree($"{independent} pairs are independent, and nothing is said");
        }

        // Range.
        if (Message(found, DiagnosticIds.RangeOfLastLayers) is { } range)
        {
            var (low, high) = Interval(range);
            var extremes = facts.Extremes(1 + int.Parse(Number().Match(range).Value, CultureInfo.InvariantCulture));
            if (!(extremes.Low >= low - 1e-9 && extremes.High <= high + 1e-9))
            {
                disagree($"values from {extremes.Low} to {extremes.High}");
            }
        }
        else if (facts.Unreached() is { } layer)
        {
            disagree($"latents of the prior have no inverse by layer {layer}");
        }

        if (Message(found, DiagnosticIds.UnboundedScale) is not null != declaration.Source.Contains("ScaleFunction.Exp", StringComparison.Ordinal))
        {
            disagree("unbounded scale");
        }
    }

    private static void CheckRepeats(NumericalFacts facts, IReadOnlyList<LayerDescription> layers, List<Diagnostic> found, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        int repeats = 0;
        int last = -1;
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] is not (AffineCouplingLayer or AdditiveCouplingLayer))
            {
                continue;
            }

            if (last >= 0)
            {
                Add(counts, "pairs of couplings");
                int carried = facts.CarriedThrough(last, i + 1);
                repeats += carried > 0 && carried == facts.CarriedThrough(i, i + 1) && carried == facts.CarriedThrough(last, last + 1) ? 1 : 0;
            }

            last = i;
        }

        // A rule speaks once for an attribute, however many of its copies it concerns.
        int reported = found.Count(static diagnostic => diagnostic.Id == DiagnosticIds.SamePartition);
        if (reported > repeats || (reported == 0 && repeats > 0))
        {
            disagree($"{repeats} couplings add nothing to the one before them");
        }
    }

    // What a curve makes of a coordinate is fixed, but counts as a transformation.
    private static bool HasCurve(IReadOnlyList<LayerDescription> layers) => layers.Any(static layer => layer is ElementwiseLayer);

    /// <summary>What generator and analyzers make of a declaration.</summary>
    private static (FlowModel? Flow, List<Diagnostic> Found) Judge(Compilation compilation, RandomDeclaration declaration)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var found = new List<Diagnostic>();
        foreach (string name in (string[])[declaration.StepName, declaration.Name])
        {
            if (compilation.GetTypeByMetadataName(name) is { } type)
            {
                FlowDeclarationAnalyzer.Analyze(type, found.Add, cancellation);
                FlowStackAnalyzer.Analyze(type, found.Add, cancellation);
            }
        }

        var parsed = FlowParser.Parse(compilation.GetTypeByMetadataName(declaration.Name)!, report: null, cancellation);
        return (parsed is null ? null : FlowGen.Generator.Verification.FlowVerifier.Verify(parsed, cancellation).Flow, found);
    }

    /// <summary>The same by the way that a build takes: generated, analysed, compiled, loaded.</summary>
    private static async Task CompareWithCompiler(
        Compilation compilation, List<RandomDeclaration> declarations, List<(FlowModel? Flow, List<Diagnostic> Found)> verdicts, List<int> ends)
    {
        var cancellation = TestContext.Current.CancellationToken;
        _ = GeneratorHarness.CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out var completed, out _, cancellation);
        var diagnostics = (await GeneratorHarness.AnalyzeCompleted(completed)).ToLookup(diagnostic => ends.FindIndex(end => diagnostic.Location.SourceSpan.Start < end));
        for (int i = 0; i < declarations.Count; i++)
        {
            string[] Texts(IEnumerable<Diagnostic> found) => [.. found.Select(static diagnostic => $"{diagnostic.Location.SourceSpan} {diagnostic.Id} {diagnostic.GetMessage(CultureInfo.InvariantCulture)}").Order(StringComparer.Ordinal)];
            Assert.Equal(Texts(diagnostics[i]), Texts(verdicts[i].Found));
        }

        // What is broken is taken away: the rest must compile.
        var sound = completed.ReplaceSyntaxTree(completed.SyntaxTrees.First(), GeneratorHarness.Parse(
            "using FlowGen;\n" + string.Concat(declarations.Where(static declaration => declaration.Fault is null).Select(static declaration => declaration.Source))));
        using var image = new MemoryStream();
        var result = sound.Emit(image, cancellationToken: cancellation);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(5)));
        image.Position = 0;
        var assembly = new AssemblyLoadContext("Declarations", isCollectible: true).LoadFromStream(image);
        for (int i = 0; i < declarations.Count; i++)
        {
            if (verdicts[i].Flow is { } flow)
            {
                var compiled = (IFlow)Activator.CreateInstance(assembly.GetType(declarations[i].Name, throwOnError: true)!, 1UL)!;
                Assert.Equal(compiled.Engine.Description.ToString(), DescriptionFactory.Create(flow).ToString());
                Assert.Equal(compiled.Engine.Description.Hash, DescriptionFactory.Create(flow).Hash);
            }
        }
    }

    private static string? Message(List<Diagnostic> found, string id) => found.Find(diagnostic => diagnostic.Id == id)?.GetMessage(CultureInfo.InvariantCulture);

    private static int Listed(string message, int size) => message.Contains("any coordinate", StringComparison.Ordinal)
        ? size
        : Number().Count(message[message.IndexOf("coordinate", StringComparison.Ordinal)..]);

    private static (double Low, double High) Interval(string message)
    {
        string[] ends = message[(message.IndexOf("into (", StringComparison.Ordinal) + 6)..message.IndexOf("), but", StringComparison.Ordinal)].Split(", ");
        double End(string text) => text switch
        {
            "infinity" => double.PositiveInfinity,
            "-infinity" => double.NegativeInfinity,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        };
        return (End(ends[0]), End(ends[1]));
    }

    private static void Add(SortedDictionary<string, int> counts, string what, int count = 1) => counts[what] = counts.GetValueOrDefault(what) + count;

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
