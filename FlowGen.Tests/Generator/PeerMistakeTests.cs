using System.Globalization;
using System.Reflection;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>
/// The mistakes that other libraries accept, by the number of their row in the survey of peers: each is an error or a warning here, cannot be written down at all, or cannot come
/// about since the code in question is generated.
/// </summary>
public sealed class PeerMistakeTests
{
    // Row 15 alone is not knowable before running: how many steps an inverse takes.
    private const int OfRunTime = 15;

    [Fact]
    public void Every_row_has_a_test()
    {
        var methods = typeof(PeerMistakeTests).GetMethods();
        var named = methods.Where(static method => method.GetParameters() is [{ Name: "row" }, ..])
            .SelectMany(static method => method.GetCustomAttributes<InlineDataAttribute>()).Select(static data => (int)data.Data[0]!);
        var marked = methods.SelectMany(static method => method.GetCustomAttributes<TraitAttribute>())
            .Where(static trait => trait.Name == "Row").Select(static trait => int.Parse(trait.Value, CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(1, 45).Where(static row => row != OfRunTime), named.Concat(marked).Distinct().Order());
    }

    [Fact]
    public void The_rows_are_those_of_the_survey()
    {
        string survey = Path.Combine(Snapshot.FindRoot(), "..", "shared", "research", "peers.md");
        Assert.SkipUnless(File.Exists(survey), $"{survey} is not here: the rows were not compared.");
        string text = File.ReadAllText(survey);
        var rows = text[text.IndexOf("### 2.2", StringComparison.Ordinal)..text.IndexOf("### 2.3", StringComparison.Ordinal)].Split('\n')
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries)).Where(static cells => cells.Length > 6 && int.TryParse(cells[1], out _)).ToList();
        Assert.Equal(Enumerable.Range(1, 45), rows.Select(static cells => int.Parse(cells[1], CultureInfo.InvariantCulture)));
        Assert.Equal(OfRunTime, int.Parse(Assert.Single(rows, static cells => cells[6].StartsWith("no", StringComparison.Ordinal))[1], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(1, "AffineCoupling(4, Transforms = Partition.OddIndices, Times = 6)", "FLOW2020")]
    [InlineData(1, "AffineCoupling(4, Transforms = Partition.OddIndices, Times = 6)", "FLOW2021")]
    [InlineData(3, "AffineCoupling(4)", "FLOW2020")]
    [InlineData(7, "Permute(0, 0, 2, 3)", "FLOW2004")]
    [InlineData(12, "MintPair(Activation = Activation.Relu)", "FLOW2052")]
    [InlineData(13, "MintPair(Activation = Activation.Silu)", "FLOW2053")]
    [InlineData(13, "MintLayer(Triangle.Lower, Activation = Activation.Gelu)", "FLOW2053")]
    [InlineData(14, "MintLayer(Triangle.Upper, Activation = Activation.Relu)", "FLOW2052")]
    [InlineData(16, "Elementwise(Activation.Relu)", "FLOW2005")]
    [InlineData(19, "Elementwise(Activation.Gelu)", "FLOW2005")]
    [InlineData(20, "AffineCoupling(4, Scale = (ScaleFunction)7)", "FLOW1018")]
    [InlineData(21, "AffineCoupling(4, Scale = ScaleFunction.Exp, Times = 3)", "FLOW3001")]
    [InlineData(22, "AffineCoupling(4, Scale = ScaleFunction.Sigmoid, ScaleFloor = -1)", "FLOW2011")]
    [InlineData(36, "AffineCoupling(4, Net = (CouplingNet)9)", "FLOW1018")]
    [InlineData(44, "Elementwise(Activation.Silu)", "FLOW2005")]
    public async Task A_declaration_is_reported(int row, string layers, string rule)
    {
        Assert.InRange(row, 1, 45);
        var found = await GeneratorHarness.Analyze(GeneratorHarness.Compile($"[Flow(4), {layers}] partial class A;"));
        Assert.Contains(rule, found.Select(static diagnostic => diagnostic.Id));
    }

    [Fact]
    [Trait("Row", "2")]
    public async Task Random_orders_are_followed_seed_by_seed()
    {
        // Row 2: whether three random halves of six reach everything depends on the seeds.
        var reported = new HashSet<bool>();
        for (int seed = 0; seed < 20; seed++)
        {
            var found = await GeneratorHarness.Analyze(GeneratorHarness.Compile(FormattableString.Invariant(
                $"[Flow(6), Shuffle({seed}), AffineCoupling(4, Transforms = Partition.FirstHalf), Shuffle({seed + 100}), AffineCoupling(4, Transforms = Partition.FirstHalf)] partial class A;")));
            _ = reported.Add(found.Any(static diagnostic => diagnostic.Id == DiagnosticIds.Untransformed));
        }

        Assert.Equal(2, reported.Count);
    }

    [Theory]
    [InlineData(8, "[Flow(1, 6, 6), Squeeze, Squeeze, ActNorm] partial class A;", "FLOW2033")]
    [InlineData(9, "[Flow(3, 7, 8), Squeeze, ActNorm] partial class A;", "FLOW2033")]
    [InlineData(9, "[Flow(6, 4, 4), Unsqueeze, ActNorm] partial class A;", "FLOW2034")]
    [InlineData(39, "[Flow(1, 4, 4), Split, ActNorm] partial class A;", "FLOW2032")]
    [InlineData(40, "[Flow(1), AffineCoupling(4)] partial class A;", "FLOW2001")]
    public async Task A_shape_is_reported(int row, string source, string rule)
    {
        Assert.InRange(row, 1, 45);
        var found = await GeneratorHarness.Analyze(GeneratorHarness.Compile(source));
        Assert.Equal(DiagnosticSeverity.Error, Descriptors.Get(rule).DefaultSeverity);
        Assert.Contains(rule, found.Select(static diagnostic => diagnostic.Id));
    }

    [Theory]
    [InlineData(25, "var flow = new M(1); _ = {|FLOW1040:flow.LogProb(x)|};")]
    [InlineData(26, "var flow = new M(1); flow.Fit(x); {|FLOW1046:flow.Initialize(x)|};")]
    [InlineData(27, "var flow = new M(1); _ = {|FLOW1040:flow.Sample(10)|};")]
    [InlineData(28, "var flow = new M(1); flow.Initialize({|FLOW1048:new float[2]|});")]
    [InlineData(31, "var flow = new B(1); flow.Fit(x, new FitOptions { {|FLOW1048:BatchSize = 1|} });")]
    public Task Use_is_reported(int row, string code)
    {
        Assert.InRange(row, 1, 45);
        return Markup.Verify($$"""
            [Flow(2), ActNorm, AffineCoupling(4, Times = 3)] sealed partial class M;
            [Flow(2), BatchNorm, AffineCoupling(4, Times = 3)] sealed partial class B;
            class User { void Use(float[] x) { {{code}} } }
            """);
    }

    [Theory]
    [InlineData(4, "AffineCoupling(4, Transforms = Partition.None)", "a mask of nothing or of everything has no name")]
    [InlineData(5, "AffineCoupling(4, Mask = new[] { 0.5, 0.5, 1 })", "masks are named, not numbers")]
    [InlineData(6, "AffineCoupling(4, Outputs = 1)", "the conditioner's width follows from the partition")]
    [InlineData(11, "Squeeze(Order = \"C\")", "options are enumerations")]
    [InlineData(23, "InvertibleLinear(Weight = new[] { 1.0, 1.0, 1.0, 1.0 })", "the diagonal of the factor is an exponential")]
    [InlineData(10, "MintPair(Kernel = new[] { 3, 5, 3 })", "a layer has one kernel, and every layer its own inverse")]
    [InlineData(11, "MaskedConv('C')", "orientations are an enumeration")]
    [InlineData(12, "MintPair(Derivative = \"relu\")", "derivatives are those of the activation")]
    [InlineData(13, "MintPair(Activation = Activation.Sin)", "functions that fold have no name there")]
    [InlineData(24, "InvertibleLinear(Weight = new[] { 1.0, 1.0, 1.0, 1.0000001 })", "matrices are learned, and checked when they are used")]
    [InlineData(29, "AffineCoupling(4, Dropout = 0.5)", "conditioners are deterministic")]
    [InlineData(30, "AffineCoupling(4, BatchNorm = true)", "conditioners have no batch statistics")]
    [InlineData(36, "Permute(\"reverse\")", "options are no text")]
    [InlineData(41, "InvertibleLinear(Outputs = 2)", "a linear layer is square")]
    [InlineData(43, "InvertibleLinear(Parameterization = LinearParameterization.Orthogonal)", "what drifts off its manifold is not offered: every PLU matrix is invertible")]
    public void A_mistake_cannot_be_written(int row, string layer, string reason)
    {
        Assert.InRange(row, 1, 45);
        Assert.NotEmpty(reason);
        var compilation = GeneratorHarness.Compile($"[Flow(4), {layer}] partial class A;");
        Assert.Contains(compilation.GetDiagnostics(TestContext.Current.CancellationToken), static problem => problem.DefaultSeverity == DiagnosticSeverity.Error);
        Assert.DoesNotContain("IFlowProgram", Assert.Single(GeneratorHarness.Run(compilation, out _).GetRunResult().GeneratedTrees).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, "x * x", "FLOW2083")]
    [InlineData(17, "x * x * x", "FLOW2084", "at x = 0:")]
    [InlineData(19, "System.MathF.Cosh(x)", "FLOW2083")]
    public async Task A_function_is_reported(int row, string body, string rule, string message = "")
    {
        Assert.InRange(row, 1, 45);
        var found = await GeneratorHarness.Analyze(GeneratorHarness.Compile($"[Flow(4), Elementwise(nameof(A.F))] partial class A {{ internal static float F(float x) => {body}; }}"));
        var error = Assert.Single(found, diagnostic => diagnostic.Id == rule);
        Assert.Equal(DiagnosticSeverity.Error, error.Severity);
        Assert.Contains(message, error.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "38")]
    public async Task Numbers_outside_the_unit_interval_have_no_logit()
    {
        // Row 38: what the stack makes is known; of what the user brings, a value outside is no number in its own sample, and no other.
        var found = await GeneratorHarness.Analyze(GeneratorHarness.Compile("[Flow(2), ActNorm, Logit] partial class A;"));
        Assert.Contains("FLOW2100", found.Select(static diagnostic => diagnostic.Id));
        float[] logProb = new UnitLogit(1).LogProb([0.5f, 0.25f, 1.2f, 0.5f, 0.75f, 0.1f]);
        Assert.Equal([true, false, true], logProb.Select(float.IsFinite));
        Assert.True(float.IsNaN(logProb[1]));
    }

    [Fact]
    [Trait("Row", "10")]
    public void Layers_of_different_kernels_sample()
    {
        // Row 10.
        var flow = new TwoKernels(1);
        flow.Verify(Flows.FlowFixture.Normal(4 * 16, seed: 3)).ThrowIfFailed();
        Assert.All(flow.Sample(5, seed: 2), static value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(1e4f)]
    [InlineData(-3e6f)]
    [Trait("Row", "18")]
    public void An_inverse_reaches_as_far_as_the_function(float z)
    {
        // Row 18: brackets grow until they hold the root.
        float[] x = [z];
        new BentLine(1).Inverse([z], x, new float[1]);
        Assert.Equal(z, x[0] + (0.5 * Math.Tanh(x[0])), 1e-6 * Math.Abs(z));
    }

    [Theory]
    [InlineData(1f, "singular")]
    [InlineData(1.0000001f, "all but singular: its condition is")]
    [Trait("Row", "23")]
    [Trait("Row", "24")]
    public void A_matrix_that_is_singular_or_almost_is_refused(float corner, string message)
    {
        // Rows 23 and 24, of weights that came from elsewhere; a matrix of small and large units is neither.
        var flow = new LearnedMatrix(1);
        flow.Parameters.Set("layers.0.weight", [1, 1, 1, corner]);
        Assert.Contains(message, Assert.Throws<SingularMatrixException>(() => flow.LogProb([1, 2])).Message, StringComparison.Ordinal);

        // Also where threads share the work.
        float[] many = new float[2 * 400_000];
        Assert.Contains(message, Assert.Throws<SingularMatrixException>(() => flow.LogProb(many)).Message, StringComparison.Ordinal);
        Assert.Contains(message, Assert.Throws<SingularMatrixException>(() => flow.LossGradient(many, new float[flow.Parameters.TrainableCount])).Message, StringComparison.Ordinal);
        flow.Parameters.Set("layers.0.weight", [1e-6f, 0, 0, 1e6f]);
        Assert.True(float.IsFinite(Assert.Single(flow.LogProb([1, 1e-6f]))));
    }

    [Fact]
    [Trait("Row", "35")]
    public void Copies_of_a_layer_share_no_weights()
    {
        // Row 35: [layer] * 10.
        var layers = GeneratorHarness.Model("[Flow(2), AffineCoupling(4, Times = 10)] partial class A;", "A").Layers;
        Assert.Equal(10, layers.Select(static layer => layer.Parameters).Distinct().Count());
    }

    [Theory]
    [InlineData(32, "Inverse")]
    [InlineData(33, "Forward")]
    [InlineData(34, "Backward")]
    [InlineData(45, "LogProb")]
    public void Every_layer_comes_with_all_directions(int row, string member)
    {
        // One declaration, from which both directions, log-determinants and gradients are generated; FlowVerifier holds them against the definition.
        Assert.InRange(row, 1, 45);
        string file = Assert.Single(GeneratorHarness.Generate("[Flow(2), BatchNorm, AffineCoupling(4, Times = 3)] partial class A;")).SourceText.ToString();
        Assert.Contains($" {member}(", file, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "37")]
    public void Inputs_cannot_be_changed()
    {
        // Row 37: every input is a read-only span.
        foreach (var method in typeof(IFlow).GetMethods().Where(static method => method.Name is "Forward" or "LogProb" or "LossGradient" or "Initialize"))
        {
            Assert.Equal(typeof(ReadOnlySpan<float>), method.GetParameters()[0].ParameterType);
        }
    }

    [Fact]
    [Trait("Row", "2")]
    [Trait("Row", "36")]
    public void Shuffles_are_those_of_their_seed()
    {
        // Rows 2 and 36: what is drawn is drawn at compile time, so that coverage is known and files stay readable.
        var one = GeneratorHarness.Model("[Flow(6), Shuffle(3), ActNorm] partial class A;", "A");
        Assert.Equal(one, GeneratorHarness.Model("[Flow(6), Shuffle(3), ActNorm] partial class A;", "A"));
        Assert.NotEqual(one, GeneratorHarness.Model("[Flow(6), Shuffle(4), ActNorm] partial class A;", "A"));
    }

    [Fact]
    [Trait("Row", "42")]
    public void Saturated_functions_keep_their_log_determinant()
    {
        // Row 42: tanh at 20; log(1 - tanh^2) = 2 (log 2 - x - softplus(-2 x)).
        double truth = 2 * (Math.Log(2) - 20 - Math.Log(1 + Math.Exp(-40)));
        float[] x = [20];
        float[] logDet = new float[1];
        new SaturatedTanh(1).Forward(x, new float[1], logDet);
        Assert.Equal(truth, logDet[0], 1e-4);
    }
}

#pragma warning disable FLOW2024 // The point of it.
[Flow(1)]
[Elementwise(Activation.Tanh)]
internal sealed partial class SaturatedTanh;
#pragma warning restore FLOW2024

[Flow(2)]
[Logit(0.05)]
internal sealed partial class UnitLogit;

[Flow(1, 4, 4)]
[MintLayer(Triangle.Lower, Paths = 2)]
[MintLayer(Triangle.Upper, Paths = 3, Kernel = 5)]
internal sealed partial class TwoKernels;

[Flow(1)]
[Elementwise(nameof(F))]
internal sealed partial class BentLine
{
    private static float F(float x) => x + (0.5f * MathF.Tanh(x));
}

[Flow(2)]
[InvertibleLinear(Parameterization = LinearParameterization.Dense)]
internal sealed partial class LearnedMatrix;
