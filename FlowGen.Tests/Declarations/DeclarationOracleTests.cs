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
/// FLOWGEN_DECLARATIONS in the environment sets how many, FLOWGEN_DECLARATIONS_SEED which.
/// </summary>
public sealed partial class DeclarationOracleTests
{
    private const int PerCompilation = 250;
    private const int InEveryRun = 2000;

    // Of the first batch; each takes the next.
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("FLOWGEN_DECLARATIONS_SEED") ?? "1000", CultureInfo.InvariantCulture);

    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("FLOWGEN_DECLARATIONS") ?? InEveryRun.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // Faults of functions are the kinds of function that are none.
    private static readonly Dictionary<FunctionKind, Fault> FunctionFaults = new[] { FunctionKind.Folded, FunctionKind.Flat, FunctionKind.Torn, FunctionKind.Undefined }
        .ToDictionary(static kind => kind, static kind => new Fault($"function, {kind}", FunctionClaims.Rule(kind)!, static (declaration, _) => declaration, static declaration => declaration.Functions.All(static function => function.Shows())));

    private static IEnumerable<Fault> Faults => [.. VectorFaults.All, .. ImageFaults.All, .. ImageFaults.OnVectors, .. FunctionFaults.Values];

    // As they are written in sound declarations: layers, options, and values that are no defaults.
    private static readonly string[] Options =
    [
        .. typeof(FlowLayerAttribute).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(FlowLayerAttribute))).SelectMany(static type => (string[])
        [
            Regex.Replace(type.Name, "Attribute(`.)?$", ""),
            .. type.GetProperties().Where(static property => property.CanWrite).Select(static property => property.Name + " = "),
        ]).Distinct(),
        .. ((Type[])[typeof(Activation), typeof(AffineForm), typeof(CouplingNet), typeof(Half), typeof(LinearParameterization), typeof(Partition), typeof(Prior), typeof(ScaleFunction), typeof(SplitPrior), typeof(SqueezeOrder), typeof(Triangle), typeof(TriangularOrder)])
            .SelectMany(static type => Enum.GetNames(type).Skip(1).Select(name => $"{type.Name}.{name}")),
        "Repeat<",
    ];

    private const string DrawnPrefix = "drawn: ";

    [Fact]
    public async Task Verdicts_agree_with_labels_and_with_numbers()
    {
        int batches = (Count + PerCompilation - 1) / PerCompilation;
        var results = new (SortedDictionary<string, int> Counts, List<string> Disagreements)[batches];
        var side = new ParallelOptions { MaxDegreeOfParallelism = Count > InEveryRun ? Environment.ProcessorCount : 1, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForAsync(0, batches, side, async (batch, _) =>
        {
            results[batch] = (new(StringComparer.Ordinal), []);
            await Check(batch, Math.Min(PerCompilation, Count - (batch * PerCompilation)), results[batch].Counts, results[batch].Disagreements);
        });

        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (what, count) in results.SelectMany(static result => result.Counts))
        {
            Add(counts, what, count);
        }

        string[] disagreements = [.. results.SelectMany(static result => result.Disagreements)];
        foreach (var (what, count) in counts.Where(static pair => !pair.Key.StartsWith(DrawnPrefix, StringComparison.Ordinal)))
        {
            TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{count,8}  {what}"));
        }

        Assert.True(disagreements.Length == 0, $"{disagreements.Length} disagreements:\n{string.Join("\n", disagreements.Take(40))}");
        Assert.All(Faults, fault => Assert.True(counts.GetValueOrDefault($"broken: {fault.Name} ({fault.Rule})") > 0, fault.Name));
        Assert.All(Options, option => Assert.True(counts.ContainsKey(DrawnPrefix + option), $"{option} is not drawn"));
        int undecided = counts.Where(static pair => pair.Key.Contains(", undecided", StringComparison.Ordinal)).Sum(static pair => pair.Value);
        int functions = counts.Where(static pair => pair.Key.StartsWith("function: ", StringComparison.Ordinal)).Sum(static pair => pair.Value);
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{100.0 * undecided / functions,7:F1}%  of {functions} functions undecided"));
        Assert.True(functions > Count / 8 && undecided < 0.1 * functions, $"{undecided} of {functions} functions are undecided");
    }

    private static async Task Check(int batch, int count, SortedDictionary<string, int> counts, List<string> disagreements)
    {
        var random = new System.Random(Seed + batch);
        var declarations = new List<RandomDeclaration>();
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        string Next() => FormattableString.Invariant($"F{declarations.Count}");
        while (declarations.Count < count)
        {
            int turn = random.Next(20);
            if (turn < 5)
            {
                declarations.Add(FunctionFlow(Next(), random));
                continue;
            }

            var drawn = turn < 11 ? ImageGrammar.Create(Next(), random) : VectorGrammar.Create(Next(), random);
            if (random.Next(10) == 0)
            {
                drawn = SumGrammar.Add(drawn, random);
            }

            declarations.Add(drawn);
            var faults = drawn.Shape.IsImage ? ImageFaults.All : [.. VectorFaults.All, .. ImageFaults.OnVectors, .. TriangularGrammar.Faults, .. SumGrammar.Faults];
            if (declarations.Count == count || random.Next(8) == 0)
            {
                continue;
            }

            // Of those that are possible here, one that was seldom possible so far.
            int from = random.Next(faults.Count);
            foreach (var fault in Enumerable.Range(0, faults.Count).Select(i => faults[(from + i) % faults.Count]).OrderBy(fault => used.GetValueOrDefault(fault.Name)))
            {
                if (fault.Break(drawn.Renamed(Next()), random) is { } broken)
                {
                    used[fault.Name] = used.GetValueOrDefault(fault.Name) + 1;
                    declarations.Add(broken with { Fault = fault });
                    break;
                }
            }
        }

        var source = new System.Text.StringBuilder();
        var ends = new List<int>();
        foreach (var declaration in declarations)
        {
            _ = source.Append(declaration.Source);
            ends.Add(source.Length + "using FlowGen;\n".Length);
        }

        string sound = string.Concat(declarations.Where(static declaration => declaration.Fault is null).Select(static declaration => declaration.Source));
        foreach (string option in Options.Where(option => sound.Contains(option, StringComparison.Ordinal)))
        {
            Add(counts, DrawnPrefix + option);
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
            if (CheckFunctions(declaration, flow, found, counts, Disagree))
            {
                continue;
            }

            if (declaration.Fault is { } fault)
            {
                Add(counts, $"broken: {fault.Name} ({fault.Rule})");
                if (!found.Exists(diagnostic => Says(fault.Rule, diagnostic.Id) && diagnostic.DefaultSeverity == DiagnosticSeverity.Error) || flow is not null)
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

            Add(counts, "sound: sums", declaration.Modules.Count / 2);
            Add(counts, declaration.Functions.Count > 0 ? "sound: functions" : declaration.Shape.IsImage ? "sound: images" : "sound: vectors");
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

    // Where a slope is zero, an interval of a millionth is an answer; behind a masked convolution there is more to say of a kink than that it has no inverse.
    private static bool Says(string rule, string found) => found == rule
        || (rule == DiagnosticIds.DerivativeReachesZero && found == DiagnosticIds.DerivativeMayReachZero)
        || (rule == DiagnosticIds.NotInjective && found == DiagnosticIds.KinkAfterMaskedConv);

    /// <summary>What generator and analyzers make of a declaration.</summary>
    private static (FlowModel? Flow, List<Diagnostic> Found) Judge(Compilation compilation, RandomDeclaration declaration)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var found = new List<Diagnostic>();
        foreach (string name in (string[])[declaration.StepName, .. Enumerable.Range(0, declaration.Modules.Count).Select(declaration.ModuleName), declaration.Name])
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
                Assert.Equal(compiled.Engine.Description.ToString(), DescriptionFactory.Create(flow, declarations[i].Functions).ToString());
                CompareFunctions(compiled.Engine.Description, declarations[i].Functions);
                if (declarations[i] is { Functions: [var function], Layers.Count: 1 })
                {
                    CompareCompiledFunction(compiled, function);
                }

                Assert.Equal(compiled.Engine.Description.Hash, DescriptionFactory.Create(flow, declarations[i].Functions).Hash);
            }
        }
    }

    private static void Add(SortedDictionary<string, int> counts, string what, int count = 1) => counts[what] = counts.GetValueOrDefault(what) + count;
}
