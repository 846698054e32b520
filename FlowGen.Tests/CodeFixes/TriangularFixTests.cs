using FlowGen.CodeFixes;
using FlowGen.Generator.Diagnostics;
using Xunit;

namespace FlowGen.Tests.CodeFixes;

public sealed class TriangularFixTests
{
    [Theory]
    [InlineData(DiagnosticIds.ActivationNotSmooth, "Relu")]
    [InlineData(DiagnosticIds.ActivationNotSmooth, "LeakyRelu")]
    [InlineData(DiagnosticIds.ActivationFalls, "Silu")]
    [InlineData(DiagnosticIds.ActivationFalls, "Gelu")]
    [InlineData(DiagnosticIds.LinearMint, "Identity")]
    public Task An_activation_gives_way_to_elu(string rule, string activation) => FixHarness.Verify<SmoothActivationCodeFix>(
        rule,
        $"[Flow(1, 4, 4)]\n[MintPair(Paths = 4, Activation = Activation.{activation}, Times = 2)] // mine\npartial class A;",
        "[Flow(1, 4, 4)]\n[MintPair(Paths = 4, Activation = Activation.Elu, Times = 2)] // mine\npartial class A;");

    [Fact]
    public Task Activations_of_layers_and_steps_give_way_together() => FixHarness.Verify<SmoothActivationCodeFix>(
        DiagnosticIds.ActivationNotSmooth,
        "[Flow(4), MintLayer(Triangle.Lower, Activation = Activation.Relu), MintLayer(Triangle.Upper, Activation = Activation.LeakyRelu)] partial class A;\n[FlowStep, MintPair(Activation = Activation.Relu)] class S;",
        "[Flow(4), MintLayer(Triangle.Lower, Activation = Activation.Elu), MintLayer(Triangle.Upper, Activation = Activation.Elu)] partial class A;\n[FlowStep, MintPair(Activation = Activation.Elu)] class S;",
        all: true);

    [Fact]
    public Task A_kink_behind_a_masked_convolution_gives_way_to_elu() => FixHarness.Verify<SmoothActivationCodeFix>(
        DiagnosticIds.KinkAfterMaskedConv,
        "[Flow(3), MaskedConv(Triangle.Lower), Elementwise(Activation.LeakyRelu), MaskedConv(Triangle.Upper)] partial class A;",
        "[Flow(3), MaskedConv(Triangle.Lower), Elementwise(Activation.Elu), MaskedConv(Triangle.Upper)] partial class A;");

    [Theory]
    [InlineData("2", "3")]
    [InlineData("4", "5")]
    [InlineData("0", "3")]
    [InlineData("-5", "3")]
    [InlineData("64", "63")]
    [InlineData("1001", "63")]
    public Task A_kernel_gets_a_centre(string before, string after) => FixHarness.Verify<OddKernelCodeFix>(
        DiagnosticIds.KernelWithoutCentre,
        $"[Flow(1, 4, 4)]\n[MaskedConv(Triangle.Lower, Kernel = {before})]\npartial class A;",
        $"[Flow(1, 4, 4)]\n[MaskedConv(Triangle.Lower, Kernel = {after})]\npartial class A;");

    [Fact]
    public Task Kernels_get_centres_together() => FixHarness.Verify<OddKernelCodeFix>(
        DiagnosticIds.KernelWithoutCentre,
        "[Flow(1, 4, 4), MaskedConv(Triangle.Lower, Kernel = 2), MintPair(Kernel = 6, Paths = 2)] partial class A;",
        "[Flow(1, 4, 4), MaskedConv(Triangle.Lower, Kernel = 3), MintPair(Kernel = 7, Paths = 2)] partial class A;",
        all: true);

    [Fact]
    public Task Paths_take_their_default_together() => FixHarness.Verify<DropOptionCodeFix>(
        DiagnosticIds.NoPaths,
        "[Flow(3), MintPair(Paths = 0), MintLayer(Triangle.Lower, Paths = 3 / 4, Activation = Activation.Tanh), MintLayer(Triangle.Upper)] partial class A;",
        "[Flow(3), MintPair, MintLayer(Triangle.Lower, Activation = Activation.Tanh), MintLayer(Triangle.Upper)] partial class A;",
        all: true);

    [Theory]
    [InlineData("Lower", "Upper")]
    [InlineData("Upper", "Lower")]
    public Task The_second_layer_turns_round(string same, string other) => FixHarness.Verify<FlipTriangleCodeFix>(
        DiagnosticIds.SameTriangle,
        $"[Flow(1, 4, 4)]\n[MintLayer(Triangle.{same})]\n// second\n[MintLayer(Triangle.{same}, Paths = 4)]\npartial class A;",
        $"[Flow(1, 4, 4)]\n[MintLayer(Triangle.{same})]\n// second\n[MintLayer(Triangle.{other}, Paths = 4)]\npartial class A;");

    [Fact]
    public Task Of_a_run_of_layers_every_second_one_turns_round() => FixHarness.Verify<FlipTriangleCodeFix>(
        DiagnosticIds.SameTriangleOfVector,
        "[Flow(3), MintLayer(Triangle.Lower), MintLayer(Triangle.Lower), MintLayer(Triangle.Lower), MintLayer(Triangle.Lower)] partial class A;",
        "[Flow(3), MintLayer(Triangle.Lower), MintLayer(Triangle.Upper), MintLayer(Triangle.Lower), MintLayer(Triangle.Upper)] partial class A;",
        all: true);

    [Fact]
    public Task The_opposite_comes_between_two_of_one_orientation() => FixHarness.Verify<AddOppositeTriangleCodeFix>(
        DiagnosticIds.SameTriangle,
        "[Flow(1, 4, 4)]\n[MintLayer(Triangle.Upper)]\n[MintLayer(Triangle.Upper, Paths = 4, Kernel = 5)]\n[MintLayer(Triangle.Lower)]\npartial class A;",
        "[Flow(1, 4, 4)]\n[MintLayer(Triangle.Upper)]\n[MintLayer(Triangle.Lower, Paths = 4, Kernel = 5)]\n[MintLayer(Triangle.Upper, Paths = 4, Kernel = 5)]\n[MintLayer(Triangle.Lower)]\npartial class A;");

    [Theory]
    [InlineData("MintLayer(Triangle.Upper, Paths = 4)", "MintLayer(Triangle.Lower, Paths = 4)")]
    [InlineData("MaskedConv(Triangle.Lower, Order = TriangularOrder.PixelMajor)", "MaskedConv(Triangle.Upper, Order = TriangularOrder.PixelMajor)")]
    public Task A_layer_without_counterpart_gets_one(string layer, string opposite) => FixHarness.Verify<AddOppositeTriangleCodeFix>(
        DiagnosticIds.OneTriangle,
        $"[Flow(2, 4, 4)]\n[SinhArcsinh]\n[{layer}] // alone\npartial class A;",
        $"[Flow(2, 4, 4)]\n[SinhArcsinh]\n[{layer}] // alone\n[{opposite}]\npartial class A;");

    [Fact]
    public Task What_divides_a_pair_goes_behind_it() => FixHarness.Verify<MoveBehindPairCodeFix>(
        DiagnosticIds.PairDivided,
        "[Flow(3)]\n[MintLayer(Triangle.Lower)]\n[ActNorm, Reverse] // between\n[Shuffle(3)]\n[MintLayer(Triangle.Upper, Paths = 4)] // upper\n[Rescale]\npartial class A;",
        "[Flow(3)]\n[MintLayer(Triangle.Lower)]\n[ActNorm] // between\n[MintLayer(Triangle.Upper, Paths = 4)] // upper\n[Reverse]\n[Shuffle(3)]\n[Rescale]\npartial class A;");

    [Fact]
    public Task What_divides_pairs_goes_behind_them_together() => FixHarness.Verify<MoveBehindPairCodeFix>(
        DiagnosticIds.PairDivided,
        "[Flow(1, 4, 4), MintLayer(Triangle.Lower), Squeeze, MintLayer(Triangle.Upper)] partial class A;\n[Flow(4), MintLayer(Triangle.Lower), InvertibleLinear, MintLayer(Triangle.Upper)] partial class B;",
        "[Flow(1, 4, 4), MintLayer(Triangle.Lower), MintLayer(Triangle.Upper)] [Squeeze] partial class A;\n[Flow(4), MintLayer(Triangle.Lower), MintLayer(Triangle.Upper)] [InvertibleLinear] partial class B;",
        all: true);

    [Theory]
    [InlineData("[Flow(3), MintLayer(Triangle.Lower), Repeat<S>(1), MintLayer(Triangle.Upper)] partial class A; [FlowStep, Reverse] class S;")]
    [InlineData("[Flow(3), Repeat<S>(1), Reverse, MintLayer(Triangle.Upper)] partial class A; [FlowStep, MintLayer(Triangle.Lower)] class S;")]
    public Task Steps_are_not_moved(string source) => FixHarness.VerifyNoOffer<MoveBehindPairCodeFix>(DiagnosticIds.PairDivided, source);

    [Fact]
    public Task Partitions_blocks_and_priors_that_cannot_be_take_their_defaults() => FixHarness.Verify<DropOptionCodeFix>(
        DiagnosticIds.PartitionOfOtherShape,
        "[Flow(4), AffineCoupling(8, Transforms = Partition.EvenPixels, Times = 2)] partial class A;\n[Flow(2, 4, 4), AffineCoupling(8, Net = CouplingNet.Conv, Transforms = Partition.OddIndices)] partial class B;",
        "[Flow(4), AffineCoupling(8, Times = 2)] partial class A;\n[Flow(2, 4, 4), AffineCoupling(8, Net = CouplingNet.Conv)] partial class B;",
        all: true);

    [Fact]
    public Task Blocks_take_their_default() => FixHarness.Verify<DropOptionCodeFix>(
        DiagnosticIds.BlockCount,
        "[Flow(2, 4, 4), AffineCoupling(8, Net = CouplingNet.ResNet, Blocks = 0)] partial class A;",
        "[Flow(2, 4, 4), AffineCoupling(8, Net = CouplingNet.ResNet)] partial class A;");

    [Fact]
    public Task A_split_takes_the_prior_of_the_flow() => FixHarness.Verify<DropOptionCodeFix>(
        DiagnosticIds.LearnedSplitPrior,
        "[Flow(4, 4, 4, Prior = Prior.StandardLogistic)]\n[AffineCoupling(8, Times = 2)]\n[Split(Prior = SplitPrior.Learned, Keeps = Half.Second)]\npartial class A;",
        "[Flow(4, 4, 4, Prior = Prior.StandardLogistic)]\n[AffineCoupling(8, Times = 2)]\n[Split(Keeps = Half.Second)]\npartial class A;");

    [Fact]
    public Task Copies_become_pairs() => FixHarness.Verify<AddOppositeTriangleCodeFix>(
        DiagnosticIds.SameTriangleOfVector,
        "[Flow(3), InvertibleLinear, MintLayer(Triangle.Lower, Paths = 4, Times = 3)] partial class A;",
        "[Flow(3), InvertibleLinear, MintPair(Paths = 4, Times = 3)] partial class A;");

    [Fact]
    public Task Copies_do_not_turn_round_one_by_one() => FixHarness.VerifyNoOffer<FlipTriangleCodeFix>(
        DiagnosticIds.SameTriangleOfVector, "[Flow(3), InvertibleLinear, MintLayer(Triangle.Lower, Times = 2)] partial class A;");

    [Fact]
    public Task The_halves_of_a_pair_get_one_order() => FixHarness.Verify<EqualOrdersCodeFix>(
        DiagnosticIds.PairOfTwoOrders,
        "[Flow(3, 4, 4), MintLayer(Triangle.Lower), MintLayer(Triangle.Upper, Order = TriangularOrder.PixelMajor)] partial class A;",
        "[Flow(3, 4, 4), MintLayer(Triangle.Lower), MintLayer(Triangle.Upper, Order = TriangularOrder.ChannelMajor)] partial class A;");

    [Theory]
    [InlineData("[Flow(1, 4, 4), MintPair, InvertibleLinear] partial class A;", "[Flow(1, 4, 4), MintPair, Invertible1x1Conv] partial class A;")]
    [InlineData(
        "[Flow(4), FlowGen.Invertible1x1ConvAttribute(Parameterization = LinearParameterization.Dense), ActNorm] partial class A;",
        "[Flow(4), InvertibleLinear(Parameterization = LinearParameterization.Dense), ActNorm] partial class A;")]
    public Task A_linear_map_is_that_of_the_shape(string before, string after) => FixHarness.Verify<LinearOfShapeCodeFix>(DiagnosticIds.WrongDomain, before, after);

    [Fact]
    public Task Other_layers_of_another_shape_stay() => FixHarness.VerifyNoOffer<LinearOfShapeCodeFix>(DiagnosticIds.WrongDomain, "[Flow(4), Squeeze, ActNorm] partial class A;");

    [Fact]
    public Task Checkerboards_get_convolutions() => FixHarness.Verify<ConvolutionNetCodeFix>(
        DiagnosticIds.CheckerboardNeedsConvolution,
        "[Flow(1, 4, 4), AffineCoupling(8, 8, Net = CouplingNet.Mlp, Transforms = Partition.OddPixels)] partial class A;\n[Flow(1, 4, 4), AdditiveCoupling(8, 8, Net = CouplingNet.ResidualMlp, Times = 2), Rescale] partial class B;",
        "[Flow(1, 4, 4), AffineCoupling(8, 8, Net = CouplingNet.Conv, Transforms = Partition.OddPixels)] partial class A;\n[Flow(1, 4, 4), AdditiveCoupling(8, 8, Net = CouplingNet.Conv, Times = 2), Rescale] partial class B;",
        all: true);

    [Fact]
    public Task Too_many_widths_make_no_convolution() => FixHarness.VerifyNoOffer<ConvolutionNetCodeFix>(
        DiagnosticIds.CheckerboardNeedsConvolution, "[Flow(1, 4, 4), AffineCoupling(8, 8, 8, Net = CouplingNet.Mlp, Transforms = Partition.OddPixels)] partial class A;");

    [Fact]
    public Task A_vector_gets_dense_layers() => FixHarness.Verify<PlainNetCodeFix>(
        DiagnosticIds.ConvolutionNeedsImage,
        "[Flow(4), AffineCoupling(8, Net = CouplingNet.ResNet, Blocks = 3, Times = 4)] partial class A;",
        "[Flow(4), AffineCoupling(8, Net = CouplingNet.Mlp, Times = 4)] partial class A;");

    [Fact]
    public Task Large_matrices_are_learned_in_factors() => FixHarness.Verify<PluCodeFix>(
        DiagnosticIds.LargeDenseMatrix,
        "[Flow(100), ActNorm, InvertibleLinear(Parameterization = LinearParameterization.Dense, Times = 2)] partial class A;\n[Flow(70, 1, 1), Invertible1x1Conv(Parameterization = LinearParameterization.Dense)] partial class B;",
        "[Flow(100), ActNorm, InvertibleLinear(Times = 2)] partial class A;\n[Flow(70, 1, 1), Invertible1x1Conv] partial class B;",
        all: true);

    [Fact]
    public Task A_sigmoid_gets_a_floor() => FixHarness.Verify<ScaleFloorCodeFix>(
        DiagnosticIds.ScaleWithoutFloor,
        "[Flow(2), AffineCoupling(4, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0, Times = 4)] partial class A;",
        "[Flow(2), AffineCoupling(4, Scale = ScaleFunction.Sigmoid, ScaleFloor = 1e-3, Times = 4)] partial class A;");

    [Fact]
    public Task Levels_get_a_logit() => FixHarness.Verify<LogitBehindCodeFix>(
        DiagnosticIds.OffCentreData,
        "[Flow(2)]\n[Dequantize(Bins = 4)] // levels\n[AffineCoupling(4, Times = 4)]\npartial class A;",
        "[Flow(2)]\n[Dequantize(Bins = 4)] // levels\n[Logit(0.05)]\n[AffineCoupling(4, Times = 4)]\npartial class A;");

    [Fact]
    public Task Convolutions_of_pixels_come_between_equal_couplings_of_images() => FixHarness.Verify<InsertLinearCodeFix>(
        DiagnosticIds.SamePartition,
        "[Flow(4, 2, 2)]\n[AffineCoupling(8, Net = CouplingNet.Conv, Transforms = Partition.SecondHalf)]\n[AffineCoupling(8, Net = CouplingNet.Conv, Transforms = Partition.SecondHalf)]\npartial class A;",
        "[Flow(4, 2, 2)]\n[AffineCoupling(8, Net = CouplingNet.Conv, Transforms = Partition.SecondHalf)]\n[Invertible1x1Conv]\n[AffineCoupling(8, Net = CouplingNet.Conv, Transforms = Partition.SecondHalf)]\npartial class A;");
}
