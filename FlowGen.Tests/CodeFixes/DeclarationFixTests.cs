using FlowGen.CodeFixes;
using FlowGen.Generator.Diagnostics;
using Xunit;

namespace FlowGen.Tests.CodeFixes;

public sealed class DeclarationFixTests
{
    [Fact]
    public Task A_flow_becomes_partial() => FixHarness.Verify<MakePartialCodeFix>(
        DiagnosticIds.FlowNotPartial,
        """
        /// <summary>Mine.</summary>
        [Flow(2)]
        [Rescale]
        // Kept.
        public sealed /* here */ class A;
        """,
        """
        /// <summary>Mine.</summary>
        [Flow(2)]
        [Rescale]
        // Kept.
        public sealed /* here */ partial class A;
        """);

    [Fact]
    public Task A_flow_without_modifiers_becomes_partial() => FixHarness.Verify<MakePartialCodeFix>(
        DiagnosticIds.FlowNotPartial,
        """
        [Flow(2), Rescale]
        // Kept.
        class A { }
        """,
        """
        [Flow(2), Rescale]
        // Kept.
        partial class A { }
        """);

    [Fact]
    public Task Every_declaration_in_every_file_becomes_partial() => FixHarness.Verify<MakePartialCodeFix>(
        DiagnosticIds.FlowNotPartial,
        ["[Flow(2), Rescale] class A { }", "partial class A { } class A { }"],
        ["[Flow(2), Rescale] partial class A { }", "partial class A { } partial class A { }"]);

    [Fact]
    public Task Types_around_flows_become_partial_together() => FixHarness.Verify<MakePartialCodeFix>(
        DiagnosticIds.ContainerNotPartial,
        """
        public struct Outer
        {
            internal interface IInner
            {
                [Flow(2), Rescale]
                public partial class A;
            }
        }
        """,
        """
        public partial struct Outer
        {
            internal partial interface IInner
            {
                [Flow(2), Rescale]
                public partial class A;
            }
        }
        """,
        all: true);

    [Fact]
    public Task A_record_becomes_a_class() => FixHarness.Verify<RecordToClassCodeFix>(
        DiagnosticIds.UnsupportedFlowType,
        """
        [Flow(2)] // two
        [Rescale]
        public sealed partial record class A
        {
            // Kept.
            public int Age { get; set; }
        }
        """,
        """
        [Flow(2)] // two
        [Rescale]
        public sealed partial class A
        {
            // Kept.
            public int Age { get; set; }
        }
        """);

    [Fact]
    public Task Records_become_classes_together() => FixHarness.Verify<RecordToClassCodeFix>(
        DiagnosticIds.UnsupportedFlowType,
        "[Flow(2), Rescale] partial record A; [Flow(2), Rescale] partial record B { }",
        "[Flow(2), Rescale] partial class A; [Flow(2), Rescale] partial class B { }",
        all: true);

    [Fact]
    public Task A_record_with_parameters_stays() => FixHarness.VerifyNoOffer<RecordToClassCodeFix>(
        DiagnosticIds.UnsupportedFlowType, "[Flow(2), Rescale] partial record A(int Age);");

    [Theory]
    [InlineData("static")]
    [InlineData("abstract")]
    [InlineData("file")]
    public Task A_modifier_goes(string modifier) => FixHarness.Verify<RemoveModifierCodeFix>(
        DiagnosticIds.UnsupportedFlowType,
        $"[Flow(2), Rescale]\n// Kept.\n{modifier} partial class A;",
        "[Flow(2), Rescale]\n// Kept.\npartial class A;");

    [Fact]
    public Task Modifiers_go_together() => FixHarness.Verify<RemoveModifierCodeFix>(
        DiagnosticIds.UnsupportedFlowType,
        "[Flow(2), Rescale] public static partial class A; [Flow(2), Rescale] public abstract partial class B;",
        "[Flow(2), Rescale] public partial class A; [Flow(2), Rescale] public partial class B;",
        all: true);

    [Fact]
    public Task A_class_with_abstract_members_stays_abstract() => FixHarness.VerifyNoOffer<RemoveModifierCodeFix>(
        DiagnosticIds.UnsupportedFlowType, "[Flow(2), Rescale] public abstract partial class A { public abstract int F(); }");

    [Fact]
    public Task Spread_layers_come_together_in_order() => FixHarness.Verify<GatherLayersCodeFix>(
        DiagnosticIds.LayersSpread,
        """
        [Flow(2)]
        [ActNorm] // first
        partial class A;

        // Kept.
        [AffineCoupling(8), AffineCoupling(9)]
        [Rescale]
        partial class A
        {
        }
        """,
        """
        [Flow(2)]
        [ActNorm] // first
        [AffineCoupling(8)]
        [AffineCoupling(9)]
        [Rescale]
        partial class A;

        // Kept.
        partial class A
        {
        }
        """);

    [Fact]
    public Task Layers_of_several_flows_come_together() => FixHarness.Verify<GatherLayersCodeFix>(
        DiagnosticIds.LayersSpread,
        "[Flow(2), ActNorm] partial class A; [Rescale] partial class A; [Flow(2), ActNorm] partial class B; [Rescale] partial class B;",
        "[Flow(2), ActNorm] [Rescale] partial class A; partial class A; [Flow(2), ActNorm] [Rescale] partial class B; partial class B;",
        all: true);

    [Fact]
    public Task Layers_of_other_files_come_together() => FixHarness.Verify<GatherLayersCodeFix>(
        DiagnosticIds.LayersSpread,
        [
            "[Flow(2)]\n[ActNorm]\npartial class A;\n\n[FlowStep, Rescale]\nclass S;",
            "using C = FlowGen.AffineCouplingAttribute;\n\n[C(8, Activation = Activation.Tanh)]\n[Repeat<S>(2)]\npartial class A;"
        ],
        [
            "[Flow(2)]\n[ActNorm]\n[AffineCoupling(8, Activation = Activation.Tanh)]\n[Repeat<S>(2)]\npartial class A;\n\n[FlowStep, Rescale]\nclass S;",
            "using C = FlowGen.AffineCouplingAttribute;\n\npartial class A;"
        ]);

    [Fact]
    public Task Layers_whose_names_mean_nothing_at_the_other_place_stay() => FixHarness.VerifyNoOffer<GatherLayersCodeFix>(
        DiagnosticIds.LayersSpread, "[Flow(2)]\n[ActNorm]\npartial class A;", "using P = FlowGen.Partition; [AffineCoupling(Transforms = P.OddIndices)]\npartial class A;");

    [Fact]
    public Task A_flow_gets_layers() => FixHarness.Verify<AddLayersCodeFix>(
        DiagnosticIds.NoLayers,
        """
        [Flow(2)]
        partial class A;
        """,
        """
        [Flow(2)]
        [ActNorm]
        [AffineCoupling(64, 64, Times = 4)]
        partial class A;
        """);

    [Fact]
    public Task Flows_and_steps_get_layers_together() => FixHarness.Verify<AddLayersCodeFix>(
        DiagnosticIds.NoLayers,
        """
        [Flow(1)]
        partial class A;

        [FlowGen.FlowStep]
        class S;
        """,
        """
        [Flow(1)]
        [ActNorm]
        partial class A;

        [FlowGen.FlowStep]
        [ActNorm]
        [AffineCoupling(64, 64)]
        class S;
        """,
        all: true);

    [Theory]
    [InlineData("A(int age) { }", "A(int age) : this(seed: 0) { }")]
    [InlineData("A() { }", "A() : this(seed: 0) { }")]
    [InlineData("A(ulong seed, int age) : base() { }", "A(ulong seed, int age) : this(seed) { }")]
    [InlineData("A(int age)\n    {\n    }", "A(int age) : this(seed: 0)\n    {\n    }")]
    public Task A_constructor_calls_the_generated_one(string before, string after) => FixHarness.Verify<ChainConstructorCodeFix>(
        DiagnosticIds.ConstructorNotChained,
        $"[Flow(2), Rescale]\npartial class A\n{{\n    // Kept.\n    public {before}\n}}",
        $"[Flow(2), Rescale]\npartial class A\n{{\n    // Kept.\n    public {after}\n}}");

    [Fact]
    public Task Constructors_are_chained_together() => FixHarness.Verify<ChainConstructorCodeFix>(
        DiagnosticIds.ConstructorNotChained,
        "[Flow(2), Rescale] partial class A { public A(int a) { } public A(string b) { } }",
        "[Flow(2), Rescale] partial class A { public A(int a) : this(seed: 0) { } public A(string b) : this(seed: 0) { } }",
        all: true);

    [Theory]
    [InlineData("public A(ulong seed) { }")]
    [InlineData("public required int B;")]
    public Task What_cannot_be_chained_is_not(string member) => FixHarness.VerifyNoOffer<ChainConstructorCodeFix>(
        DiagnosticIds.ConstructorNotChained, $"[Flow(2), Rescale] partial class A {{ {member} }}");

    [Fact]
    public Task An_empty_constructor_goes() => FixHarness.Verify<RemoveConstructorCodeFix>(
        DiagnosticIds.ConstructorNotChained,
        "[Flow(2), Rescale]\npartial class A\n{\n    public A(ulong seed)\n    {\n    }\n\n    public int Age;\n}",
        "[Flow(2), Rescale]\npartial class A\n{\n    public int Age;\n}");

    [Fact]
    public Task A_constructor_that_does_something_stays() => FixHarness.VerifyNoOffer<RemoveConstructorCodeFix>(
        DiagnosticIds.ConstructorNotChained, "[Flow(2), Rescale] partial class A { public A(ulong seed) { /* why */ } }");

    [Theory]
    [InlineData("[Flow(0)][Rescale]", "[Flow(2)][Rescale]")]
    [InlineData("[Flow(-5, Prior = Prior.StandardLogistic)][Rescale]", "[Flow(5, Prior = Prior.StandardLogistic)][Rescale]")]
    [InlineData("[Flow(dimensions: 0)][Rescale, Permute(2, 0, 1)]", "[Flow(dimensions: 3)][Rescale, Permute(2, 0, 1)]")]
    public Task A_flow_gets_dimensions(string before, string after) => FixHarness.Verify<SetDimensionsCodeFix>(
        DiagnosticIds.TooFewDimensions, before + " partial class A;", after + " partial class A;");

    [Fact]
    public Task A_coupling_gets_a_second_dimension() => FixHarness.Verify<SetDimensionsCodeFix>(
        DiagnosticIds.CouplingNeedsTwo, "[Flow(1), AffineCoupling, AffineCoupling] partial class A;", "[Flow(2), AffineCoupling, AffineCoupling] partial class A;", all: true);

    [Fact]
    public Task A_repeated_class_becomes_a_step() => FixHarness.Verify<MarkStepCodeFix>(
        DiagnosticIds.NotAStep,
        [
            "[Flow(2), Repeat<S>(2), ActNorm, Repeat<S>(3)] partial class A;",
            """
            /// <summary>Mine.</summary>
            [AffineCoupling(8)] // eight
            class S;
            """
        ],
        [
            "[Flow(2), Repeat<S>(2), ActNorm, Repeat<S>(3)] partial class A;",
            """
            /// <summary>Mine.</summary>
            [FlowStep]
            [AffineCoupling(8)] // eight
            class S;
            """
        ],
        all: true);

    [Fact]
    public Task A_step_inside_a_namespace_is_marked_with_its_indentation() => FixHarness.Verify<MarkStepCodeFix>(
        DiagnosticIds.NotAStep,
        "namespace N\n{\n    [Flow(2), Repeat<S>(2), ActNorm] partial class A;\n\n    // Mine.\n    [ActNorm]\n    class S;\n}",
        "namespace N\n{\n    [Flow(2), Repeat<S>(2), ActNorm] partial class A;\n\n    // Mine.\n    [FlowStep]\n    [ActNorm]\n    class S;\n}");

    [Fact]
    public Task A_class_without_layers_does_not_become_a_step() => FixHarness.VerifyNoOffer<MarkStepCodeFix>(
        DiagnosticIds.NotAStep, "[Flow(2), Repeat<S>(2), ActNorm] partial class A; class S;");

    [Fact]
    public Task A_flow_does_not_become_a_step() => FixHarness.VerifyNoOffer<MarkStepCodeFix>(
        DiagnosticIds.NotAStep, "[Flow(2), Repeat<B>(2)] partial class A; [Flow(2), Rescale] partial class B;");

    [Fact]
    public Task Layers_become_a_step() => FixHarness.Verify<MarkStepCodeFix>(
        DiagnosticIds.LayerWithoutFlow, "[ActNorm, Rescale] class S;", "[FlowStep] [ActNorm, Rescale] class S;");

    [Fact]
    public Task Layers_become_a_flow() => FixHarness.Verify<MarkFlowCodeFix>(
        DiagnosticIds.LayerWithoutFlow,
        """
        // Mine.
        [ActNorm]
        [Permute(2, 0, 1)]
        public class A;
        """,
        """
        // Mine.
        [Flow(3)]
        [ActNorm]
        [Permute(2, 0, 1)]
        public partial class A;
        """);

    [Fact]
    public Task Layers_of_several_classes_become_flows() => FixHarness.Verify<MarkFlowCodeFix>(
        DiagnosticIds.LayerWithoutFlow,
        "[ActNorm]\nclass A;\n\n[Rescale]\npartial class B;",
        "[Flow(2)]\n[ActNorm]\npartial class A;\n\n[Flow(2)]\n[Rescale]\npartial class B;",
        all: true);
}
