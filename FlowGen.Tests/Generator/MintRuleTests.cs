using FlowGen.Layers;
using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class MintRuleTests
{
    [Theory]
    [InlineData("MaskedConv(Triangle.Lower, Kernel = 2)", "Kernel is 2")]
    [InlineData("MintPair(Kernel = 0)", "Kernel is 0")]
    [InlineData("MintLayer(Triangle.Upper, Kernel = -3)", "Kernel is -3")]
    public Task A_kernel_without_a_centre_is_reported(string layer, string message) =>
        Markup.Verify($"[FlowStep, {{|FLOW2050:{layer}|}}] class S;", message);

    [Theory]
    [InlineData("MintPair(Paths = 0)", "MintLayer: Paths is 0")]
    [InlineData("MintLayer(Triangle.Lower, Paths = 3 / 4)", "Paths is 0")]
    public Task A_layer_without_paths_is_reported(string layer, string message) =>
        Markup.Verify($"[FlowStep, {{|FLOW2051:{layer}|}}] class S;", message);

    [Theory]
    [InlineData("Relu", "jumps from 0 to 1 at 0, so proposition 1 and theorem 1 of MintNet do not apply; its slope of 0 leaves the diagonal to t alone; the log-determinant is piecewise constant in x, and sends no gradient to biases and off-centre taps")]
    [InlineData("LeakyRelu", "jumps from 0.01 to 1 at 0, so proposition 1 and theorem 1 of MintNet do not apply; the log-determinant is piecewise constant in x")]
    public Task An_activation_with_a_kink_is_reported(string activation, string message) =>
        Markup.Verify($"[Flow(3), {{|FLOW2052:MintPair(Activation = Activation.{activation})|}}] partial class A;", message);

    [Theory]
    [InlineData("Silu", -1.279)]
    [InlineData("Gelu", -0.752)]
    public async Task An_activation_that_falls_is_reported_with_where_it_does(string activation, double end)
    {
        await Markup.Verify($"[Flow(3), {{|FLOW2053:MintPair(Activation = Activation.{activation})|}}] partial class A;", FormattableString.Invariant($"the slope of {activation} is negative from x = -infinity to {end}"));

        // Differences of the function itself: it falls up to there, and rises from there on.
        double Slope(double x) => (ReferenceFunctions.Apply(Enum.Parse<Activation>(activation), x + 1e-6) - ReferenceFunctions.Apply(Enum.Parse<Activation>(activation), x - 1e-6)) / 2e-6;
        Assert.True(Slope(end) < 0 && Slope(-3) < 0 && Slope(end + 1e-3) > 0);
    }

    [Fact]
    public Task A_layer_without_activation_is_reported() =>
        Markup.Verify("[Flow(3), {|FLOW2058:MintPair(Activation = Activation.Identity)|}] partial class A;", "MaskedConv");

    [Theory]
    [InlineData("Elu")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Softplus")]
    public Task A_smooth_activation_that_rises_is_not_reported(string activation) =>
        Markup.Verify($"[Flow(3), MintPair(Activation = Activation.{activation}, Paths = 1, Kernel = 5, Times = 2)] partial class A;");

    [Theory]
    [InlineData("Lower", "make one of them Upper")]
    [InlineData("Upper", "make one of them Lower")]
    public Task Two_layers_of_one_orientation_are_advised_against_on_vectors(string triangle, string message) =>
        Markup.Verify($"[Flow(3), InvertibleLinear, {{|FLOW2055:MintLayer(Triangle.{triangle}, Times = 2)|}}] partial class A;", message);

    [Theory]
    [InlineData("MintLayer(Triangle.Lower), Reverse, MintLayer(Triangle.Lower), MintLayer(Triangle.Upper)")]
    [InlineData("MintPair(Times = 3)")]
    [InlineData("MintLayer(Triangle.Lower), ActNorm, MintLayer(Triangle.Upper)")]
    [InlineData("MintPair, Reverse, MintLayer(Triangle.Upper), MintLayer(Triangle.Lower)")]
    public Task Pairs_are_not_reported(string layers) => Markup.Verify($"[Flow(3), {layers}] partial class A;");

    [Fact]
    public Task Two_layers_of_one_orientation_are_reported_on_images() =>
        Markup.Verify("[Flow(1, 4, 4), {|FLOW2054:MintLayer(Triangle.Upper, Times = 2)|}, MintLayer(Triangle.Lower)] partial class A;", "blind to the same neighbours");

    [Fact]
    public Task Of_one_pixel_or_of_taps_of_one_both_orders_are_one() => Markup.Verify("""
        [Flow(3, 1, 1), MintLayer(Triangle.Lower), MintLayer(Triangle.Upper, Order = TriangularOrder.PixelMajor)] partial class A;
        [Flow(3, 4, 4), MintLayer(Triangle.Lower, Kernel = 1), MintLayer(Triangle.Upper, Kernel = 1, Order = TriangularOrder.PixelMajor)] partial class B;
        [Flow(3, 4, 4), MintLayer(Triangle.Lower), MintLayer(Triangle.Upper, Kernel = 1, Order = TriangularOrder.PixelMajor)] partial class C;
        """);

    [Theory]
    [InlineData("1, 4, 4", "Invertible1x1Conv")]
    [InlineData("1, 4, 4", "Reverse")]
    [InlineData("3, 4, 4", "Permute(0, 1, 2)")]
    [InlineData("3, 4, 4", "BatchNorm")]
    public Task What_moves_nothing_divides_no_pair(string shape, string layer) => Markup.Verify(
        $"[Flow({shape}), MintLayer(Triangle.Lower), {layer}, MintLayer(Triangle.Upper)] partial class A;");

    [Fact]
    public Task Halves_of_two_orders_are_reported() => Markup.Verify(
        "[Flow(3, 4, 4), MintLayer(Triangle.Lower), {|FLOW2056:MintLayer(Triangle.Upper, Order = TriangularOrder.PixelMajor)|}] partial class A;", "in another order");

    [Fact]
    public Task One_orientation_in_two_orders_is_not_reported() => Markup.Verify(
        "[Flow(2, 4, 4), MintLayer(Triangle.Upper), MintLayer(Triangle.Upper, Order = TriangularOrder.PixelMajor), MintLayer(Triangle.Lower, Order = TriangularOrder.PixelMajor)] partial class A;");

    [Fact]
    public Task One_channel_has_one_order() => Markup.Verify(
        "[Flow(1, 4, 4), MintLayer(Triangle.Lower), MintLayer(Triangle.Upper, Order = TriangularOrder.PixelMajor)] partial class A;");

    [Theory]
    [InlineData("{|FLOW2060:MintLayer(Triangle.Lower)|}", "every triangular layer of 'A' is lower")]
    [InlineData("MaskedConv(Triangle.Upper), SinhArcsinh, {|FLOW2060:MintLayer(Triangle.Upper)|}", "add one that is lower")]
    [InlineData("SinhArcsinh, {|FLOW2060:MaskedConv(Triangle.Upper)|}", "Layer 1, MaskedConv(Upper)")]
    public Task Triangular_layers_of_one_orientation_are_reported_on_images(string layers, string message) =>
        Markup.Verify($"[Flow(2, 4, 4), {layers}] partial class A;", message);

    [Theory]
    [InlineData("2, 4, 4", "MintPair")]
    [InlineData("2, 4, 4", "MaskedConv(Triangle.Lower), MintLayer(Triangle.Upper)")]
    [InlineData("2, 4, 4", "MintLayer(Triangle.Lower), Reverse, MintLayer(Triangle.Lower)")]
    [InlineData("2, 4, 4", "AffineCoupling(8, 8, Net = CouplingNet.Conv, Times = 2), MintLayer(Triangle.Lower)")]
    [InlineData("3, 1, 1", "MintLayer(Triangle.Lower)")]
    [InlineData("2, 4, 4", "MaskedConv(Triangle.Lower, Order = TriangularOrder.PixelMajor), MintLayer(Triangle.Lower)")]
    public Task Triangular_layers_with_a_counterpart_are_not_reported(string shape, string layers) =>
        Markup.Verify($"[Flow({shape}), {layers}] partial class A;");

    [Fact]
    public Task Of_a_vector_the_coordinates_that_are_not_seen_are_reported() =>
        Markup.Verify("[Flow(3), MintLayer(Triangle.Lower)] partial class {|FLOW2023:A|};");

    [Fact]
    public Task A_squeeze_between_the_halves_is_reported_and_one_between_pairs_is_not() => Markup.Verify(
        "[Flow(1, 8, 8), MintPair, Squeeze, MintLayer(Triangle.Lower), Squeeze, {|FLOW2057:MintLayer(Triangle.Upper)|}] partial class A;", "Squeeze");

    [Fact]
    public Task One_coordinate_has_no_orientation() => Markup.Verify("[Flow(1), MintLayer(Triangle.Lower, Times = 2)] partial class A;");

    [Theory]
    [InlineData("1, 2, 2", "ChannelMajor")]
    [InlineData("1, 2, 2", "SpaceToDepth")]
    [InlineData("2, 2, 2", "ChannelMajor")]
    public Task A_squeeze_that_leaves_every_number_where_it_is_divides_nothing(string shape, string order) => Markup.Verify(
        $"[Flow({shape}), MintLayer(Triangle.Lower), Squeeze(Order = SqueezeOrder.{order}), MintLayer(Triangle.Upper)] partial class A;");

    [Fact]
    public Task A_layer_that_divides_a_pair_is_reported() => Markup.Verify(
        "[Flow(3), MintLayer(Triangle.Lower), Reverse, {|FLOW2057:MintLayer(Triangle.Upper)|}] partial class {|FLOW2023:A|};", "layer 1, Reverse, between them");

    [Theory]
    [InlineData("MintLayer(Triangle.Lower), Reverse, {|FLOW2057:MintLayer(Triangle.Upper)|}, MintLayer(Triangle.Lower), Reverse, {|FLOW2057:MintLayer(Triangle.Upper)|}", "layer 1, Reverse")]
    [InlineData("MintPair, MintLayer(Triangle.Lower), Reverse, {|FLOW2057:MintLayer(Triangle.Upper)|}", "layer 3, Reverse")]
    [InlineData("MintLayer(Triangle.Lower), ActNorm, MintLayer(Triangle.Upper), MintLayer(Triangle.Lower), ActNorm, Reverse, {|FLOW2057:MintLayer(Triangle.Upper)|}", "layer 5, Reverse")]
    public Task Every_pair_that_is_divided_is_reported(string layers, string message) => Markup.Verify($"[Flow(3), {layers}] partial class A;", message);

    [Theory]
    [InlineData("MintLayer(Triangle.Upper), ActNorm, MintLayer(Triangle.Lower), Reverse, MintLayer(Triangle.Upper), ActNorm, MintLayer(Triangle.Lower)")]
    [InlineData("MintPair, Reverse, MintPair, Reverse, MintPair")]
    [InlineData("MintLayer(Triangle.Upper), MintLayer(Triangle.Lower), Reverse, MintLayer(Triangle.Upper), MintLayer(Triangle.Lower)")]
    public Task What_stands_between_pairs_divides_none(string layers) => Markup.Verify($"[Flow(3), {layers}] partial class A;");

    [Fact]
    public Task A_kink_after_a_masked_convolution_is_reported() => Markup.Verify(
        "[Flow(3), MaskedConv(Triangle.Lower), {|FLOW2059:Elementwise(Activation.LeakyRelu)|}, MaskedConv(Triangle.Upper)] partial class A;",
        "Elementwise(LeakyRelu) follows MaskedConv(Lower), and modules of masked convolutions are continuously differentiable, but its slope jumps from 0.01 to 1 at x = 0, so proposition 1 and theorem 1 of MintNet do not apply; the log-determinant is piecewise constant in x, and sends no gradient to biases and off-centre taps");

    [Theory]
    [InlineData("[Flow(3), MaskedConv(Triangle.Lower), {|FLOW2059:Elementwise(Activation.Relu)|}] partial class A;")]
    [InlineData("[Flow(2, 4, 4), MaskedConv(Triangle.Upper, Kernel = 5), ActNorm, Rescale(Times = 2), {|FLOW2059:Elementwise(Activation.Relu)|}, MintPair] partial class A;")]
    [InlineData("[FlowStep, MaskedConv(Triangle.Upper), {|FLOW2059:Elementwise(Activation.Relu)|}] class S;")]
    public Task Relu_after_a_masked_convolution_is_reported_with_every_reason(string source) => Markup.Verify(
        source,
        "slope jumps from 0 to 1 at x = 0, so proposition 1 and theorem 1 of MintNet do not apply; its slope of 0 leaves the diagonal to t alone, where there is one; the log-determinant is piecewise constant in x, and sends no gradient to biases and off-centre taps");

    [Theory]
    [InlineData("x > 0f ? x : 0f", "FLOW2059,FLOW2084", "its slope of 0 leaves the diagonal to t alone")]
    [InlineData("System.MathF.Max(0f, x)", "FLOW2059,FLOW2084", "jumps from 0 to 1 at x = 0")]
    [InlineData("System.MathF.Abs(x)", "FLOW2059,FLOW2083", "jumps from -1 to 1 at x = 0")]
    [InlineData("x > 0f ? 2f * x + System.MathF.Sinh(x) : x", "FLOW2059,FLOW2086", "jumps from 1 to 3 at x = 0, so proposition 1 and theorem 1 of MintNet do not apply; the log-determinant jumps with it, which no gradient sees")]
    [InlineData("x * x * x", "FLOW2084", "is zero at x = 0")]
    [InlineData("x / (1f + System.MathF.Exp(-x))", "FLOW2083", "negative from x = -")]
    [InlineData("x + 2f * System.MathF.Sin(x)", "FLOW2083", "negative from x = ")]
    public Task Functions_of_ones_own_after_a_masked_convolution_are_reported_with_their_reasons(string function, string rules, string message) => Markup.Verify(
        $"[Flow(3), MaskedConv(Triangle.Lower), {{|{rules}:Elementwise(nameof(A.F))|}}, MaskedConv(Triangle.Upper)] partial class A {{ internal static float F(float x) => {function}; }}", message);

    [Theory]
    [InlineData("Silu", "negative from x = -infinity to -1.279")]
    [InlineData("Gelu", "negative from x = -infinity to -0.752")]
    public Task Activations_that_fall_after_a_masked_convolution_are_reported_with_where_they_do(string activation, string message) => Markup.Verify(
        $"[Flow(3), MaskedConv(Triangle.Lower), {{|FLOW2005:Elementwise(Activation.{activation})|}}] partial class A;", message);

    [Theory]
    [InlineData("Relu")]
    [InlineData("LeakyRelu")]
    [InlineData("Elu")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Softplus")]
    [InlineData("Silu")]
    [InlineData("Gelu")]
    [InlineData("Identity")]
    public Task Inside_conditioners_any_activation_may_follow_a_masked_convolution(string activation) => Markup.Verify(
        $$"""
        [Flow(4), MaskedConv(Triangle.Lower), AffineCoupling(8, 8, Activation = Activation.{{activation}}, Times = 4), MaskedConv(Triangle.Upper), AdditiveCoupling(8, Activation = Activation.{{activation}}), MintPair] partial class A;
        [Flow(2, 4, 4), MaskedConv(Triangle.Lower), AffineCoupling(8, Net = CouplingNet.ResNet, Activation = Activation.{{activation}}), MaskedConv(Triangle.Upper), AffineCoupling(8, 8, Net = CouplingNet.Conv, Activation = Activation.{{activation}}), MintPair] partial class B;
        """);

    [Theory]
    [InlineData("MaskedConv(Triangle.Lower), ActNorm, Rescale, {|FLOW2059:Elementwise(Activation.LeakyRelu)|}, MaskedConv(Triangle.Upper)")]
    [InlineData("MaskedConv(Triangle.Lower), {|FLOW2059,FLOW2086:Elementwise(nameof(A.F))|}, MaskedConv(Triangle.Upper)")]
    public Task Scales_and_functions_of_ones_own_are_seen_through(string layers) => Markup.Verify(
        $"[Flow(3), {layers}] partial class A {{ internal static float F(float x) => x > 0f ? 2f * x : x; }}");

    [Fact]
    public Task A_permutation_or_a_curve_in_between_makes_another_module() => Markup.Verify(
        "[Flow(3), MaskedConv(Triangle.Lower), Reverse, Elementwise(Activation.LeakyRelu), MaskedConv(Triangle.Lower), Elementwise(nameof(A.F)), Elementwise(Activation.LeakyRelu)] partial class A { internal static float F(float x) => x + 0.5f * System.MathF.Tanh(x); }");

    [Fact]
    public Task Smooth_functions_after_a_masked_convolution_are_not_reported() =>
        Markup.Verify("[Flow(3), MaskedConv(Triangle.Lower), MintPair, Elementwise(Activation.LeakyRelu), MaskedConv(Triangle.Upper)] partial class A;");
}
