using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using FlowGen.Random;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Flows of every layer alone and of random stacks, over sizes, options, partitions, activations and nets; compiled by the generator.</summary>
internal static partial class FlowZoo
{
    private const int RandomStacks = 40;

    private static readonly int[] Sizes = [1, 2, 3, 5, 7, 16, 33, 63];
    private static readonly string[] Partitions = ["EvenIndices", "OddIndices", "FirstHalf", "SecondHalf", "Alternate"];
    private static readonly string[] Activations = ["Relu", "LeakyRelu", "Elu", "Tanh", "Sigmoid", "Softplus", "Silu", "Gelu", "Identity"];
    private static readonly string[] Bijections = ["LeakyRelu", "Elu", "Tanh", "Sigmoid", "Softplus"];
    private static readonly string[] Nets = ["", "9", "20, 6", "17, 16, 5", "12, 12, 12", "33", "33, 17", "16, 20, 9"];
    private static readonly string[] Scales = ["TanhBounded", "Exp", "Sigmoid", "Sigmoid, ScaleFloor = 0", "Sigmoid, ScaleFloor = 0.25"];
    private static readonly string[] Forms = ["ScaleThenShift", "ShiftThenScale"];

    // Formulas and searches as inverses, rising and falling, in pieces, with bounded ranges.
    private static readonly string[] Functions =
    [
        "x + 0.5f * MathF.Tanh(x)",
        "MathF.Sinh(x)",
        "x + 0.5f * MathF.Sin(2f * x) * 0.75f",
        "-x - x * x * x",
        "x > 0f ? MathF.Log(1f + x) : x",
        "x > 0.25f ? x : 0.5f * x + 0.125f",
        "MathF.Max(x, 0f) + MathF.Log(1f + MathF.Exp(-MathF.Abs(x)))",
        "x - 3f / (1f + MathF.Exp(-x))",
        "2f - MathF.Asinh(2f * x)",
        "x + x / (1f + x * x)",
        "x * MathF.Sqrt(1f + x * x)",
        "x + 0.5f * MathF.Exp(-x * x)",
        "x < -1f ? x : x > 1f ? x : x + 0.25f * (x * x - 1f) * (x * x - 1f)",
        "MathF.Atan(x) + 0.125f * x",
        "x + MathF.Cos(x) * MathF.Exp(-0.5f * x * x) / 3f",
        "3f * x - 1f",
    ];

    private static readonly FlowCase[] Every = [.. Alone(), .. Lines(), .. Stacks(), .. Images(), .. Convolutions()];

    private static readonly IReadOnlyDictionary<string, FlowCase> Cases = Chosen(Every).ToDictionary(static flow => flow.Name, StringComparer.Ordinal);

    // By the shape that a name starts with: a process that looks at a few flows compiles a few. All of a shape, so that a process with narrower vectors finds it compiled.
    private static readonly Dictionary<string, Lazy<Assembly>> Compiled =
        Every.GroupBy(Group).ToDictionary(static group => group.Key, static group => new Lazy<Assembly>(() => FlowCompiler.Compile(Source(group), "FlowZoo")), StringComparer.Ordinal);

    /// <summary>The names of all flows.</summary>
    public static IEnumerable<string> Names => Cases.Keys;

    /// <summary>All flows, for theories.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>The random stacks, and those of images of several levels, for theories.</summary>
    public static TheoryData<string> Deep => [.. Names.Where(static name => name.StartsWith("stack", StringComparison.Ordinal) || HasLevels(Case(name)))];

    /// <summary>Those on vectors, for theories.</summary>
    public static TheoryData<string> OfVectors => [.. Names.Where(static name => !IsImage(Case(name)))];

    /// <summary>Those on images, for theories.</summary>
    public static TheoryData<string> OfImages => [.. Names.Where(static name => IsImage(Case(name)))];

    /// <summary>What a flow is.</summary>
    public static FlowCase Case(string name) => Cases[name];

    /// <summary>A flow with the weights that it starts with.</summary>
    public static IFlow Create(string name, ulong seed = 0) =>
        (IFlow)Activator.CreateInstance(Compiled[Group(Case(name))].Value.GetType("Zoo." + Case(name).ClassName, throwOnError: true)!, seed)!;

    private static string Group(FlowCase flow) => flow.Name.StartsWith("stack", StringComparison.Ordinal) ? "stack" : flow.Name.Split(':')[0];

    private static bool HasLevels(FlowCase flow) =>
        flow.Declaration.Contains("Squeeze", StringComparison.Ordinal) && new[] { "Coupling", "Mint", "Split" }.Any(layer => flow.Declaration.Contains(layer, StringComparison.Ordinal));

    /// <summary>Whether its samples are images.</summary>
    public static bool IsImage(FlowCase flow) => flow.Shape.Contains(',', StringComparison.Ordinal);

    /// <summary>Processes with narrower vectors look at one flow in five, and at each that has something which none before it had: a layer, an option, on a vector or on an image.</summary>
    private static IEnumerable<FlowCase> Chosen(IEnumerable<FlowCase> flows)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, flow) in flows.Index())
        {
            bool isNew = Words(flow).Count(word => seen.Add(word)) > 0;
            if (!TestProcess.IsNarrow || isNew || index % 5 == 0)
            {
                yield return flow;
            }
        }
    }

    private static IEnumerable<string> Words(FlowCase flow) =>
        Word().Matches(flow.Declaration + flow.FlowOptions).Select(match => $"{match.Value}, {(IsImage(flow) ? "image" : "vector")}");

    [GeneratedRegex(@"[A-Za-z]\w*(\.[A-Za-z]\w*)?")]
    private static partial Regex Word();

    private static IEnumerable<FlowCase> Alone()
    {
        int turn = 0;
        foreach (int size in Sizes)
        {
            string[] simple =
            [
                "ActNorm", "Rescale", "SinhArcsinh", "BatchNorm", "BatchNorm(Epsilon = 0.01)", "Standardize", "Reverse", "Shuffle(3)", "InvertibleLinear",
                $"Permute({string.Join(", ", Enumerable.Range(0, size).Select(i => (i + (size / 2) + 1) % size))})",
                .. Bijections.Select(static activation => $"Elementwise(Activation.{activation})"),
            ];
            foreach (string layer in simple.Where(layer => size > 1 || layer is not ("Reverse" or "Shuffle(3)" or "Permute(0)")))
            {
                yield return new FlowCase($"{size}: {layer}", size, FlowData.Real, $"[{layer}]");
            }

            if (size <= 16)
            {
                yield return new FlowCase($"{size}: MaskedConv(Lower)", size, FlowData.Real, "[MaskedConv(Triangle.Lower)]");
                yield return new FlowCase($"{size}: MaskedConv(Upper)", size, FlowData.Real, "[MaskedConv(Triangle.Upper)]");
                yield return new FlowCase($"{size}: MintPair(Paths = 3)", size, FlowData.Real, "[MintPair(Paths = 3)]");
                yield return new FlowCase($"{size}: MintLayer(Upper, Tanh)", size, FlowData.Real, "[MintLayer(Triangle.Upper, Paths = 5, Activation = Activation.Tanh)]");
                yield return new FlowCase(
                    $"{size}: MaskedConv, Elementwise, MintPair", size, FlowData.Real,
                    "[MaskedConv(Triangle.Lower), Repeat<Bend0>(1), MaskedConv(Triangle.Upper), MintPair(Paths = 2, Activation = Activation.Softplus, Times = 2)]");
                foreach (string sum in Sums.Where(sum => size <= 7 || !sum.Contains("LowerSums", StringComparison.Ordinal)))
                {
                    yield return new FlowCase($"{size}: {sum}", size, FlowData.Real, $"[{sum}]");
                }
            }

            for (int i = 0; i < Functions.Length; i++)
            {
                yield return new FlowCase($"{size}: Bend{i}, {Functions[i]}", size, FlowData.Real, $"[Repeat<Bend{i}>(1)]");
            }

            yield return new FlowCase($"{size}: Logit", size, FlowData.Unit, "[Logit]");
            yield return new FlowCase($"{size}: Logit(0.05)", size, FlowData.Unit, "[Logit(0.05)]");
            yield return new FlowCase($"{size}: Dequantize, Logit(0.05)", size, FlowData.Levels, "[Dequantize, Logit(0.05)]");
            for (int i = 0; i < 24 && size > 1; i++, turn++)
            {
                string layer = Coupling(turn, turn / 2, turn / 3, turn / 5, turn / 7, turn % 3 == 0);
                yield return new FlowCase($"{size}: {layer}", size, FlowData.Real, $"[{layer}]");
            }
        }
    }

    private static string Coupling(int partition, int activation, int net, int scale, int form, bool additive)
    {
        string hidden = Nets[net % Nets.Length];
        string[] widths = hidden.Split(", ");
        bool residual = widths.Length > 1 && widths.Distinct().Count() == 1;
        var options = new List<string>();
        if (hidden.Length > 0)
        {
            options.Add(hidden);
        }

        options.Add($"Transforms = Partition.{Partitions[partition % Partitions.Length]}");
        options.Add($"Activation = Activation.{Activations[activation % Activations.Length]}");
        if (residual)
        {
            options.Add("Net = CouplingNet.ResidualMlp");
        }

        if (additive)
        {
            return $"AdditiveCoupling({string.Join(", ", options)})";
        }

        options.Add($"Scale = ScaleFunction.{Scales[scale % Scales.Length]}");
        options.Add($"Form = AffineForm.{Forms[form % Forms.Length]}");
        return $"AffineCoupling({string.Join(", ", options)})";
    }

    private static IEnumerable<FlowCase> Stacks()
    {
        for (int number = 0; number < RandomStacks; number++)
        {
            var random = new ParameterRandom((ulong)number, 991);
            int Draw(int below) => Math.Min(below - 1, (int)((random.Uniform(0.5) + 0.5) * below));
            int size = Sizes[1 + (number % (Sizes.Length - 1))];
            var layers = new List<string>();
            var data = (FlowData)(number % 8 == 5 ? 1 : number % 8 == 6 ? 2 : 0);
            if (data == FlowData.Levels)
            {
                layers.Add("Dequantize");
            }

            if (data != FlowData.Real)
            {
                layers.Add("Logit(0.05)");
            }

            for (int depth = 2 + Draw(6); depth > 0; depth--)
            {
                string layer = Draw(12) switch
                {
                    0 => "ActNorm",
                    1 => "Rescale",
                    2 => "BatchNorm",
                    3 => "Reverse",
                    4 => string.Create(CultureInfo.InvariantCulture, $"Shuffle({Draw(100)})"),
                    5 => "InvertibleLinear",
                    // Once: three slopes of 0.01 in a row leave no digit to come back from.
                    6 when !layers.Exists(static layer => layer.StartsWith("Elementwise", StringComparison.Ordinal)) => "Elementwise(Activation.LeakyRelu)",
                    7 => "Repeat<Step>(2)",
                    8 when size <= 16 => number % 2 == 0 ? "MintPair(Paths = 2)" : "Sum<LowerLinear, LowerMint>(0.75, 0.25)",
                    _ => Coupling(Draw(5), Draw(9), Draw(6), Draw(5), Draw(2), Draw(3) == 0),
                };
                bool repeated = Draw(4) == 0 && layer[0] is not ('R' or 'E');
                layers.Add(!repeated ? layer : layer.EndsWith(')') ? $"{layer[..^1]}, Times = 2)" : $"{layer}(Times = 2)");
            }

            string prior = number % 3 == 1 ? ", Prior = Prior.StandardLogistic" : "";
            yield return new FlowCase(
                $"stack {number} of {size}", size, data, $"[{string.Join(", ", layers)}]") { FlowOptions = prior };
        }
    }

    // Modules of every layer that a sum can hold, of both orientations and orders, sums within sums among them.
    private static string[] Sums =>
    [
        "Sum<LowerLinear, LowerMint>(0.7, 0.3)",
        "Sum<UpperMint, UpperLinear>(0.25, 2)",
        "Sum<Bent, Bent>(1, 0.5)",
        "ActNorm, Sum<LowerSums, Bent>(0.5, 0.5), Sum<UpperMint, UpperLinear>(1, 0.125), Rescale",
        "Sum<Pixels, Bent>(0.5, 1)",
    ];

    /// <summary>The steps of <see cref="Sums"/>.</summary>
    internal const string SumSteps = """
        [FlowStep, MaskedConv(Triangle.Lower), Elementwise(Activation.Elu), MaskedConv(Triangle.Lower, Kernel = 1)] public sealed partial class LowerLinear;
        [FlowStep, MintLayer(Triangle.Lower, Paths = 3)] public sealed partial class LowerMint;
        [FlowStep, Rescale, MintLayer(Triangle.Upper, Paths = 2, Activation = Activation.Tanh), MintLayer(Triangle.Upper, Paths = 1, Kernel = 1)] public sealed partial class UpperMint;
        [FlowStep, MaskedConv(Triangle.Upper, Times = 3), Elementwise(nameof(Rise), Times = 2)] public sealed partial class UpperLinear { static float Rise(float x) => x + 0.5f * System.MathF.Tanh(x); }
        [FlowStep, Rescale, SinhArcsinh, Repeat<Bow>(1)] public sealed partial class Bent;
        [FlowStep, Elementwise(nameof(Rise))] public sealed partial class Bow { static float Rise(float x) => x + x / (1f + x * x); }
        [FlowStep, MaskedConv(Triangle.Lower), Sum<LowerLinear, Bent>(0.5, 0.25), Sum<LowerMint, LowerLinear>(0.125, 1)] public sealed partial class LowerSums;
        [FlowStep, MaskedConv(Triangle.Upper, Order = TriangularOrder.PixelMajor), Elementwise(Activation.Softplus), MintLayer(Triangle.Upper, Paths = 2, Order = TriangularOrder.PixelMajor)] public sealed partial class Pixels;

        """;

    private static string Source(IEnumerable<FlowCase> flows)
    {
        var text = new StringBuilder("using System;\nusing FlowGen;\nnamespace Zoo;\n[FlowStep, ActNorm, AffineCoupling(10, Activation = Activation.Tanh)] public sealed partial class Step;\n");
        _ = text.Append(SumSteps);
        for (int i = 0; i < Functions.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"[FlowStep, Elementwise(nameof(Bend))] public sealed partial class Bend{i} {{ static float Bend(float x) => {Functions[i]}; }}\n");
        }

        foreach (var flow in flows)
        {
            text.Append(CultureInfo.InvariantCulture, $"[Flow({flow.Shape}{flow.FlowOptions})]\n{flow.Declaration}\npublic sealed partial class {flow.ClassName};\n");
        }

        return text.ToString();
    }
}
