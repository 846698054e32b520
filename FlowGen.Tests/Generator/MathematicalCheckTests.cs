using System.Text.RegularExpressions;
using FlowGen.Generator.Diagnostics;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>
/// The 71 checks that the mathematics of flows implies, by the number that the survey gives them: each is a rule, with a declaration that it speaks of and one next to it that it
/// does not, or there is nothing to check, since the mistake cannot be written down or what it concerns is generated.
/// </summary>
public sealed partial class MathematicalCheckTests
{
    private static readonly int[] Numbers =
        [.. Enumerable.Range(1, 11), .. Enumerable.Range(20, 12), .. Enumerable.Range(40, 10), .. Enumerable.Range(60, 10), .. Enumerable.Range(80, 15), .. Enumerable.Range(100, 13)];

    // Why there is nothing to check.
    private static readonly Dictionary<int, string> ByConstruction = new()
    {
        [1] = "a layer has no width of its own: it takes the shape before it",
        [6] = "shapes follow from the layers before",
        [7] = "what a split sends away and what stays are all there is",
        [10] = "every place in the stack has weights of its own, of the size that it has there",
        [24] = "conditioners are generated, and read the rows that stay",
        [25] = "their widths follow from the partition",
        [26] = "they are networks of weights alone",
        [27] = "they have no statistics of a batch",
        [43] = "log-determinants are generated in their stable form",
        [45] = "scales are exponentials, or bounded",
        [46] = "matrices are learned, and refused when they are used and singular",
        [48] = "the last layer of a conditioner starts at zero",
        [49] = "log-determinants are summed in two floats",
        [63] = "there is no mode to forget: inference takes the running statistics",
        [64] = "the same",
        [65] = "normalisations stand in the stack, and see all coordinates",
        [68] = "layers that cannot be rebuilt from their outputs keep their input in either mode",
        [80] = "triangular layers are masked by their definition",
        [86] = "a layer has one kernel",
        [87] = "masks are generated",
        [88] = "the slope t is bounded below by its definition",
        [91] = "second derivatives are generated",
        [92] = "the inverse has no step to choose: Newton's method in brackets",
        [93] = "its report has the residual of every sample",
        [94] = "the activations of Mint layers have bounded slopes",
        [108] = "the margin is on both sides",
        [110] = "units, levels and logits are layers, and part of the log-determinant",
        [111] = "the generator draws from the open interval",
        [112] = "forms and orders are options, held against the peers they come from",
    };

    private const string Models = """
        [Flow(2), ActNorm, AffineCoupling(4, Times = 3)] sealed partial class M;
        [Flow(2), AdditiveCoupling(4, Times = 3), Rescale] sealed partial class V;
        [Flow(2), BatchNorm, AffineCoupling(4, Times = 3)] sealed partial class B;
        [Flow(2), Dequantize, Logit(0.05), AffineCoupling(4, Times = 3)] sealed partial class L;

        """;

    public static TheoryData<int, string, string, string> Rules => new()
    {
        { 2, "FLOW2005", Flow("2", "ActNorm, Elementwise(Activation.Relu)"), Flow("2", "AffineCoupling(4, Activation = Activation.Relu, Times = 3)") },
        { 2, "FLOW2082", Function("System.MathF.Floor(x)"), Function("x + System.MathF.Tanh(x)") },
        { 2, "FLOW2084", Function("System.Math.Clamp(x, -1f, 1f)"), Function("x + System.Math.Clamp(x, -1f, 1f)") },
        { 3, "FLOW2033", Flow("1, 7, 8", "Squeeze, MintPair"), Flow("1, 6, 8", "Squeeze, MintPair") },
        { 4, "FLOW2034", Flow("6, 4, 4", "Unsqueeze, MintPair"), Flow("8, 4, 4", "Unsqueeze, MintPair") },
        { 5, "FLOW2032", Flow("1, 4, 4", "MintPair, Split, MintPair"), Flow("3, 4, 4", "MintPair, Split, MintPair") },
        { 8, "FLOW2033", Flow("1, 4, 4", "Squeeze, Squeeze, Squeeze, MintPair"), Flow("1, 4, 4", "Squeeze, Squeeze, MintPair") },
        { 9, "FLOW2030", Flow("4", "Invertible1x1Conv"), Flow("4", "InvertibleLinear") },
        { 9, "FLOW2031", Flow("4", "AffineCoupling(4, Transforms = Partition.EvenPixels)"), Flow("4", "AffineCoupling(4, Transforms = Partition.EvenIndices)") },
        { 11, "FLOW2051", Flow("1, 4, 4", "Squeeze, MintPair(Paths = 2 / 4)"), Flow("1, 4, 4", "Squeeze, MintPair(Paths = 4 / 4)") },
        { 20, "FLOW2001", Flow("1", "AffineCoupling(4)"), Flow("2", "AffineCoupling(4)") },
        { 20, "FLOW1018", Flow("2", "AffineCoupling(4, Transforms = (Partition)12)"), Flow("2", "AffineCoupling(4, Transforms = (Partition)1)") },
        { 21, "FLOW2021", Flow("4", "AffineCoupling(4, Transforms = Partition.FirstHalf, Times = 2)"), Flow("4", "AffineCoupling(4, Times = 2)") },
        { 22, "FLOW2020", Flow("4", "AffineCoupling(4, Transforms = Partition.FirstHalf)"), Flow("4", "AffineCoupling(4, Times = 2)") },
        { 23, "FLOW2023", Flow("4", "AffineCoupling(4, Times = 2)"), Flow("4", "AffineCoupling(4, Times = 3)") },
        { 28, "FLOW2021", Glow("ActNorm, "), Glow("ActNorm, Invertible1x1Conv, ") },
        { 29, "FLOW2036", Flow("4, 4, 4", "Split, MintPair"), Flow("4, 4, 4", "MintPair, Split, MintPair") },
        { 30, "FLOW2021", AfterCheckerboard("First"), AfterCheckerboard("Second") },
        { 31, "FLOW2004", Flow("3", "Permute(0, 0, 2), InvertibleLinear"), Flow("3", "Permute(1, 0, 2), InvertibleLinear") },
        { 40, "FLOW2022", Flow("4", "AdditiveCoupling(4, Times = 4)"), Flow("4", "AdditiveCoupling(4, Times = 4), Rescale") },
        { 41, "FLOW3001", Flow("4", "AffineCoupling(4, Scale = ScaleFunction.Exp, Times = 4)"), Flow("4", "AffineCoupling(4, Times = 4)") },
        { 42, "FLOW2011", Flow("4", "AffineCoupling(4, ScaleFloor = -0.1, Times = 4)"), Flow("4", "AffineCoupling(4, ScaleFloor = 0.1, Times = 4)") },
        { 44, "FLOW3030", Flow("4", "AffineCoupling(4, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0, Times = 4)"), Flow("4", "AffineCoupling(4, Scale = ScaleFunction.Sigmoid, Times = 4)") },
        { 47, "FLOW3031", Flow("65", "InvertibleLinear(Parameterization = LinearParameterization.Dense)"), Flow("64", "InvertibleLinear(Parameterization = LinearParameterization.Dense)") },
        { 60, "FLOW1040", Use("var flow = new M(1); _ = flow.LogProb(x);"), Use("var flow = new M(1); flow.Initialize(x); _ = flow.LogProb(x);") },
        { 60, "FLOW1040", Use("var flow = new M(1); _ = flow.Inverse(x);"), Use("var flow = new V(1); _ = flow.Inverse(x);") },
        { 61, "FLOW1048", Use("new M(1).Initialize(new float[2]);"), Use("new M(1).Initialize(new float[4]);") },
        { 61, "FLOW1046", Use("var flow = new M(1); flow.Initialize(x); flow.Initialize(x);"), Use("var flow = new M(1); flow.Initialize(x); flow = new M(2); flow.Initialize(x);") },
        { 62, "FLOW1048", Use("new B(1).Fit(x, new FitOptions { BatchSize = 1 });"), Use("new B(1).Fit(x, new FitOptions { BatchSize = 2 });") },
        { 66, "FLOW1042", Use("_ = new V(1).Inverse(new L(1).Forward(x));"), Use("var flow = new V(1); _ = flow.Inverse(flow.Forward(x));") },
        { 66, "FLOW1045", Use("var flow = new V(1); _ = flow.Forward(flow.Forward(x));"), Use("var flow = new V(1); _ = flow.Inverse(flow.Forward(x));") },
        { 67, "FLOW1043", Use("_ = new V(1).Sample(10, temperature: -1f);"), Use("_ = new V(1).Sample(10, temperature: 0.5f);") },
        { 67, "FLOW1049", Use("_ = new L(1).Sample(10, temperature: 0.5f);"), Use("_ = new V(1).Sample(10, temperature: 0.5f);") },
        { 69, "FLOW1017", "class MineAttribute : FlowLayerAttribute; " + Flow("4", "Mine, InvertibleLinear"), "class MineAttribute : System.Attribute; " + Flow("4", "Mine, InvertibleLinear") },
        { 81, "FLOW2061", Sum("1, 1", "MaskedConv(Triangle.Lower)", "MaskedConv(Triangle.Upper)"), Sum("1, 1", "MaskedConv(Triangle.Lower)", "MaskedConv(Triangle.Lower)") },
        { 81, "FLOW2064", Sum("1, 1", "MaskedConv(Triangle.Lower)", "InvertibleLinear"), Sum("1, 1", "MaskedConv(Triangle.Lower)", "Rescale") },
        { 82, "FLOW2062", Sum("1, -1", "MaskedConv(Triangle.Lower)", "Rescale"), Sum("1, 0.1", "MaskedConv(Triangle.Lower)", "Rescale") },
        { 82, "FLOW2063", Sum("1, 1", "MaskedConv(Triangle.Lower)", "Elementwise(nameof(Fall))"), Sum("1, 1", "MaskedConv(Triangle.Lower)", "Elementwise(nameof(Rise))") },
        { 83, "FLOW2055", Flow("4", "MintLayer(Triangle.Lower, Times = 2)"), Flow("4", "MintLayer(Triangle.Lower), MintLayer(Triangle.Upper)") },
        { 83, "FLOW2054", Flow("1, 4, 4", "MintLayer(Triangle.Lower, Times = 2)"), Flow("1, 4, 4", "MintLayer(Triangle.Lower), MintLayer(Triangle.Upper)") },
        { 83, "FLOW2060", Flow("1, 4, 4", "MintLayer(Triangle.Lower)"), Flow("1, 4, 4", "MintPair") },
        { 84, "FLOW2056", Flow("2, 4, 4", "MintLayer(Triangle.Lower), MintLayer(Triangle.Upper, Order = TriangularOrder.PixelMajor)"), Flow("1, 4, 4", "MintLayer(Triangle.Lower), MintLayer(Triangle.Upper, Order = TriangularOrder.PixelMajor)") },
        { 84, "FLOW2057", Flow("1, 4, 4", "MintLayer(Triangle.Lower), Squeeze, MintLayer(Triangle.Upper)"), Flow("1, 4, 4", "MintPair, Squeeze, MintPair") },
        { 85, "FLOW2050", Flow("1, 4, 4", "MintPair(Kernel = 4)"), Flow("1, 4, 4", "MintPair(Kernel = 5)") },
        { 89, "FLOW2053", Flow("4", "MintPair(Activation = Activation.Silu)"), Flow("4", "MintPair(Activation = Activation.Tanh), AffineCoupling(4, Activation = Activation.Silu)") },
        { 90, "FLOW2052", Flow("4", "MintPair(Activation = Activation.Relu)"), Flow("4", "MintPair, AffineCoupling(4, Activation = Activation.Relu)") },
        { 90, "FLOW2059", Flow("4", "MaskedConv(Triangle.Lower), Elementwise(Activation.LeakyRelu), MaskedConv(Triangle.Upper)"), Flow("4", "MaskedConv(Triangle.Lower), Elementwise(Activation.Elu), MaskedConv(Triangle.Upper)") },
        { 100, "FLOW2084", Function("x * x * x"), Function("x * x * x + 0.001f * x") },
        { 100, "FLOW2085", Function("x + System.MathF.Sin(x)"), Function("x + 0.999f * System.MathF.Sin(x)") },
        { 101, "FLOW2083", Function("x * System.MathF.Exp(-x * x)"), Function("x * System.MathF.Exp(x * x)") },
        { 102, "FLOW2024", Flow("2", "ActNorm, Elementwise(Activation.Tanh)"), Function("System.MathF.Asinh(x)") },
        { 103, "FLOW2089", Function("x + System.MathF.Cbrt(x)"), Function("x + System.MathF.Cbrt(1f + x * x)") },
        { 104, "FLOW2024", Flow("2", "Elementwise(Activation.Softplus), ActNorm"), Flow("2", "Elementwise(Activation.LeakyRelu), ActNorm") },
        { 104, "FLOW2100", Flow("2", "ActNorm, Logit"), Flow("2", "Dequantize, Logit") },
        { 105, "FLOW2086", Function("x + System.MathF.Abs(x) * 0.5f"), Function("x + x * System.MathF.Abs(x)") },
        { 105, "FLOW2087", Function("x > 0f ? x + 1f : x"), Function("x > 0f ? x + x * x : x") },
        { 105, "FLOW2088", Function("x + 1f / x"), Function("x + x / (1f + x * x)") },
        { 106, "FLOW2007", Flow("2", "Dequantize, Logit(0.5)"), Flow("2", "Dequantize, Logit(0.25)") },
        { 106, "FLOW2100", Flow("2", "Logit, Logit"), Flow("2", "Logit, Elementwise(Activation.Sigmoid), Logit") },
        { 106, "FLOW2008", Flow("2", "Logit, Dequantize"), Flow("2", "Dequantize, Logit") },
        { 107, "FLOW1047", Use("_ = new V(1).BitsPerDim(x);"), Use("_ = new L(1).BitsPerDim(x);") },
        { 109, "FLOW3032", Flow("2", "Dequantize, AffineCoupling(4, Times = 3)"), Flow("2", "Dequantize, Logit(0.05), AffineCoupling(4, Times = 3)") },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_check_is_a_rule_that_speaks_of_the_mistake_and_not_of_what_is_next_to_it(int check, string rule, string flagged, string silent)
    {
        Assert.Contains(check, Numbers);
        Assert.Contains(rule, await Found(flagged));
        Assert.DoesNotContain(rule, await Found(silent));
        Assert.NotNull(Descriptors.Get(rule));
    }

    [Fact]
    public void Every_check_is_a_rule_or_has_nothing_to_check()
    {
        int[] rules = [.. Rules.Select(static row => row.Data.Item1).Distinct()];
        Assert.Equal(71, Numbers.Length);
        Assert.Equal(Numbers, rules.Concat(ByConstruction.Keys).Order());
        Assert.Equal(42, rules.Length);
    }

    [Fact]
    public void The_numbers_are_those_of_the_survey()
    {
        string survey = Path.Combine(Snapshot.FindRoot(), "..", "shared", "research", "math.md");
        Assert.SkipUnless(File.Exists(survey), $"{survey} is not here: the numbers were not compared.");
        Assert.Equal(Numbers, CheckRow().Matches(File.ReadAllText(survey)).Select(static match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string Flow(string shape, string layers) => $"[Flow({shape}), {layers}] partial class A;";

    private static string Function(string body) => $"[Flow(2), ActNorm, Elementwise(nameof(F))] partial class A {{ static float F(float x) => {body}; }}";

    private static string Glow(string before) => $"[FlowStep, {before}AffineCoupling(4, Net = CouplingNet.Conv, Transforms = Partition.FirstHalf)] class S; [Flow(4, 4, 4), Repeat<S>(4)] partial class A;";

    private static string AfterCheckerboard(string half) =>
        Flow("1, 4, 4", $"AffineCoupling(4, Net = CouplingNet.Conv, Transforms = Partition.EvenPixels), Squeeze(Order = SqueezeOrder.Checkerboard), AffineCoupling(4, Net = CouplingNet.Conv, Transforms = Partition.{half}Half)");

    private static string Sum(string weights, string first, string second) =>
        $"[FlowStep, {first}] class S; [FlowStep, {second}] class T {{ static float Fall(float x) => -x; static float Rise(float x) => x + System.MathF.Tanh(x); }} [Flow(3), Sum<S, T>({weights}), InvertibleLinear] partial class A;";

    private static string Use(string code) => $"{Models}class User {{ void Use(float[] x) {{ {code} }} }}";

    private static async Task<IEnumerable<string>> Found(string source)
    {
        var compilation = GeneratorHarness.Compile(source);
        _ = GeneratorHarness.Run(compilation, out var completed);
        var found = await GeneratorHarness.Analyze(compilation);

        // What is no error of a rule is none of the compiler's.
        if (!found.Any(static diagnostic => diagnostic.DefaultSeverity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error))
        {
            GeneratorHarness.AssertCompiles(completed);
        }

        return found.Select(static diagnostic => diagnostic.Id);
    }

    [GeneratedRegex(@"^\| FG(\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex CheckRow();
}
