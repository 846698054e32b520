using FlowGen.CodeFixes;
using FlowGen.Generator.Diagnostics;
using Xunit;

namespace FlowGen.Tests.CodeFixes;

public sealed class StackFixTests
{
    [Theory]
    [InlineData("EvenIndices", "OddIndices")]
    [InlineData("OddIndices", "EvenIndices")]
    [InlineData("FirstHalf", "SecondHalf")]
    [InlineData("SecondHalf", "FirstHalf")]
    public Task The_second_coupling_changes_the_other_half(string same, string other) => FixHarness.Verify<FlipPartitionCodeFix>(
        DiagnosticIds.SamePartition,
        $"[Flow(5)]\n[AffineCoupling(8, Transforms = Partition.{same})]\n// second\n[AffineCoupling(8, Transforms = Partition.{same})]\npartial class A;",
        $"[Flow(5)]\n[AffineCoupling(8, Transforms = Partition.{same})]\n// second\n[AffineCoupling(8, Transforms = Partition.{other})]\npartial class A;");

    [Fact]
    public Task Of_a_run_of_couplings_every_second_one_changes_the_other_half() => FixHarness.Verify<FlipPartitionCodeFix>(
        DiagnosticIds.SamePartition,
        """
        [Flow(4)]
        [AffineCoupling(Transforms = Partition.FirstHalf), ActNorm, AffineCoupling(Transforms = Partition.FirstHalf)]
        [AffineCoupling(Transforms = Partition.FirstHalf)]
        [AffineCoupling(8, Transforms = Partition.FirstHalf)]
        partial class A;
        """,
        """
        [Flow(4)]
        [AffineCoupling(Transforms = Partition.FirstHalf), ActNorm, AffineCoupling(Transforms = Partition.SecondHalf)]
        [AffineCoupling(Transforms = Partition.FirstHalf)]
        [AffineCoupling(8, Transforms = Partition.SecondHalf)]
        partial class A;
        """,
        all: true);

    [Fact]
    public Task A_coupling_behind_a_reversal_changes_the_other_half() => FixHarness.Verify<FlipPartitionCodeFix>(
        DiagnosticIds.SamePartition,
        "[Flow(4), AffineCoupling(8), Reverse, AffineCoupling(8)] partial class A;",
        "[Flow(4), AffineCoupling(8), Reverse, AffineCoupling(8, Transforms = Partition.OddIndices)] partial class A;");

    [Fact]
    public Task Copies_of_a_coupling_alternate() => FixHarness.Verify<FlipPartitionCodeFix>(
        DiagnosticIds.SamePartition,
        "[Flow(4), AffineCoupling(8, Transforms = Partition.OddIndices, Times = 3)] partial class A;",
        "[Flow(4), AffineCoupling(8, Times = 3)] partial class A;");

    [Fact]
    public Task Couplings_inside_a_step_are_left_to_the_step() => FixHarness.VerifyNoOffer<FlipPartitionCodeFix>(
        DiagnosticIds.SamePartition, "[Flow(4), Repeat<S>(3)] partial class A; [FlowStep, AffineCoupling(8, Transforms = Partition.OddIndices)] class S;");

    [Fact]
    public Task A_reversal_that_undoes_the_alternation_goes() => FixHarness.Verify<RemovePermutationCodeFix>(
        DiagnosticIds.SamePartition,
        """
        [Flow(4)]
        [AffineCoupling(8)]
        [Reverse]
        [AffineCoupling(8)]
        [Reverse]
        [AffineCoupling(8)]
        partial class A;
        """,
        """
        [Flow(4)]
        [AffineCoupling(8)]
        [AffineCoupling(8)]
        [AffineCoupling(8)]
        partial class A;
        """,
        all: true);

    [Fact]
    public Task Other_permutations_stay() => FixHarness.VerifyNoOffer<RemovePermutationCodeFix>(
        DiagnosticIds.SamePartition, "[Flow(4), AffineCoupling(8), Permute(3, 2, 1, 0), AffineCoupling(8)] partial class A;");

    [Fact]
    public Task Linear_maps_come_between_equal_couplings() => FixHarness.Verify<InsertLinearCodeFix>(
        DiagnosticIds.SamePartition,
        """
        [Flow(4)]
        [AffineCoupling(8)] [Reverse, AffineCoupling(8)]
        [Reverse]
        // third
        [AffineCoupling(8)] // last
        partial class A;
        """,
        """
        [Flow(4)]
        [AffineCoupling(8)] [Reverse, InvertibleLinear, AffineCoupling(8)]
        [Reverse]
        [InvertibleLinear]
        // third
        [AffineCoupling(8)] // last
        partial class A;
        """,
        all: true);

    [Fact]
    public Task A_linear_map_comes_before_a_step() => FixHarness.Verify<InsertLinearCodeFix>(
        DiagnosticIds.SamePartition,
        "[Flow(4), AffineCoupling(Transforms = Partition.OddIndices), Repeat<S>(1)] partial class A; [FlowStep, AffineCoupling(8, Transforms = Partition.OddIndices)] class S;",
        "[Flow(4), AffineCoupling(Transforms = Partition.OddIndices), InvertibleLinear, Repeat<S>(1)] partial class A; [FlowStep, AffineCoupling(8, Transforms = Partition.OddIndices)] class S;");

    [Fact]
    public Task A_linear_map_mixes_what_couplings_leave_independent() => FixHarness.Verify<InsertLinearCodeFix>(
        DiagnosticIds.IncompleteMixing,
        "[Flow(4)]\n[ActNorm]\n[AffineCoupling(8)]\n[AffineCoupling(8)]\npartial class A;",
        "[Flow(4)]\n[ActNorm]\n[InvertibleLinear]\n[AffineCoupling(8)]\n[AffineCoupling(8)]\npartial class A;");

    [Fact]
    public Task A_linear_map_of_too_many_weights_is_not_offered() => FixHarness.VerifyNoOffer<InsertLinearCodeFix>(
        DiagnosticIds.IncompleteMixing, "[Flow(784)]\n[AffineCoupling(8)]\n[AffineCoupling(8)]\npartial class A;");

    [Fact]
    public Task A_reversal_comes_between_equal_couplings() => FixHarness.Verify<InsertReverseCodeFix>(
        DiagnosticIds.SamePartition,
        "[Flow(4)]\n[AffineCoupling(Transforms = Partition.OddIndices)]\n[AffineCoupling(Transforms = Partition.OddIndices)]\n[AffineCoupling(Transforms = Partition.OddIndices)]\npartial class A;",
        "[Flow(4)]\n[AffineCoupling(Transforms = Partition.OddIndices)]\n[Reverse]\n[AffineCoupling(Transforms = Partition.OddIndices)]\n[Reverse]\n[AffineCoupling(Transforms = Partition.OddIndices)]\npartial class A;",
        all: true);

    [Fact]
    public Task A_reversal_of_an_odd_number_is_offered_for_halves() => FixHarness.Verify<InsertReverseCodeFix>(
        DiagnosticIds.SamePartition,
        "[Flow(5), AffineCoupling(Transforms = Partition.FirstHalf), AffineCoupling(Transforms = Partition.FirstHalf)] partial class A;",
        "[Flow(5), AffineCoupling(Transforms = Partition.FirstHalf), Reverse, AffineCoupling(Transforms = Partition.FirstHalf)] partial class A;");

    [Fact]
    public Task A_reversal_of_an_odd_number_is_not_offered_for_indices() => FixHarness.VerifyNoOffer<InsertReverseCodeFix>(
        DiagnosticIds.SamePartition, "[Flow(5), AffineCoupling(Transforms = Partition.OddIndices), AffineCoupling(Transforms = Partition.OddIndices)] partial class A;");

    [Fact]
    public Task A_single_coupling_gets_its_counterpart() => FixHarness.Verify<AppendCouplingCodeFix>(
        DiagnosticIds.Untransformed,
        """
        [Flow(4)]
        [ActNorm]
        [AffineCoupling(8, Transforms = Partition.FirstHalf, Activation = Activation.Elu)] // first
        [Rescale]
        partial class A;
        """,
        """
        [Flow(4)]
        [ActNorm]
        [AffineCoupling(8, Transforms = Partition.FirstHalf, Activation = Activation.Elu)] // first
        [AffineCoupling(8, Activation = Activation.Elu)]
        [Rescale]
        partial class A;
        """);

    [Fact]
    public Task Single_couplings_get_counterparts_together() => FixHarness.Verify<AppendCouplingCodeFix>(
        DiagnosticIds.Untransformed,
        "[Flow(4), AffineCoupling] partial class A; [Flow(2)] [ActNorm, AffineCoupling(8), Rescale] partial class B;",
        "[Flow(4), AffineCoupling] [AffineCoupling] partial class A; [Flow(2)] [ActNorm, AffineCoupling(8), AffineCoupling(8), Rescale] partial class B;",
        all: true);

    [Fact]
    public Task A_third_coupling_mixes_all() => FixHarness.Verify<AppendCouplingCodeFix>(
        DiagnosticIds.IncompleteMixing,
        "[Flow(4)]\n[ActNorm]\n[AffineCoupling(8, Times = 2)]\npartial class A;",
        "[Flow(4)]\n[ActNorm]\n[AffineCoupling(8, Times = 2)]\n[AffineCoupling(8)]\npartial class A;");

    [Fact]
    public Task Behind_a_step_no_coupling_is_appended() => FixHarness.VerifyNoOffer<AppendCouplingCodeFix>(
        DiagnosticIds.Untransformed, "[Flow(4), AffineCoupling(8), Repeat<S>(1)] partial class A; [FlowStep, ActNorm] class S;");

    [Fact]
    public Task Volume_can_change_by_a_scale() => FixHarness.Verify<AppendRescaleCodeFix>(
        DiagnosticIds.VolumePreserving,
        """
        namespace N
        {
            [Flow(2)]
            [AdditiveCoupling(8, Times = 3)] // three
            public partial class A;

            [FlowGen.Flow(2), Reverse,
             AdditiveCoupling(8, Times = 3)]
            public partial class B;
        }
        """,
        """
        namespace N
        {
            [Flow(2)]
            [AdditiveCoupling(8, Times = 3)] // three
            [Rescale]
            public partial class A;

            [FlowGen.Flow(2), Reverse,
             AdditiveCoupling(8, Times = 3)]
            [Rescale]
            public partial class B;
        }
        """,
        all: true);

    [Fact]
    public Task Coordinates_that_only_move_are_transformed_by_a_scale() => FixHarness.Verify<AppendRescaleCodeFix>(
        DiagnosticIds.Untransformed, "[Flow(3), Shuffle(1)] partial class A;", "[Flow(3), Shuffle(1)] [Rescale] partial class A;");

    [Fact]
    public Task A_scale_does_not_transform_what_only_conditions() => FixHarness.VerifyNoOffer<AppendRescaleCodeFix>(
        DiagnosticIds.Untransformed, "[Flow(3), AffineCoupling] partial class A;");

    [Fact]
    public Task Logit_comes_behind_dequantize() => FixHarness.Verify<LogitFirstCodeFix>(
        DiagnosticIds.LogitDomain,
        """
        [Flow(2)]
        [Dequantize, ActNorm]
        [Logit(0.05)]
        [AffineCoupling(4, Times = 3)]
        partial class A;
        """,
        """
        [Flow(2)]
        [Dequantize, Logit(0.05), ActNorm]
        [AffineCoupling(4, Times = 3)]
        partial class A;
        """);

    [Fact]
    public Task Logit_comes_first_in_several_flows() => FixHarness.Verify<LogitFirstCodeFix>(
        DiagnosticIds.LogitDomain,
        "[Flow(2), ActNorm, Logit] partial class A; [Flow(2), Rescale, Logit(0.1)] partial class B;",
        "[Flow(2), Logit, ActNorm] partial class A; [Flow(2), Logit(0.1), Rescale] partial class B;",
        all: true);

    [Fact]
    public Task A_second_logit_is_not_moved() => FixHarness.VerifyNoOffer<LogitFirstCodeFix>(DiagnosticIds.LogitDomain, "[Flow(2), Logit, ActNorm, Logit] partial class A;");

    [Fact]
    public Task One_channel_is_squeezed_before_it_is_split() => FixHarness.Verify<InsertSqueezeCodeFix>(
        DiagnosticIds.PartitionLeavesNothing,
        """
        [Flow(1, 4, 6)]
        [ActNorm]
        [Split]
        partial class A;
        """,
        """
        [Flow(1, 4, 6)]
        [ActNorm]
        [Squeeze]
        [Split]
        partial class A;
        """);

    [Fact]
    public Task An_odd_image_is_not_squeezed() => FixHarness.VerifyNoOffer<InsertSqueezeCodeFix>(DiagnosticIds.PartitionLeavesNothing, "[Flow(1, 4, 5), ActNorm, Split] partial class A;");
}
