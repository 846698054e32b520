using FlowGen.CodeFixes;
using FlowGen.Generator.Diagnostics;
using Xunit;

namespace FlowGen.Tests.CodeFixes;

public sealed class OptionFixTests
{
    [Fact]
    public Task A_layer_is_inserted_once() => FixHarness.Verify<SetCountCodeFix>(
        DiagnosticIds.CountOutOfRange,
        "[Flow(2)]\n[ActNorm(Times = 0)] // zero\n[Rescale]\npartial class A;",
        "[Flow(2)]\n[ActNorm] // zero\n[Rescale]\npartial class A;");

    [Fact]
    public Task Layers_and_steps_are_inserted_once() => FixHarness.Verify<SetCountCodeFix>(
        DiagnosticIds.CountOutOfRange,
        "[Flow(2), AffineCoupling(8, Times = -1, Activation = Activation.Tanh), Repeat<S>(0)] partial class A; [FlowStep, ActNorm] class S;",
        "[Flow(2), AffineCoupling(8, Activation = Activation.Tanh), Repeat<S>(1)] partial class A; [FlowStep, ActNorm] class S;",
        all: true);

    [Fact]
    public Task A_layer_inserted_zero_times_goes() => FixHarness.Verify<RemoveLayerCodeFix>(
        DiagnosticIds.CountOutOfRange,
        "[Flow(2)]\n// Kept.\n[ActNorm(Times = 0)] // kept too\n[Rescale]\npartial class A;",
        "[Flow(2)]\n// Kept.\n// kept too\n[Rescale]\npartial class A;");

    [Fact]
    public Task Layers_without_effect_go_together() => FixHarness.Verify<RemoveLayerCodeFix>(
        DiagnosticIds.IdentityLayer,
        """
        [Flow(2)]
        [Elementwise(Activation.Identity), ActNorm]
        [Rescale, Elementwise(Activation.Identity)]
        partial class A;

        /// <summary>Mine.</summary>
        [Elementwise(Activation.Identity)]
        [FlowStep, ActNorm]
        class S;
        """,
        """
        [Flow(2)]
        [ActNorm]
        [Rescale]
        partial class A;

        /// <summary>Mine.</summary>
        [FlowStep, ActNorm]
        class S;
        """,
        all: true);

    [Fact]
    public Task A_last_list_goes_with_its_layer() => FixHarness.Verify<RemoveLayerCodeFix>(
        DiagnosticIds.NotInjective,
        "namespace N\n{\n    [Flow(2)] [ActNorm]\n    [Elementwise(Activation.Relu)]\n    // Kept.\n    partial class A;\n}",
        "namespace N\n{\n    [Flow(2)] [ActNorm]\n    // Kept.\n    partial class A;\n}");

    [Fact]
    public Task The_only_layer_stays() => FixHarness.VerifyNoOffer<RemoveLayerCodeFix>(
        DiagnosticIds.IdentityLayer, "[Flow(2), Elementwise(Activation.Identity)] partial class A;");

    [Fact]
    public Task A_step_that_contains_itself_lets_go() => FixHarness.Verify<RemoveLayerCodeFix>(
        DiagnosticIds.StepCycle, "[FlowStep, ActNorm, Repeat<S>(2)] class S;", "[FlowStep, ActNorm] class S;");

    [Theory]
    [InlineData("AffineCoupling(8, Activation = (Activation)99, Net = (CouplingNet)7)", "AffineCoupling(8)")]
    [InlineData("AffineCoupling(Scale = (ScaleFunction)99, Form = AffineForm.ShiftThenScale)", "AffineCoupling(Form = AffineForm.ShiftThenScale)")]
    public Task An_undefined_option_gives_way_to_its_default(string before, string after) => FixHarness.Verify<UseDefaultOptionCodeFix>(
        DiagnosticIds.UndefinedOption, $"[Flow(2), ActNorm, {before}, AffineCoupling] partial class A;", $"[Flow(2), ActNorm, {after}, AffineCoupling] partial class A;");

    [Fact]
    public Task Undefined_options_of_flows_and_layers_go_together() => FixHarness.Verify<UseDefaultOptionCodeFix>(
        DiagnosticIds.UndefinedOption,
        "[Flow(2, Prior = (Prior)5), AffineCoupling(8, Transforms = (Partition)9)] partial class A;",
        "[Flow(2), AffineCoupling(8)] partial class A;",
        all: true);

    [Fact]
    public Task A_coupling_of_one_coordinate_becomes_a_scale() => FixHarness.Verify<ReplaceCouplingCodeFix>(
        DiagnosticIds.CouplingNeedsTwo,
        "[Flow(1)]\n[AffineCoupling(8, Times = 2)] // scale\npartial class A;",
        "[Flow(1)]\n[Rescale] // scale\npartial class A;");

    [Fact]
    public Task Couplings_of_one_coordinate_become_scales() => FixHarness.Verify<ReplaceCouplingCodeFix>(
        DiagnosticIds.CouplingNeedsTwo,
        "[Flow(1), AffineCoupling(8), ActNorm, AdditiveCoupling] partial class A;",
        "[Flow(1), Rescale, ActNorm, Rescale] partial class A;",
        all: true);

    [Theory]
    [InlineData("AffineCoupling(Width, 0)", "AffineCoupling(Width, 32)", "const int Width = 32;")]
    [InlineData("AffineCoupling(0)", "AffineCoupling(64)", "")]
    [InlineData("AffineCoupling(-16, 8, Activation = Activation.Elu)", "AffineCoupling(16, 8, Activation = Activation.Elu)", "")]
    public Task Hidden_layers_get_units(string before, string after, string member)
    {
        // A constant of the class is found from its attributes by its full name only.
        (before, after) = (before.Replace("Width", "A.Width", StringComparison.Ordinal), after.Replace("AffineCoupling(Width", "AffineCoupling(A.Width", StringComparison.Ordinal));
        return FixHarness.Verify<HiddenWidthCodeFix>(
            DiagnosticIds.WidthTooSmall, $"[Flow(2), ActNorm, {before}] partial class A {{ {member} }}", $"[Flow(2), ActNorm, {after}] partial class A {{ {member} }}");
    }

    [Fact]
    public Task Hidden_layers_get_units_together() => FixHarness.Verify<HiddenWidthCodeFix>(
        DiagnosticIds.WidthTooSmall,
        "[Flow(2), AffineCoupling(0, 0), AffineCoupling(8, /* b */ 0 /* c */, 4)] partial class A;",
        "[Flow(2), AffineCoupling(64, 64), AffineCoupling(8, /* b */ 8 /* c */, 4)] partial class A;",
        all: true);

    [Fact]
    public Task Widths_in_an_array_are_left_alone() => FixHarness.VerifyNoOffer<HiddenWidthCodeFix>(
        DiagnosticIds.WidthTooSmall, "[Flow(2), AffineCoupling(new[] { 8, 0 })] partial class A;");

    [Fact]
    public Task Residual_widths_become_equal() => FixHarness.Verify<EqualWidthsCodeFix>(
        DiagnosticIds.ResidualWidthsDiffer,
        "[Flow(2), AffineCoupling(32, 64, 64, Net = CouplingNet.ResidualMlp), ActNorm, AffineCoupling(8, 4, Net = CouplingNet.ResidualMlp)] partial class A;",
        "[Flow(2), AffineCoupling(64, 64, 64, Net = CouplingNet.ResidualMlp), ActNorm, AffineCoupling(8, 8, Net = CouplingNet.ResidualMlp)] partial class A;",
        all: true);

    [Fact]
    public Task Different_widths_get_a_plain_conditioner() => FixHarness.Verify<PlainNetCodeFix>(
        DiagnosticIds.ResidualWidthsDiffer,
        "[Flow(2), AffineCoupling(32, 64, Net = CouplingNet.ResidualMlp), AffineCoupling(8, 4, Net = CouplingNet.ResidualMlp, Activation = Activation.Elu)] partial class A;",
        "[Flow(2), AffineCoupling(32, 64, Net = CouplingNet.Mlp), AffineCoupling(8, 4, Net = CouplingNet.Mlp, Activation = Activation.Elu)] partial class A;",
        all: true);

    [Theory]
    [InlineData("Permute(1, 2, 3, 4)", "Permute(0, 1, 2, 3)")]
    [InlineData("Permute(3, 3, 0, 7)", "Permute(3, 1, 0, 2)")]
    [InlineData("Permute(2, 1)", "Permute(2, 1, 0, 3)")]
    [InlineData("Permute", "Permute(0, 1, 2, 3)")]
    [InlineData("Permute(3, 2, 1, 0, 2)", "Permute(3, 2, 1, 0)")]
    [InlineData("Permute(-1, 2, Times = 2)", "Permute(0, 2, 1, 3, Times = 2)")]
    public Task A_permutation_is_completed(string before, string after) => FixHarness.Verify<CompletePermutationCodeFix>(
        DiagnosticIds.NotAPermutation, $"[Flow(4), {before}, ActNorm] partial class A;", $"[Flow(4), {after}, ActNorm] partial class A;");

    [Fact]
    public Task Permutations_are_completed_together() => FixHarness.Verify<CompletePermutationCodeFix>(
        DiagnosticIds.NotAPermutation,
        "[Flow(2), Permute(1, 1), ActNorm, Permute(2, 1)] partial class A;",
        "[Flow(2), Permute(1, 0), ActNorm, Permute(1, 0)] partial class A;",
        all: true);

    [Fact]
    public Task A_permutation_of_a_step_is_left_to_the_step() => FixHarness.VerifyNoOffer<CompletePermutationCodeFix>(
        DiagnosticIds.NotAPermutation, "[Flow(2), Repeat<S>(2), ActNorm] partial class A; [FlowStep, Permute(1, 1)] class S;");

    [Fact]
    public Task Broken_permutations_become_reversals() => FixHarness.Verify<PermuteToReverseCodeFix>(
        DiagnosticIds.NotAPermutation,
        "[Flow(2), Permute(1, 1), ActNorm, Permute(2, 1)] partial class A;",
        "[Flow(2), Reverse, ActNorm, Reverse] partial class A;",
        all: true);

    [Theory]
    [InlineData(DiagnosticIds.NotInjective, "Activation.Relu")]
    [InlineData(DiagnosticIds.NotInjective, "FlowGen.Activation.Gelu")]
    [InlineData(DiagnosticIds.IdentityLayer, "Activation.Identity")]
    [InlineData(DiagnosticIds.UndefinedOption, "(Activation)77")]
    [InlineData(DiagnosticIds.RangeOfLastLayers, "Activation.Sigmoid")]
    public Task A_function_that_cannot_be_is_replaced(string id, string function) => FixHarness.Verify<InvertibleActivationCodeFix>(
        id, $"[Flow(2), ActNorm, Elementwise({function})] partial class A;", "[Flow(2), ActNorm, Elementwise(Activation.LeakyRelu)] partial class A;");

    [Fact]
    public Task Functions_are_replaced_together() => FixHarness.Verify<InvertibleActivationCodeFix>(
        DiagnosticIds.NotInjective,
        "[Flow(2), Elementwise(Activation.Silu), ActNorm, Elementwise(Activation.Relu, Times = 2)] partial class A;",
        "[Flow(2), Elementwise(Activation.LeakyRelu), ActNorm, Elementwise(Activation.LeakyRelu, Times = 2)] partial class A;",
        all: true);

    [Fact]
    public Task A_hidden_enumeration_is_written_in_full() => FixHarness.Verify<InvertibleActivationCodeFix>(
        DiagnosticIds.NotInjective,
        "[Flow(2), ActNorm, Elementwise(FlowGen.Activation.Relu)] partial class A { public int Activation; }",
        "[Flow(2), ActNorm, Elementwise(FlowGen.Activation.LeakyRelu)] partial class A { public int Activation; }");

    [Fact]
    public Task A_margin_becomes_the_default() => FixHarness.Verify<LogitMarginCodeFix>(
        DiagnosticIds.LogitMargin,
        "[Flow(2), Dequantize, Logit(0.5), ActNorm] partial class A; [FlowStep, Logit(-1, Times = 1)] class S;",
        "[Flow(2), Dequantize, Logit, ActNorm] partial class A; [FlowStep, Logit(Times = 1)] class S;",
        all: true);

    [Fact]
    public Task Dequantize_comes_first() => FixHarness.Verify<DequantizeFirstCodeFix>(
        DiagnosticIds.DequantizeNotFirst,
        """
        [Flow(2)]
        // From bytes
        [Logit]
        [Dequantize(Bins = 16)]
        [ActNorm]
        partial class A;
        """,
        """
        [Flow(2)]
        [Dequantize(Bins = 16)]
        // From bytes
        [Logit]
        [ActNorm]
        partial class A;
        """);

    [Fact]
    public Task Dequantize_comes_first_in_one_bracket_and_in_several_flows() => FixHarness.Verify<DequantizeFirstCodeFix>(
        DiagnosticIds.DequantizeNotFirst,
        "[Flow(2), ActNorm, Dequantize] partial class A; [Flow(2)] [ActNorm] [Rescale, Dequantize] partial class B;",
        "[Flow(2), Dequantize, ActNorm] partial class A; [Flow(2)] [Dequantize] [ActNorm] [Rescale] partial class B;",
        all: true);

    [Fact]
    public Task Dequantize_is_done_once() => FixHarness.Verify<DequantizeFirstCodeFix>(
        DiagnosticIds.DequantizeNotFirst, "[Flow(2), Dequantize(Times = 2), ActNorm] partial class A;", "[Flow(2), Dequantize, ActNorm] partial class A;");

    [Fact]
    public Task A_second_dequantize_goes() => FixHarness.Verify<RemoveLayerCodeFix>(
        DiagnosticIds.DequantizeNotFirst, "[Flow(2), Dequantize, Logit, Dequantize, ActNorm] partial class A;", "[Flow(2), Dequantize, Logit, ActNorm] partial class A;");

    [Fact]
    public Task Bins_are_those_of_bytes() => FixHarness.Verify<BinsCodeFix>(
        DiagnosticIds.BinsOutOfRange,
        "[Flow(2), Dequantize(Bins = 1), ActNorm] partial class A; [FlowStep, Dequantize(Times = 1, Bins = 1 << 30)] class S;",
        "[Flow(2), Dequantize(Bins = 256), ActNorm] partial class A; [FlowStep, Dequantize(Times = 1, Bins = 256)] class S;",
        all: true);

    [Fact]
    public Task Options_of_batch_normalization_become_defaults() => FixHarness.Verify<BatchNormOptionsCodeFix>(
        DiagnosticIds.BatchNormOption,
        "[Flow(2), BatchNorm(Momentum = 0, Epsilon = 0), ActNorm, BatchNorm(Momentum = 0.2, Epsilon = -1)] partial class A;",
        "[Flow(2), BatchNorm, ActNorm, BatchNorm(Momentum = 0.2)] partial class A;",
        all: true);

    [Fact]
    public Task The_floor_of_a_scale_is_positive() => FixHarness.Verify<ScaleFloorCodeFix>(
        DiagnosticIds.ScaleFloor,
        "[Flow(2), AffineCoupling(8, ScaleFloor = -0.1, Scale = ScaleFunction.Sigmoid), AffineCoupling(ScaleFloor = double.NaN)] partial class A;",
        "[Flow(2), AffineCoupling(8, ScaleFloor = 1e-3, Scale = ScaleFunction.Sigmoid), AffineCoupling(ScaleFloor = 1e-3)] partial class A;",
        all: true);

    [Fact]
    public Task A_scale_is_bounded_by_tanh() => FixHarness.Verify<TanhBoundedScaleCodeFix>(
        DiagnosticIds.UnboundedScale,
        "[Flow(2), AffineCoupling(8, Scale = ScaleFunction.Exp), AffineCoupling(Scale = ScaleFunction.Exp, Form = AffineForm.ShiftThenScale)] partial class A;",
        "[Flow(2), AffineCoupling(8, Scale = ScaleFunction.TanhBounded), AffineCoupling(Scale = ScaleFunction.TanhBounded, Form = AffineForm.ShiftThenScale)] partial class A;",
        all: true);

    [Fact]
    public Task A_scale_is_bounded_by_a_sigmoid_with_a_floor() => FixHarness.Verify<SigmoidScaleCodeFix>(
        DiagnosticIds.UnboundedScale,
        "[FlowGen.Flow(2), AffineCoupling(8, Scale = ScaleFunction.Exp), AffineCoupling(Scale = ScaleFunction.Exp, ScaleFloor = 0)] partial class A;",
        "[FlowGen.Flow(2), AffineCoupling(8, Scale = ScaleFunction.Sigmoid), AffineCoupling(Scale = ScaleFunction.Sigmoid, ScaleFloor = 1e-3)] partial class A;",
        all: true);
}
