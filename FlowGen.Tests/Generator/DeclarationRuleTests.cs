using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class DeclarationRuleTests
{
    [Fact]
    public Task A_flow_that_is_not_partial_is_reported() =>
        Markup.Verify("[Flow(2), ActNorm] class {|FLOW1001:A|};", "'A' is a flow but not partial");

    [Fact]
    public Task One_part_that_is_not_partial_is_reported() =>
        Markup.Verify("[Flow(2), ActNorm] partial class {|FLOW1001:A|}; class A;");

    [Fact]
    public Task A_partial_flow_is_not_reported() => Markup.Verify("[Flow(2), ActNorm] partial class A; partial class A { }");

    [Fact]
    public Task Containers_that_are_not_partial_are_reported() =>
        Markup.Verify("class {|FLOW1002:Outer|} { partial struct Middle { interface {|FLOW1002:Inner|} { [Flow(2), ActNorm] partial class A; } } }", "'Outer' contains the flow 'A'");

    [Fact]
    public Task Partial_containers_of_every_kind_are_not_reported() => Markup.Verify("""
        static partial class A
        {
            partial struct B { partial interface C { partial record D { partial record struct E { [Flow(2), ActNorm] partial class F; } } } }
        }
        """);

    [Theory]
    [InlineData("partial record {|FLOW1003:A|};", "it is a record")]
    [InlineData("static partial class {|FLOW1003:A|};", "it is static")]
    [InlineData("abstract partial class {|FLOW1003:A|};", "it is abstract")]
    [InlineData("file partial class {|FLOW1003:A|};", "it is local to its file")]
    public Task A_type_that_cannot_be_a_flow_is_reported(string type, string reason) => Markup.Verify("[Flow(2), ActNorm] " + type, reason);

    [Fact]
    public Task A_flow_inside_a_type_of_one_file_is_reported() =>
        Markup.Verify("file partial class Outer { [Flow(2), ActNorm] partial class {|FLOW1003:A|}; }", "local to its file");

    [Theory]
    [InlineData("public sealed partial class A : System.IDisposable { ")]
    [InlineData("internal partial class A<T> where T : struct { ")]
    public Task An_ordinary_class_is_not_reported(string type) =>
        Markup.Verify($"#pragma warning disable CS1591\n[Flow(2), ActNorm] {type} public void Dispose() {{ }} }}");

    [Fact]
    public Task Layers_on_several_declarations_are_reported() =>
        Markup.Verify("[Flow(2), ActNorm] partial class {|FLOW1004:A|}; [Rescale] partial class A; [Rescale] partial class A;", "spread over 3 declarations");

    [Fact]
    public Task Layers_of_a_step_on_several_declarations_are_reported() =>
        Markup.Verify("[FlowStep, ActNorm] partial class {|FLOW1004:A|}; [Rescale] partial class A;");

    [Fact]
    public Task Layers_away_from_the_marker_but_together_are_not_reported() =>
        Markup.Verify("[Flow(2)] partial class A; [ActNorm, Rescale] [Rescale] partial class A; [System.Obsolete] partial class A;");

    [Theory]
    [InlineData("[Flow(2)] partial class {|FLOW1005:A|};", "[Flow]")]
    [InlineData("[FlowStep] class {|FLOW1005:A|};", "[FlowStep]")]
    public Task No_layers_are_reported(string source, string marker) => Markup.Verify(source, marker);

    [Theory]
    [InlineData("void {|FLOW1006:Initialize|}(System.ReadOnlySpan<float> data) { }")]
    [InlineData("int {|FLOW1006:Forward|} = 1;")]
    [InlineData("class {|FLOW1006:Description|};")]
    [InlineData("float[] {|FLOW1006:Parameters|}(int n) => new float[n];")]
    [InlineData("static A {|FLOW1006:Create|}(ulong seed) => new A();")]
    [InlineData("double {|FLOW1006:LossGradient|}(System.ReadOnlySpan<float> x, System.Span<float> gradient, GradientOptions options) => 0;")]
    public Task A_member_in_the_way_of_a_generated_one_is_reported(string member) =>
        Markup.Verify($"#pragma warning disable CS0414\n[Flow(2), ActNorm] partial class A {{ {member} }}", "rename yours");

    [Fact]
    public Task A_class_with_the_name_of_a_member_is_reported() => Markup.Verify("[Flow(2), ActNorm] partial class {|FLOW1006:Sample|};");

    [Fact]
    public Task Overloads_and_other_names_are_not_reported() => Markup.Verify("""
        [Flow(2), ActNorm] partial class A
        {
            private readonly int engine = 1;
            public float[] Sample(int count) => new float[count * engine];
            public void Forward(System.Span<float> x, System.Span<float> z, System.Span<float> logDet) => this.Forward((System.ReadOnlySpan<float>)x, z, logDet);
            public void Initialize<T>(System.ReadOnlySpan<float> x) { }
            public static A Create(int seed) => Create((ulong)seed);
        }
        """.Replace("public", "internal", StringComparison.Ordinal));

    [Theory]
    [InlineData("internal {|FLOW1007:A|}() { }", "': this(seed)'")]
    [InlineData("internal {|FLOW1007:A|}(string s) : base() { }", "must call it")]
    [InlineData("internal {|FLOW1007:A|}(ulong number) : this() { }", "same arguments")]
    [InlineData("internal required int {|FLOW1007:Size|} { get; init; }", "required member")]
    public Task A_constructor_that_does_not_call_the_generated_one_is_reported(string member, string message) =>
        Markup.Verify($"[Flow(2), ActNorm] partial class A {{ {member} }}", message);

    [Fact]
    public Task A_primary_constructor_is_reported() =>
        Markup.Verify("[Flow(2), ActNorm] partial class {|FLOW1007:A|}(int size) { int Size => size; }", "primary constructor");

    [Fact]
    public Task Constructors_that_call_the_generated_one_are_not_reported() => Markup.Verify("""
        [Flow(2), ActNorm] partial class A
        {
            static A() { }
            internal A() : this(1) { }
            internal A(string s) : this((ulong)s.Length) { }
            internal A(ref ulong seed) : this(seed) { }
        }
        """);

    [Theory]
    [InlineData("class B { internal B(int n) { } }", "no accessible constructor")]
    [InlineData("class B { private B() { } private class C : B; }", "no accessible constructor")]
    [InlineData("class B { protected int Sample = 1; }", "whose member 'Sample'")]
    [InlineData("class C { public required int Size { get; init; } } class B : C;", "whose member 'Size' is required")]
    [InlineData("[Flow(3), ActNorm] partial class B; // Another flow is sound.\n", "which is a flow itself")]
    public Task A_base_class_that_does_not_fit_is_reported(string other, string message) =>
        Markup.Verify($"{other} [Flow(2), ActNorm] partial class {{|FLOW1008:A|}} : B;", message);

    [Theory]
    [InlineData("class B { protected B(int n = 1, params int[] more) { } }")]
    [InlineData("abstract class B { private int Sample() => 1; internal int Forward(int x) => x + Sample(); }")]
    [InlineData("class B<T> { }", "<int>")]
    public Task A_base_class_that_fits_is_not_reported(string other, string arguments = "") =>
        Markup.Verify($"{other} [Flow(2), ActNorm] partial class A : B{arguments};");

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public Task Fewer_dimensions_than_one_are_reported(int dimensions) =>
        Markup.Verify($"[Flow({dimensions}), ActNorm] partial class {{|FLOW1009:A|}};", $"with {dimensions} dimensions");

    [Fact]
    public Task One_dimension_is_not_reported() => Markup.Verify("[Flow(1), ActNorm] partial class A;");

    [Fact]
    public Task Repeating_what_is_no_step_is_reported() =>
        Markup.Verify("[ActNorm] class S; [Flow(2), {|FLOW1010:Repeat<S>(2)|}] partial class A;".Replace("[ActNorm]", "[{|FLOW1015:ActNorm|}]", StringComparison.Ordinal), "marked neither", "'S' is repeated but not marked");

    [Fact]
    public Task Repeating_a_step_is_not_reported() =>
        Markup.Verify("[FlowStep, ActNorm] class S; [FlowStep, Repeat<S>(1)] class T; [Flow(2), Repeat<T>(2), Repeat<S>(1)] partial class A;");

    [Fact]
    public Task A_step_of_another_assembly_is_reported() =>
        Markup.Verify("[Flow(2), {|FLOW1011:Repeat<string>(2)|}] partial class A;", "The step 'String' is in the assembly");

    [Fact]
    public Task Steps_that_contain_themselves_are_reported() => Markup.Verify(
        "[FlowStep, ActNorm, {|FLOW1012:Repeat<T>(1)|}] class S; [FlowStep, {|FLOW1012:Repeat<S>(1)|}] class T; [Flow(2), Repeat<S>(1)] partial class A;",
        "S -> T -> S", "T -> S -> T");

    [Fact]
    public Task A_flow_that_repeats_itself_is_reported() =>
        Markup.Verify("[FlowStep, Flow(2), ActNorm, {|FLOW1012:Repeat<A>(1)|}] partial class A;", "A -> A");

    [Fact]
    public Task The_same_step_twice_is_not_reported() =>
        Markup.Verify("[FlowStep, ActNorm] class S; [FlowStep, Repeat<S>(1), Repeat<S>(1)] class T; [Flow(2), Repeat<T>(1), Repeat<S>(2)] partial class A;");

    [Theory]
    [InlineData("[Flow(2), {|FLOW1013:ActNorm(Times = 0)|}] partial class A;", "ActNorm is inserted 0 times")]
    [InlineData("[FlowStep, {|FLOW1013:ActNorm(Times = -1)|}] class S;", "ActNorm is inserted -1 times")]
    [InlineData("[FlowStep, ActNorm] class S; [Flow(2), {|FLOW1013:Repeat<S>(0)|}] partial class A;", "The step 'S' is inserted 0 times")]
    public Task Counts_below_one_are_reported(string source, string message) => Markup.Verify(source, message);

    [Fact]
    public Task What_is_wrong_in_a_step_is_said_there_and_stops_the_flow() =>
        Markup.Verify("[FlowStep, {|FLOW1013:ActNorm(Times = -1)|}] class S; [Flow(2), Repeat<S>(2)] partial class A;");

    [Theory]
    [InlineData("[Flow(2), ActNorm(Times = 4097)] partial class {|FLOW1014:A|};", "4097 layers")]
    [InlineData("[FlowStep, ActNorm(Times = 70000)] class S; [Flow(2), Repeat<S>(70000)] partial class {|FLOW1014:A|};", "layers when expanded")]
    [InlineData("[Flow(70000), InvertibleLinear] partial class {|FLOW1014:A|};", "numbers in its largest block")]
    [InlineData("[Flow(20000000), ActNorm] partial class {|FLOW1014:A|};", "20000000 dimensions")]
    [InlineData("[Flow(2), {|FLOW1014:AffineCoupling(20000000)|}] partial class A;", "20000000 units")]
    public Task A_flow_that_is_too_large_is_reported(string source, string message) => Markup.Verify(source, message);

    [Fact]
    public Task The_largest_stack_is_not_reported() => Markup.Verify("[Flow(2), ActNorm(Times = 4096)] partial class A;");

    [Fact]
    public Task Layers_on_a_class_without_a_marker_are_reported() => Markup.Verify("[{|FLOW1015:ActNorm|}, Rescale] class A;", "marked neither [Flow] nor [FlowStep]");

    [Theory]
    [InlineData("int {|FLOW1016:Activation|} => 1;")]
    [InlineData("class {|FLOW1016:Prior|};")]
    public Task A_member_that_hides_an_enumeration_is_reported(string member) =>
        Markup.Verify($"[Flow(2), ActNorm] partial class A {{ {member} }}", "in the attributes of the class");

    [Fact]
    public Task Names_near_those_of_enumerations_are_not_reported() => Markup.Verify("[Flow(2), ActNorm] partial class A { int Activations => 1; }");

    [Fact]
    public Task A_layer_of_the_users_own_is_reported() =>
        Markup.Verify("class MineAttribute : FlowLayerAttribute; [Flow(2), {|FLOW1017:Mine|}] partial class A;", "'MineAttribute' is not a layer");

    [Theory]
    [InlineData("[Flow(2), {|FLOW1018:AffineCoupling(Transforms = (Partition)17)|}] partial class A;", "17 is no value of Partition")]
    [InlineData("[Flow(2, Prior = (Prior)9), ActNorm] partial class {|FLOW1018:A|};", "9 is no value of Prior")]
    [InlineData("[FlowStep, {|FLOW1018:Elementwise((Activation)(-1))|}] class A;", "-1 is no value of Activation")]
    public Task A_number_that_is_no_value_of_an_option_is_reported(string source, string message) => Markup.Verify(source, message);

    [Fact]
    public Task A_project_without_flows_is_not_reported() => Markup.Verify("class A { int Forward = 1; public override string ToString() => Forward.ToString(); }");

    [Fact]
    public Task Warnings_can_be_suppressed_where_they_are() =>
        Markup.Verify("#pragma warning disable FLOW1015\n[ActNorm] class A;\n#pragma warning restore FLOW1015\n[{|FLOW1015:ActNorm|}] class B;");
}
