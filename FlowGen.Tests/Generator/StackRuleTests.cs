using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class StackRuleTests
{
    [Theory]
    [InlineData("AffineCoupling(8)")]
    [InlineData("AdditiveCoupling(Transforms = Partition.FirstHalf)")]
    public Task A_coupling_of_one_coordinate_is_reported(string layer) =>
        Markup.Verify($"[Flow(1), ActNorm, {{|FLOW2001:{layer}|}}] partial class A;", "Layer 1 (" + layer[..layer.IndexOf('(', StringComparison.Ordinal)]);

    [Fact]
    public Task A_coupling_in_a_step_is_reported_where_the_flow_repeats_it() =>
        Markup.Verify("[FlowStep, ActNorm, AffineCoupling(4)] class S; [Flow(1), {|FLOW2001:Repeat<S>(3)|}] partial class A;", "Layer 1 (AffineCoupling)");

    [Fact]
    public Task Couplings_of_two_coordinates_are_not_reported() => Markup.Verify("[Flow(2), AffineCoupling(8, Times = 3)] partial class A;");

    [Theory]
    [InlineData("AffineCoupling(8, 0)", "hidden layer 2 is 0 wide")]
    [InlineData("AdditiveCoupling(-1)", "hidden layer 1 is -1 wide")]
    public Task A_hidden_layer_without_units_is_reported(string layer, string message) =>
        Markup.Verify($"[Flow(2), {{|FLOW2002:{layer}|}}, Rescale] partial class A;", message);

    [Fact]
    public Task A_conditioner_without_hidden_layers_is_not_reported() => Markup.Verify("[Flow(2), AffineCoupling(Times = 3)] partial class A;");

    [Fact]
    public Task Residual_hidden_layers_of_two_widths_are_reported() =>
        Markup.Verify("[Flow(2), {|FLOW2003:AffineCoupling(8, 8, 9, Net = CouplingNet.ResidualMlp)|}] partial class A;", "they are 8 and 9 wide");

    [Fact]
    public Task Residual_hidden_layers_of_one_width_are_not_reported() =>
        Markup.Verify("[Flow(2), AffineCoupling(8, 8, 8, Net = CouplingNet.ResidualMlp, Times = 3), AffineCoupling(8, 9)] partial class A;");

    [Theory]
    [InlineData("Permute(0, 1)", "it lists 2 of 3")]
    [InlineData("Permute(0, 1, 3)", "it lists 3")]
    [InlineData("Permute(-1, 1, 2)", "it lists -1")]
    [InlineData("Permute(0, 1, 1)", "it lists 1 twice")]
    [InlineData("Permute", "it lists 0 of 3")]
    public Task An_order_that_is_no_permutation_is_reported(string layer, string message) =>
        Markup.Verify($"[Flow(3), ActNorm, {{|FLOW2004:{layer}|}}] partial class A;", message);

    [Fact]
    public Task A_permutation_is_not_reported() => Markup.Verify("[Flow(3), ActNorm, Permute(2, 0, 1)] partial class A;");

    [Theory]
    [InlineData("Relu", "negative numbers")]
    [InlineData("Silu", "two numbers map to one")]
    [InlineData("Gelu", "two numbers map to one")]
    public Task A_function_without_inverse_is_reported(string activation, string reason) =>
        Markup.Verify($"[Flow(2), {{|FLOW2005:Elementwise(Activation.{activation})|}}] partial class A;", reason);

    [Fact]
    public Task The_identity_is_reported() => Markup.Verify("[FlowStep, {|FLOW2006:Elementwise(Activation.Identity)|}] class A;");

    [Fact]
    public Task The_same_functions_inside_conditioners_are_not_reported() => Markup.Verify("""
        [Flow(2)]
        [AffineCoupling(4, Activation = Activation.Relu), AffineCoupling(4, Activation = Activation.Silu), AffineCoupling(4, Activation = Activation.Gelu)]
        [AffineCoupling(4, Activation = Activation.Identity), Elementwise(Activation.LeakyRelu)]
        partial class A;
        """);

    [Theory]
    [InlineData("0")]
    [InlineData("0.5")]
    [InlineData("-0.1")]
    [InlineData("1e-60")]
    [InlineData("double.NaN")]
    public Task A_margin_out_of_range_is_reported(string alpha) =>
        Markup.Verify($"[Flow(2), Dequantize, {{|FLOW2007:Logit({alpha})|}}] partial class A;", "above 0 and below 1/2");

    [Theory]
    [InlineData("ActNorm, {|FLOW2100:Logit|}", "Layer 1 (Logit) takes numbers from 0 to 1, but layer 0, ActNorm, before it makes numbers from -infinity to infinity")]
    [InlineData("{|FLOW2100:Logit(Times = 2)|}", "layer 0, Logit")]
    [InlineData("Elementwise(Activation.Tanh), Reverse, {|FLOW2100:Logit|}", "from -1 to 1")]
    public Task Logit_of_other_numbers_is_reported(string layers, string message) => Markup.Verify($"[Flow(2), {layers}] partial class A;", message);

    [Theory]
    [InlineData("Logit")]
    [InlineData("Dequantize, Reverse, Shuffle(3), Logit")]
    public Task Logit_of_data_is_not_reported(string layers) => Markup.Verify($"[Flow(2), {layers}, ActNorm] partial class A;");

    [Theory]
    [InlineData("Logit")]
    [InlineData("Logit(0.4999)")]
    [InlineData("Logit(1e-30)")]
    public Task A_margin_in_range_is_not_reported(string layer) => Markup.Verify($"[Flow(2), Dequantize, {layer}] partial class A;");

    [Theory]
    [InlineData("[Flow(2), ActNorm, {|FLOW2008:Dequantize|}] partial class A;", "layer 0 (ActNorm) comes before it")]
    [InlineData("[Flow(2), {|FLOW2008:Dequantize(Times = 2)|}, ActNorm] partial class A;", "Layer 1 (Dequantize)")]
    public Task Dequantize_behind_another_layer_is_reported(string source, string message) => Markup.Verify(source, message);

    [Fact]
    public Task Dequantize_at_the_beginning_of_a_step_is_not_reported() =>
        Markup.Verify("[FlowStep, Dequantize, Logit, ActNorm] class S; [Flow(2), Repeat<S>(1)] partial class A;");

    [Theory]
    [InlineData("1")]
    [InlineData("16777217")]
    public Task Bins_out_of_range_are_reported(string bins) => Markup.Verify($"[Flow(2), {{|FLOW2009:Dequantize(Bins = {bins})|}}, ActNorm] partial class A;", $"Bins is {bins}");

    [Fact]
    public Task Two_bins_are_not_reported() => Markup.Verify("[Flow(2), Dequantize(Bins = 2), ActNorm] partial class A;");

    [Theory]
    [InlineData("Momentum = 0", "Momentum is 0")]
    [InlineData("Momentum = 1.01", "Momentum is 1.01")]
    [InlineData("Epsilon = 0", "Epsilon is 0")]
    [InlineData("Epsilon = double.PositiveInfinity", "Epsilon is")]
    public Task Options_of_batch_normalization_out_of_range_are_reported(string option, string message) =>
        Markup.Verify($"[Flow(2), {{|FLOW2010:BatchNorm({option})|}}] partial class A;", message);

    [Fact]
    public Task Options_of_batch_normalization_in_range_are_not_reported() => Markup.Verify("[Flow(2), BatchNorm(Momentum = 1, Epsilon = 1e-12)] partial class A;");

    [Theory]
    [InlineData("-0.001")]
    [InlineData("double.NaN")]
    public Task A_negative_scale_floor_is_reported(string floor) =>
        Markup.Verify($"[Flow(2), {{|FLOW2011:AffineCoupling(Scale = ScaleFunction.Sigmoid, ScaleFloor = {floor})|}}] partial class A;");

    [Fact]
    public Task A_scale_floor_of_zero_is_no_error() =>
        Markup.Verify("[Flow(2), {|FLOW3030:AffineCoupling(Scale = ScaleFunction.Sigmoid, ScaleFloor = 0, Times = 3)|}] partial class A;");

    [Theory]
    [InlineData("AffineCoupling(4)", "coordinate 0")]
    [InlineData("ActNorm, AffineCoupling(4), Rescale", "coordinate 0")]
    public Task A_coordinate_that_no_coupling_transforms_is_reported(string layers, string which) =>
        Markup.Verify($"[Flow(2), {layers}] partial class {{|FLOW2020:A|}};", which);

    [Fact]
    public Task Alternation_that_a_permutation_undoes_is_reported() =>
        Markup.Verify("[Flow(2), AffineCoupling(4), Reverse, {|FLOW2021:AffineCoupling(4)|}] partial class {|FLOW2020:A|};", "Layer 2", "coordinate 0");

    [Fact]
    public Task Coordinates_that_nothing_transforms_are_listed() =>
        Markup.Verify("[Flow(20), AffineCoupling(4)] partial class {|FLOW2020:A|};", "coordinates 0, 2, 4, 6, 8, 10, 12, 14, ... (10 of 20)");

    [Theory]
    [InlineData(2, "AffineCoupling(4), AffineCoupling(4), AffineCoupling(4)")]
    [InlineData(3, "AffineCoupling(4), Reverse, AffineCoupling(4), AffineCoupling(4)")]
    [InlineData(4, "AffineCoupling(4, Transforms = Partition.FirstHalf), Permute(2, 3, 0, 1), AffineCoupling(4, Transforms = Partition.FirstHalf), AffineCoupling(4)")]
    [InlineData(3, "InvertibleLinear, AffineCoupling(4)")]
    [InlineData(2, "ActNorm")]
    [InlineData(2, "Elementwise(Activation.LeakyRelu), AffineCoupling(4), AffineCoupling(4), AffineCoupling(4)")]
    public Task Coordinates_that_are_all_transformed_are_not_reported(int dimensions, string layers) => Markup.Verify($"[Flow({dimensions}), {layers}] partial class A;");

    [Fact]
    public Task Permutations_alone_are_reported() => Markup.Verify("[Flow(2), Reverse] partial class {|FLOW2020,FLOW2022:A|};", "any coordinate", "changes volume");

    [Theory]
    [InlineData("AffineCoupling(4), {|FLOW2021:AffineCoupling(8, Transforms = Partition.OddIndices)|}, AffineCoupling(4), AffineCoupling(4)", "Layer 1, AffineCoupling(8, Transforms = OddIndices)")]
    [InlineData("AffineCoupling(4), AffineCoupling(4), {|FLOW2021:AdditiveCoupling(Times = 3, Transforms = Partition.EvenIndices)|}, AffineCoupling(4)", "the same coordinates as layer 1")]
    [InlineData("AffineCoupling(4), ActNorm, Reverse, {|FLOW2021:AffineCoupling(4)|}, AffineCoupling(4), AffineCoupling(4)", "Layer 3")]
    public Task The_same_coordinates_twice_in_a_row_are_reported(string layers, string message) => Markup.Verify($"[Flow(2), {layers}] partial class A;", message);

    [Theory]
    [InlineData("AffineCoupling(4), InvertibleLinear, AffineCoupling(4, Transforms = Partition.OddIndices)")]
    [InlineData("AffineCoupling(4), Elementwise(Activation.LeakyRelu), AffineCoupling(4, Transforms = Partition.OddIndices), AffineCoupling(4), AffineCoupling(4)")]
    [InlineData("AffineCoupling(4), Reverse, AffineCoupling(4, Transforms = Partition.OddIndices), AffineCoupling(4)")]
    public Task Other_coordinates_are_not_reported(string layers) => Markup.Verify($"[Flow(2), {layers}] partial class A;");

    [Theory]
    [InlineData("AdditiveCoupling(4, Times = 4)")]
    [InlineData("AdditiveCoupling(4, Times = 4), Shuffle(3)")]
    public Task A_flow_that_preserves_volume_is_reported(string layers) => Markup.Verify($"[Flow(2), {layers}] partial class {{|FLOW2022:A|}};", "add [Rescale]");

    [Theory]
    [InlineData("AdditiveCoupling(4, Times = 4), Rescale")]
    [InlineData("ActNorm, AdditiveCoupling(4, Times = 4)")]
    [InlineData("AdditiveCoupling(4, Times = 2), AffineCoupling(4)")]
    public Task A_flow_that_changes_volume_is_not_reported(string layers) => Markup.Verify($"[Flow(2), {layers}] partial class A;");

    [Theory]
    [InlineData("{|FLOW3030:AffineCoupling(4, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0, Times = 4)|}", "the inverse divides by it")]
    [InlineData("ActNorm, {|FLOW3030:AffineCoupling(4, Scale = ScaleFunction.Sigmoid, ScaleFloor = 1e-60, Times = 4)|}", "0 in single precision")]
    public Task A_sigmoid_without_floor_is_advised_against(string layers, string message) => Markup.Verify($"[Flow(2), {layers}] partial class A;", message);

    [Theory]
    [InlineData("AffineCoupling(4, Scale = ScaleFunction.Sigmoid, Times = 4)")]
    [InlineData("AffineCoupling(4, Scale = ScaleFunction.Sigmoid, ScaleFloor = 1e-30, Times = 4)")]
    [InlineData("AffineCoupling(4, ScaleFloor = 0, Times = 4)")]
    public Task Other_scales_and_floors_are_not(string layers) => Markup.Verify($"[Flow(2), {layers}] partial class A;");

    [Theory]
    [InlineData("[Flow(65), {|FLOW3031:InvertibleLinear(Parameterization = LinearParameterization.Dense)|}] partial class A;", "65 x 65 weights as they are: every update costs about 274625 steps")]
    [InlineData("[Flow(17, 2, 2), Squeeze, {|FLOW3031:Invertible1x1Conv(Parameterization = LinearParameterization.Dense)|}] partial class A;", "Layer 1 (Invertible1x1Conv) learns 68 x 68")]
    public Task A_large_matrix_as_it_is_is_advised_against(string source, string message) => Markup.Verify(source, message);

    [Theory]
    [InlineData("[Flow(64), InvertibleLinear(Parameterization = LinearParameterization.Dense)] partial class A;")]
    [InlineData("[Flow(65), InvertibleLinear] partial class A;")]
    public Task Small_matrices_and_factors_are_not(string source) => Markup.Verify(source);

    [Theory]
    [InlineData("{|FLOW3032:Dequantize|}, AffineCoupling(4, Times = 4)")]
    [InlineData("{|FLOW3032:Dequantize(Bins = 4)|}, InvertibleLinear, Rescale")]
    public Task Bounded_data_off_centre_are_pointed_out(string layers) => Markup.Verify($"[Flow(2), {layers}] partial class A;", "no layer of 'A' centres them");

    [Fact]
    public Task What_the_network_of_a_coupling_takes_from_the_data_centres_nothing() => Markup.Verify(
        "[Flow(2, 4, 4), {|FLOW3032:Dequantize|}, AffineCoupling(4, Net = CouplingNet.NormalizedConv, Times = 4)] partial class A;", "no layer of 'A' centres them");

    [Theory]
    [InlineData("2", "Dequantize, Logit(0.05), AffineCoupling(4, Times = 4)")]
    [InlineData("2", "Dequantize, ActNorm, AffineCoupling(4, Times = 4)")]
    [InlineData("2", "Dequantize, AffineCoupling(4, Times = 4), BatchNorm")]
    [InlineData("2", "Dequantize, MintPair")]
    [InlineData("2, Prior = Prior.StandardLogistic", "Dequantize, AffineCoupling(4, Times = 4)")]
    [InlineData("2, Prior = Prior.LearnedNormal", "Dequantize, AffineCoupling(4, Times = 4)")]
    public Task Centred_data_and_other_priors_are_not(string flow, string layers) => Markup.Verify($"[Flow({flow}), {layers}] partial class A;");

    [Fact]
    public Task Pixels_of_one_colour_are_channels_behind_a_squeeze_of_that_order() => Markup.Verify(
        "[Flow(1, 4, 4), AffineCoupling(4, Net = CouplingNet.Conv, Transforms = Partition.EvenPixels), Squeeze(Order = SqueezeOrder.Checkerboard), {|FLOW2021:AffineCoupling(4, Net = CouplingNet.Conv, Transforms = Partition.FirstHalf)|}, AffineCoupling(4, Net = CouplingNet.Conv)] partial class A;", "transforms the same coordinates as layer 0");

    [Theory]
    [InlineData("ChannelMajor")]
    [InlineData("SpaceToDepth")]
    public Task Behind_other_squeezes_they_are_not(string order) => Markup.Verify(
        $"[Flow(1, 4, 4), AffineCoupling(4, Net = CouplingNet.Conv, Transforms = Partition.EvenPixels), Squeeze(Order = SqueezeOrder.{order}), AffineCoupling(4, Net = CouplingNet.Conv, Transforms = Partition.FirstHalf), AffineCoupling(4, Net = CouplingNet.Conv)] partial class A;");

    [Theory]
    [InlineData("MaskedConv(Triangle.Lower)", "coordinate 0")]
    [InlineData("MaskedConv(Triangle.Upper), ActNorm", "coordinate 3")]
    public Task The_first_coordinate_of_a_triangular_map_is_only_scaled(string layers, string message) =>
        Markup.Verify($"[Flow(4), {layers}] partial class {{|FLOW2020:A|}};", message);

    [Theory]
    [InlineData("MaskedConv(Triangle.Lower), MaskedConv(Triangle.Upper)")]
    [InlineData("InvertibleLinear, MaskedConv(Triangle.Lower)")]
    public Task With_another_that_reaches_it_is_not(string layers) => Markup.Verify($"[Flow(4), {layers}] partial class A;");

    [Fact]
    public Task Two_couplings_do_not_mix_everything_and_that_is_said() =>
        Markup.Verify("[Flow(4), AffineCoupling(4, Times = 2)] partial class {|FLOW2023:A|};", "2 of 16 pairs");

    [Fact]
    public Task Three_couplings_mix_everything() => Markup.Verify("[Flow(4), AffineCoupling(4, Times = 3)] partial class A;");

    [Theory]
    [InlineData("ActNorm, {|FLOW2024:Elementwise(Activation.Tanh)|}", "maps into (-1, 1)")]
    [InlineData("Elementwise(Activation.Sigmoid), {|FLOW2024:Logit(0.25)|}", "maps into (-1.0986122886681")]
    [InlineData("{|FLOW2024:Elementwise(Activation.Softplus)|}, ActNorm", "maps into (0, infinity)")]
    [InlineData("{|FLOW2024:Elementwise(Activation.Elu)|}, Elementwise(Activation.LeakyRelu)", "maps into (-1, infinity)")]
    [InlineData("Elementwise(Activation.Sigmoid), Elementwise(Activation.Sigmoid), {|FLOW2024:Logit(0.25)|}", "Layer 2 (Logit(0.25)) maps into (0, 0.47")]
    [InlineData("Elementwise(Activation.Softplus), Reverse, {|FLOW2024:Elementwise(Activation.Sigmoid)|}", "maps into (0.5, 1)")]
    [InlineData("Elementwise(Activation.Softplus), ActNorm, {|FLOW2024:Elementwise(Activation.Sigmoid)|}", "maps into (0, 1)")]
    [InlineData("Elementwise(Activation.Softplus), Elementwise(Activation.LeakyRelu), {|FLOW2024:Elementwise(Activation.Elu)|}", "maps into (0, infinity)")]
    [InlineData("Elementwise(Activation.Elu), Elementwise(Activation.LeakyRelu), {|FLOW2024:Elementwise(Activation.Sigmoid)|}", "maps into (0.497500")]
    [InlineData("Elementwise(Activation.Softplus), InvertibleLinear, {|FLOW2024:Elementwise(Activation.Elu)|}", "maps into (-1, infinity)")]
    public Task A_flow_that_does_not_reach_the_whole_line_is_reported(string layers, string message) => Markup.Verify($"[Flow(2), {layers}] partial class A;", message);

    [Theory]
    [InlineData("Dequantize, Logit")]
    [InlineData("Elementwise(Activation.LeakyRelu), ActNorm")]
    public Task A_flow_that_reaches_the_whole_line_is_not_reported(string layers) => Markup.Verify($"[Flow(2), {layers}] partial class A;");

    /// <summary>Behind a layer with weights, ends of a range are no numbers that a message could name.</summary>
    [Theory]
    [InlineData("{|FLOW2024:Elementwise(Activation.Sigmoid)|}, Elementwise(nameof(Steep))", "Layer 0 (Elementwise(Sigmoid)) maps into (0, 1)")]
    [InlineData("{|FLOW2024:Elementwise(Activation.Sigmoid)|}, ActNorm, Elementwise(nameof(Steep))", "Layer 0 (Elementwise(Sigmoid)) maps into (0, 1)")]
    [InlineData("{|FLOW2024:Elementwise(Activation.Softplus)|}, AffineCoupling(4, Times = 3), Elementwise(nameof(Steep)), Rescale", "Layer 0 (Elementwise(Softplus)) maps into (0, infinity)")]
    [InlineData("Elementwise(Activation.Sigmoid), Elementwise(nameof(Steep)), {|FLOW2024:Elementwise(nameof(Falling))|}", "Layer 2 (Elementwise(Falling)) maps into (-7.38905")]
    [InlineData("Elementwise(Activation.Sigmoid), Elementwise(nameof(Steep)), Rescale, {|FLOW2024:Elementwise(nameof(Falling))|}", "Layer 3 (Elementwise(Falling)) maps into (-infinity, 0)")]
    [InlineData("Elementwise(Activation.Softplus), {|FLOW2024:Elementwise(nameof(Falling))|}, InvertibleLinear", "Layer 1 (Elementwise(Falling)) maps into (-infinity, -1)")]
    public Task Only_ends_that_no_weights_have_moved_are_named(string layers, string message) => Markup.Verify(
        $$"""
        [Flow(2), {{layers}}] partial class A
        {
            internal static float Steep(float x) => 2f * x;
            internal static float Falling(float x) => -System.MathF.Exp(x);
        }
        """,
        message);

    [Fact]
    public Task A_function_that_reaches_the_line_from_bounds_of_its_own_is_not_reported() => Markup.Verify(
        "[Flow(2), Rescale, Elementwise(nameof(Wide)), ActNorm] partial class A { internal static float Wide(float x) => 2f * x + System.MathF.Tanh(x); }");

    [Fact]
    public Task An_unbounded_scale_is_said() =>
        Markup.Verify("[Flow(2), {|FLOW3001:AffineCoupling(4, Scale = ScaleFunction.Exp, Times = 3)|}] partial class A;", "can overflow");

    [Theory]
    [InlineData("TanhBounded")]
    [InlineData("Sigmoid")]
    public Task A_bounded_scale_is_not_said(string scale) => Markup.Verify($"[Flow(2), AffineCoupling(4, Scale = ScaleFunction.{scale}, Times = 3)] partial class A;");
}
