using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class SumRuleTests
{
    private const string Steps = """
        [FlowStep, MaskedConv(Triangle.Lower), Elementwise(Activation.Elu), MaskedConv(Triangle.Lower)] class Linear;
        [FlowStep, MintLayer(Triangle.Lower, Paths = 2)] class Mint;
        [FlowStep, MintLayer(Triangle.Upper, Paths = 2)] class Above;
        [FlowStep, Rescale, SinhArcsinh, Elementwise(nameof(Rise))] class Bent { static float Rise(float x) => x + 0.5f * System.MathF.Tanh(x); }
        [FlowStep, MintLayer(Triangle.Lower, Paths = 2, Order = TriangularOrder.PixelMajor)] class Pixels;
        [FlowStep, MaskedConv(Triangle.Lower, Kernel = 1, Order = TriangularOrder.PixelMajor)] class Points;

        """;

    [Theory]
    [InlineData("Flow(3)", "Sum<Linear, Mint>(0.7, 0.3)")]
    [InlineData("Flow(3)", "Sum<Mint, Mint>(1, 2, Times = 2)")]
    [InlineData("Flow(1, 4, 4)", "Sum<Linear, Bent>(1e-3, 1e3)")]
    [InlineData("Flow(2, 4, 4)", "Sum<Pixels, Bent>(0.7, 0.3)")]
    [InlineData("Flow(3)", "Sum<Mint, Pixels>(0.7, 0.3)")]
    [InlineData("Flow(1, 4, 4)", "Sum<Mint, Pixels>(0.7, 0.3)")]
    [InlineData("Flow(3, 1, 1)", "Sum<Mint, Pixels>(0.7, 0.3)")]
    [InlineData("Flow(2, 4, 4)", "Sum<Mint, Points>(0.7, 0.3)")]
    [InlineData("Flow(2, 4, 4)", "Sum<Points, Mint>(0.7, 0.3)")]
    public Task Sums_of_one_triangle_and_one_order_are_certified(string flow, string sum) =>
        Markup.Verify(Steps + $"[{flow}, {sum}, MaskedConv(Triangle.Upper)] partial class A;");

    [Fact]
    public Task Of_one_triangle_only_an_image_is_warned_of_as_with_other_layers() =>
        Markup.Verify(Steps + "[Flow(2, 4, 4), ActNorm, {|FLOW2060:Sum<Linear, Mint>(0.7, 0.3)|}] partial class A;", "every triangular layer of 'A' is lower");

    [Fact]
    public Task A_sum_between_the_halves_of_a_pair_changes_no_order() =>
        Markup.Verify(Steps + "[Flow(2, 4, 4), MintLayer(Triangle.Lower), Sum<Linear, Mint>(0.7, 0.3), MintLayer(Triangle.Upper)] partial class A;");

    [Fact]
    public Task What_a_sum_does_not_mix_is_reported() =>
        Markup.Verify(Steps + "[Flow(3), Sum<Linear, Mint>(0.7, 0.3)] partial class {|FLOW2023:A|};", "3 of 9 pairs");

    [Theory]
    [InlineData("Flow(3)", "Linear", "Above", "MaskedConv(Lower), layer 0 of its first step, is lower triangular, but MintLayer(Upper, Paths = 2), layer 0 of its second step, is upper triangular")]
    [InlineData("Flow(1, 4, 4)", "Above", "Mint", "MintLayer(Upper, Paths = 2), layer 0 of its first step, is upper triangular, but MintLayer(Lower, Paths = 2), layer 0 of its second step, is lower triangular")]
    [InlineData("Flow(3)", "Both", "Bent", "MaskedConv(Lower), layer 0 of its first step, is lower triangular, but MaskedConv(Upper), layer 1 of its first step, is upper triangular")]
    [InlineData("Flow(2, 4, 4)", "Mint", "Pixels", "MintLayer(Lower, Paths = 2), layer 0 of its first step, is triangular channel by channel, but MintLayer(Lower, Paths = 2, Order = PixelMajor), layer 0 of its second step, is triangular pixel by pixel")]
    [InlineData("Flow(2, 4, 4)", "Points", "MintAndPixels", "MintLayer(Lower, Paths = 2), layer 0 of its second step, is triangular channel by channel, but MintLayer(Lower, Paths = 2, Order = PixelMajor), layer 1 of its second step, is triangular pixel by pixel")]
    public Task Two_triangles_or_orders_are_reported(string flow, string first, string second, string message) => Markup.Verify(
        Steps + $"[FlowStep, MaskedConv(Triangle.Lower), MaskedConv(Triangle.Upper)] class Both; [FlowStep, Repeat<Mint>(1), Repeat<Pixels>(1)] class MintAndPixels; [{flow}, {{|FLOW2061:Sum<{first}, {second}>(0.7, 0.3)|}}] partial class A;", message);

    [Fact]
    public Task Two_triangles_are_reported_in_a_step() =>
        Markup.Verify(Steps + "[FlowStep, {|FLOW2061:Sum<Linear, Above>(0.7, 0.3)|}] class S; [Flow(3), Repeat<S>(2)] partial class A;", "Apply them one after the other");

    [Theory]
    [InlineData("0.7, 0", "the weight of 'Bent' is 0")]
    [InlineData("-0.7, 0.3", "the weight of 'Mint' is -0.7")]
    [InlineData("0.7, -1e-3", "the weight of 'Bent' is -0.001")]
    [InlineData("double.NaN, 1", "the weight of 'Mint' is NaN")]
    [InlineData("1, double.PositiveInfinity", "the weight of 'Bent' is infinity")]
    [InlineData("1e-60, 1", "the weight of 'Mint' is 1E-60")]
    [InlineData("1, 1e60", "the weight of 'Bent' is 1E+60")]
    public Task Weights_that_are_not_positive_are_reported(string weights, string message) =>
        Markup.Verify(Steps + $"[Flow(3), {{|FLOW2062:Sum<Mint, Bent>({weights})|}}] partial class A;", message);

    [Theory]
    [InlineData("Fall(float x) => -x - System.MathF.Tanh(x)", "in [-2, -1]")]
    [InlineData("Fall(float x) => -2f * x", "in [-2, -2]")]
    public Task A_diagonal_that_is_not_positive_is_reported(string function, string diagonal) => Markup.Verify(
        Steps + $"[FlowStep, MaskedConv(Triangle.Lower), Elementwise(nameof(Fall))] class Falling {{ static float {function}; }} [Flow(3), {{|FLOW2063:Sum<Mint, Falling>(0.7, 0.3)|}}] partial class A;",
        $"the diagonal of Elementwise(Fall), layer 1 of 'Falling', is {diagonal}");

    [Theory]
    [InlineData("Flow(4)", "ActNorm", "cannot hold ActNorm, layer 1 of 'S': it takes its statistics from the data")]
    [InlineData("Flow(4)", "BatchNorm", "put it before or behind the sum")]
    [InlineData("Flow(4)", "Standardize", "cannot hold Standardize, layer 1 of 'S'")]
    [InlineData("Flow(4)", "Reverse", "it changes the places of the coordinates")]
    [InlineData("Flow(4)", "Shuffle(3)", "it changes the places of the coordinates")]
    [InlineData("Flow(4, 2, 2)", "Squeeze", "it changes the places of the coordinates")]
    [InlineData("Flow(4)", "AffineCoupling(8)", "its Jacobian is block triangular")]
    [InlineData("Flow(4)", "InvertibleLinear", "its Jacobian is dense")]
    [InlineData("Flow(4)", "Logit(0.05)", "it takes numbers of an interval")]
    [InlineData("Flow(4)", "Dequantize", "it takes numbers of an interval")]
    public Task Layers_that_a_sum_cannot_hold_are_reported(string flow, string layer, string message) =>
        Markup.Verify(Steps + $"[FlowStep, Rescale, {layer}] class S; [{flow}, {{|FLOW2064:Sum<Mint, S>(0.7, 0.3)|}}] partial class A;", message);

    [Theory]
    [InlineData("[FlowStep, MaskedConv(Triangle.Lower), {|FLOW2059:Elementwise(Activation.LeakyRelu)|}] class S; [Flow(3), Sum<Mint, S>(0.7, 0.3)] partial class A;")]
    [InlineData("[FlowStep, MaskedConv(Triangle.Lower), Rescale, {|FLOW2059:Elementwise(Activation.Relu)|}, MaskedConv(Triangle.Lower)] class S; [Flow(3), Sum<Mint, S>(0.7, 0.3)] partial class A;")]
    [InlineData("[FlowStep, Elementwise(Activation.LeakyRelu)] class K; [FlowStep, MaskedConv(Triangle.Lower), Repeat<K>(1)] class S; [Flow(3), {|FLOW2059:Sum<Mint, S>(0.7, 0.3)|}] partial class A;")]
    public Task A_kink_after_a_masked_convolution_is_reported_as_elsewhere(string source) =>
        Markup.Verify(Steps + source, "follows MaskedConv(Lower)");

    [Fact]
    public Task A_kink_before_one_is_not() =>
        Markup.Verify(Steps + "[FlowStep, Elementwise(Activation.LeakyRelu), MaskedConv(Triangle.Lower)] class S; [Flow(3), Sum<Mint, S>(0.7, 0.3), MaskedConv(Triangle.Upper)] partial class A;");

    [Fact]
    public Task Steps_of_a_sum_are_steps() => Markup.Verify(
        "class S; [FlowStep, Rescale] class T; [Flow(2), {|FLOW1010:Sum<S, T>(1, 1)|}] partial class A; [Flow(2), {|FLOW1011:Sum<T, string>(1, 1)|}] partial class B;",
        "'S' is", "'String' is");

    [Fact]
    public Task A_step_that_adds_itself_is_reported() => Markup.Verify(
        "[FlowStep, Rescale, {|FLOW1012:Sum<S, T>(1, 1)|}] class S; [FlowStep, Rescale] class T; [Flow(2), Sum<T, S>(1, 1)] partial class A;", "S -> S");

    [Fact]
    public Task What_is_wrong_in_a_step_is_said_there() => Markup.Verify(
        Steps + "[FlowStep, {|FLOW2051:MintLayer(Triangle.Lower, Paths = 0)|}] class S; [Flow(3), Sum<Mint, S>(0.7, 0.3)] partial class A;");

    [Fact]
    public Task Counts_are_checked() => Markup.Verify(
        Steps + "[FlowStep, Repeat<Mint>(4097)] class S; [Flow(3), {|FLOW1014:Sum<S, Mint>(0.7, 0.3)|}] partial class A; [Flow(3), {|FLOW1013:Sum<Mint, Mint>(1, 1, Times = 0)|}] partial class B;",
        "4098 layers", "Sum<Mint, Mint>(1, 1)");

    [Theory]
    [InlineData("Sum<")]
    [InlineData("Sum<Mint")]
    [InlineData("Sum<Mint, ")]
    [InlineData("Sum<Mint, >(0.5, 0.5)")]
    [InlineData("Sum<Mint, Nothing>(0.5, 0.5)")]
    [InlineData("Sum<Mint, Mint>(0.5, ")]
    [InlineData("Sum<Mint, Mint>(0.5)")]
    [InlineData("Sum<Mint, Mint>(\"a\", 0.5)")]
    [InlineData("Sum<Mint, Mint>")]
    [InlineData("Sum<Mint, int>(1, 1)")]
    public async Task Half_written_sums_are_passed_over(string sum)
    {
        var compilation = GeneratorHarness.Compile(Steps + $"[Flow(3), {sum}] partial class A;");
        Assert.DoesNotContain(await GeneratorHarness.Analyze(compilation), static diagnostic => diagnostic.Id.StartsWith("AD", StringComparison.Ordinal) || diagnostic.Id.StartsWith("FLOW206", StringComparison.Ordinal));
        var driver = GeneratorHarness.Run(compilation, out _);
        Assert.Null(driver.GetRunResult().Results.Single().Exception);
    }
}
