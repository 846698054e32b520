using System.Globalization;
using FlowGen.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FlowGen.Benchmarks;

/// <summary>
/// What the generator does while somebody types: a project of 100 flows, each in a file of its own, and an edit. The driver's own clocks: the step that reads symbols, which
/// runs for every flow whenever anything changes, beside that of a generator that only reads the same attributes; and everything after it.
/// </summary>
internal static class TypingTable
{
    private const int Flows = 100;
    private const int Rounds = 60;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    private const string Sums = "Repeat<Added>(100)";

    private static readonly (string Name, string Shape, string Layers)[] Images =
    [
        ("Glow of 300 layers on 3 levels", "3, 32, 32", "Dequantize, Logit(0.05), Squeeze, Repeat<Step>(33), Split, Squeeze, Repeat<Step>(33), Split, Squeeze, Repeat<Step>(33)"),
        ("Glow of 300 layers on 2 levels", "1, 28, 28", "Dequantize, Logit(0.05), Squeeze, Repeat<Step>(50), Split, Squeeze, Repeat<Step>(48)"),
        ("MintNet of 300 layers", "1, 28, 28", "Dequantize, Logit(0.05), MintPair(Times = 50), Squeeze, MintPair(Paths = 4, Times = 50), Squeeze, MintPair(Paths = 1, Times = 48)"),
    ];

    /// <summary>Prints the table.</summary>
    public static void Print()
    {
        Console.WriteLine($"{Flows} flows; medians of {Rounds} edits, ms\n");
        Console.WriteLine("| edit | after the parse step | parse step | bare generator | ratio |");
        Console.WriteLine("|---|---|---|---|---|");
        string[] sources = [.. Enumerable.Range(0, Flows).Select(static i => Source(i, "Times = 8", 0)), "class Unrelated { int field = 0; }"];
        static string Unrelated(int round) => $"class Unrelated {{ int field = {round}; }}";

        // Compiled to the end before anything is measured.
        _ = Edits(new FlowGenerator(), sources, Flows, Unrelated);
        _ = Edits(new BareGenerator(), sources, Flows, Unrelated);
        Row("an unrelated file", sources, Flows, Unrelated);
        Row("a flow's file, outside its attributes", sources, 16, static round => Source(16, "Times = 8", round));
        Row("the attributes of one flow", sources, 16, static round => Source(16, $"Times = {(round % 2) + 8}", 0));
        Row("the attributes of a flow of images", sources, 13, static round => Source(13, $"Times = {(round % 2) + 8}", 0));
        Row("the attributes of a flow with a function", sources, 15, static round => Source(15, $"Times = {(round % 2) + 8}", 0));
        Row("the attributes of a flow with a sum", sources, 17, static round => Source(17, $"Times = {(round % 2) + 2}", 0));
        Console.WriteLine();
        Console.WriteLine("| flow | verification, ms |");
        Console.WriteLine("|---|---|");
        foreach (int dimensions in (int[])[8, 63, 784])
        {
            string[] deep = [Deep(dimensions, 0)];
            var times = Edits(new FlowGenerator(), deep, 0, round => Deep(dimensions, round));
            Console.WriteLine(FormattableString.Invariant($"| 300 layers, D = {dimensions} | {Median(times.Select(static run => run.Verify)):F2} |"));
        }

        foreach (var (name, shape, layers) in (IEnumerable<(string, string, string)>)[("Sums, 100 of 300 layers", "63", Sums), .. Images, ("Sums, 100 of 300 layers", "1, 28, 28", Sums)])
        {
            string Text(int round) => FormattableString.Invariant($"using FlowGen;\n{Steps(0)}[Flow({shape}), {layers}, Rescale(Times = {(round % 2) + 1})] public sealed partial class Deep;\n[FlowStep, ActNorm, Sum<Wide0, Curved0>(0.7, 0.3), MintLayer(Triangle.Upper)] public sealed class Added;\n[FlowStep, ActNorm, Invertible1x1Conv, AffineCoupling(64, 64, Net = CouplingNet.Conv)] public sealed class Step;");
            var times = Edits(new FlowGenerator(), [Text(0)], 0, Text);
            Console.WriteLine(FormattableString.Invariant($"| {name}, {shape} | {Median(times.Select(static run => run.Verify)):F2} |"));
        }
    }

    private static void Row(string what, string[] sources, int edited, Func<int, string> text)
    {
        // In turns: the machine may be busier at one time than at another.
        var own = new List<(double Parse, double Verify, double After)>();
        var bare = new List<double>();
        for (int turn = 0; turn < 3; turn++)
        {
            own.AddRange(Edits(new FlowGenerator(), sources, edited, text));
            bare.AddRange(Edits(new BareGenerator(), sources, edited, text).Select(static run => run.Parse));
        }

        double parse = Median(own.Select(static run => run.Parse));
        Console.WriteLine(FormattableString.Invariant(
            $"| {what} | {Median(own.Select(static run => run.After)):F2} | {parse:F2} | {Median(bare):F2} | {parse / Median(bare):F2} |"));
    }

    private static List<(double Parse, double Verify, double After)> Edits(IIncrementalGenerator generator, string[] sources, int edited, Func<int, string> text)
    {
        var compilation = CSharpCompilation.Create(
            "Typing",
            sources.Select(static (source, i) => CSharpSyntaxTree.ParseText(source, Options, $"File{i}.cs")),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) == "FlowGen.Runtime.dll")
                .Select(static path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [generator.AsSourceGenerator()], parseOptions: Options, driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGenerators(compilation);
        var times = new List<(double Parse, double Verify, double After)>();
        for (int round = 1; round <= Rounds + 10; round++)
        {
            var tree = compilation.SyntaxTrees[edited];
            compilation = compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(text(round))));
            driver = driver.RunGenerators(compilation);
            var result = driver.GetRunResult().Results.Single();
            if (result.Exception is { } failure)
            {
                throw new InvalidOperationException("The generator failed.", failure);
            }

            double Of(string step) => result.TrackedSteps.TryGetValue(step, out var runs) ? runs.Sum(static run => run.ElapsedTime.TotalMilliseconds) : 0;
            double output = result.TrackedOutputSteps.Values.Sum(static runs => runs.Sum(static run => run.ElapsedTime.TotalMilliseconds));
            if (round > 10)
            {
                times.Add((Of("Parse"), Of("Verify"), Of("Verify") + Of("Emit") + Of("Name") + output));
            }
        }

        return times;
    }

    // Of ten flows one is of images, one has a function of its own, and one a sum of two steps.
    private static string Source(int index, string times, int body) => (index % 10) switch
    {
        3 => FormattableString.Invariant($"using FlowGen;\n[Flow(1, 16, 16)]\n[Dequantize, Logit(0.05), Squeeze, ActNorm, Invertible1x1Conv]\n[AffineCoupling(16, 16, Net = CouplingNet.Conv, {times})]\n[Split, MintPair]\npublic sealed partial class F{index}\n{{\n    public int Answer() => {body};\n}}\n"),
        5 => FormattableString.Invariant($"using FlowGen;\n[Flow(3)]\n[ActNorm, AffineCoupling(64, {times}), Elementwise(nameof(Bend))]\npublic sealed partial class F{index}\n{{\n    private static float Bend(float x) => x + (0.5f * System.MathF.Tanh({index}f * x));\n    public int Answer() => {body};\n}}\n"),
        7 => FormattableString.Invariant($"using FlowGen;\n[Flow(6)]\n[ActNorm, Sum<Wide{index}, Curved{index}>(0.7, 0.3, {times}), MintLayer(Triangle.Upper)]\npublic sealed partial class F{index}\n{{\n    public int Answer() => {body};\n}}\n{Steps(index)}"),
        _ => Plain(index, times, body),
    };

    private static string Steps(int index) => FormattableString.Invariant(
        $"[FlowStep, MaskedConv(Triangle.Lower), Elementwise(Activation.Elu), MaskedConv(Triangle.Lower)] public sealed class Wide{index};\n[FlowStep, MintLayer(Triangle.Lower, Paths = 4)] public sealed class Curved{index};\n");

    private static string Plain(int index, string times, int body) => string.Create(CultureInfo.InvariantCulture, $$"""
        using FlowGen;
        [Flow({{2 + (index % 30)}})]
        [ActNorm]
        [InvertibleLinear, AffineCoupling(64, 64, {{times}}), Shuffle({{index}})]
        [AffineCoupling(32, Scale = ScaleFunction.Sigmoid), Elementwise(Activation.LeakyRelu), Rescale]
        public sealed partial class F{{index}}
        {
            public int Answer() => {{body}};
        }
        """);

    private static string Deep(int dimensions, int round) => string.Create(CultureInfo.InvariantCulture, $$"""
        using FlowGen;
        [Flow({{dimensions}})]
        [ActNorm(Times = 75), AffineCoupling(64, 64, Times = 75), Shuffle({{round}}, Times = 75), AffineCoupling(32, Times = 75)]
        public sealed partial class Deep;
        """);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
