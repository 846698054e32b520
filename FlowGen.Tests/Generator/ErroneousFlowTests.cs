using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>A declaration with an error gets the members of a flow all the same, so that a build prints the error, and not one more for every use of the flow.</summary>
public sealed class ErroneousFlowTests
{
    /// <summary>The rules whose flagged example gets no members, and why.</summary>
    private static readonly Dictionary<string, string> NotCompleted = new(StringComparer.Ordinal)
    {
        ["FLOW1001"] = "C# adds members to partial classes only",
        ["FLOW1002"] = "C# adds members to partial classes inside partial types only",
    };

    /// <summary>What the flagged example of a rule cannot be used for, and why.</summary>
    private static readonly Dictionary<string, (string Use, string Reason)> NotUsed = new(StringComparer.Ordinal)
    {
        ["FLOW1006"] = ("TwoMoons: Description", "the name is that of the user's own member"),
    };

    public static TheoryData<string> Errors =>
        [.. Descriptors.All.Where(static rule => rule.DefaultSeverity == DiagnosticSeverity.Error).Select(static rule => rule.Id).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Completed => [.. Errors.Select(static row => row.Data).Where(static id => !NotCompleted.ContainsKey(id))];

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task The_rule_alone_is_printed_where_the_flagged_example_is_used(string id)
    {
        var example = Example(id);
        var left = new List<string>();
        var cascade = FlowUses.Cascade(example, left, out int classes, out var completed);
        Assert.True(classes > 0, "The example has no flow.");
        if (NotCompleted.ContainsKey(id))
        {
            Assert.NotEmpty(cascade);
            Assert.Empty(Generated(completed));
            return;
        }

        Assert.True(cascade.Count == 0, string.Join('\n', cascade));
        Assert.Equal(NotUsed.TryGetValue(id, out var expected) ? [expected.Use] : [], left);

        // Nothing but rules of ours, with or without the code that uses it, and the code adds none.
        Assert.DoesNotContain(completed.GetDiagnostics(TestContext.Current.CancellationToken), static problem => problem.DefaultSeverity == DiagnosticSeverity.Error);
        var found = await GeneratorHarness.AnalyzeCompleted(completed);
        Assert.Contains(id, found.Select(static diagnostic => diagnostic.Id));
        Assert.Equal(Texts(await GeneratorHarness.Analyze(example)), Texts(found));

        static IEnumerable<string> Texts(IEnumerable<Diagnostic> diagnostics) => diagnostics.Select(static diagnostic => diagnostic.ToString()).Order(StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Completed))]
    public void Every_use_throws_and_names_the_class_and_the_rule_where_the_error_is_hidden(string id)
    {
        // As in a build without analyzers, or with the error suppressed.
        _ = FlowUses.Cascade(Example(id), [], out int classes, out var completed);
        using var image = new MemoryStream();
        completed = completed.WithOptions(completed.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Default));
        Assert.True(completed.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        image.Position = 0;
        var assembly = new AssemblyLoadContext(id).LoadFromStream(image);
        int thrown = 0;
        var errors = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < classes; i++)
        {
            foreach (var use in assembly.GetType($"FlowGen.Uses.Uses{i}", throwOnError: true)!.GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic).Where(static use => use.Name[^1] is '0' or '1'))
            {
                var parameters = use.GetParameters();
                object? flow = parameters.Length == 0 ? null : RuntimeHelpers.GetUninitializedObject(parameters[0].ParameterType);
                var call = Record.Exception(() => use.Invoke(null, flow is null ? null : [flow]));
                var exception = Assert.IsType<FlowDeclarationException>(call?.InnerException);
                thrown++;
                errors.UnionWith(exception.Errors);
                Assert.Contains($"'{exception.FlowName}'", exception.Message, StringComparison.Ordinal);
                Assert.All(exception.Errors, error => Assert.Contains(error, exception.Message, StringComparison.Ordinal));
                if (flow is not null)
                {
                    Assert.Equal(flow.GetType().Name, exception.FlowName);
                }
            }
        }

        Assert.True(thrown >= FlowUses.All.Count() - 1, $"{thrown} uses");
        Assert.Contains($"{id}: {Descriptors.Get(id).Title}", errors);
    }

    [Theory]
    [InlineData("[Flow(2), ActNorm, Affin] internal partial class A;")]
    [InlineData("[Flow(2), ActNorm, AffineCoupling(] internal partial class A;")]
    [InlineData("[Flow(2), AffineCoupling(Transforms = )] internal partial class A;")]
    [InlineData("[Flow(2), AffineCoupling(Transforms = Partition.)] internal partial class A;")]
    [InlineData("[Flow(2), Repeat<>(3)] internal partial class A;")]
    [InlineData("[Flow(2), Repeat<Unknown>(3)] internal partial class A;")]
    [InlineData("[Flow(] internal partial class A;")]
    [InlineData("[Flow] internal partial class A;")]
    [InlineData("[Flow()] internal partial class A { ")]
    [InlineData("[Flow(\"2\"), ActNorm] internal partial class A;")]
    [InlineData("[Flow(2), ActNorm, Elementwise(nameof())] internal partial class A;")]
    [InlineData("[Flow(2), Elementwise(nameof(F))] internal partial class A { static float F(float x) => x + ; }")]
    [InlineData("[Flow(2), Flow(3), ActNorm] internal partial class A;")]
    [InlineData("[Flow(2), ActNorm] internal partial class A; [Flow(2)] internal partial class A;")]
    [InlineData("[Flow(2), ActNorm] internal partial class A : Unknown;")]
    public void Code_that_uses_a_flow_binds_while_its_declaration_is_typed(string source)
    {
        var left = new List<string>();
        var cascade = FlowUses.Cascade(GeneratorHarness.Compile(source), left, out int classes, out var completed);
        Assert.Equal(1, classes);
        Assert.Empty(left);
        Assert.True(cascade.Count == 0, string.Join('\n', cascade));
        Assert.Single(Generated(completed));
    }

    [Fact]
    public void What_does_not_compile_is_no_rule_and_is_said_so()
    {
        string text = Assert.Single(Generated("[Flow(2), Affin] internal partial class A;"));
        Assert.Contains("FlowDeclarationException engine => new(\"A\");", text, StringComparison.Ordinal);
        Assert.Contains("an attribute of it does not compile", text, StringComparison.Ordinal);
        Assert.Contains("an attribute of it does not compile", new FlowDeclarationException("A").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[FlowStep, ActNorm(Times = -1)] class S; [Flow(2), Repeat<S>(2)] partial class A;", "FLOW1013")]
    [InlineData("[FlowStep] class S; [FlowStep, Repeat<S>(1)] class T; [Flow(2), Repeat<T>(2), Repeat<int>(1)] partial class A;", "FLOW1005", "FLOW1011")]
    [InlineData("[FlowStep, MintLayer(Triangle.Lower, Paths = 0)] class S; [FlowStep, MaskedConv(Triangle.Lower)] class T; [Flow(2), Sum<S, T>(0.5, 0.5), AffineCoupling(0)] partial class A;", "FLOW2002", "FLOW2051")]
    [InlineData("[Flow(2), ActNorm(Times = 0), AffineCoupling(0)] partial class A { int Forward => 1; int Activation => 2; }", "FLOW1006")]
    public void The_rules_are_those_of_steps_too_and_no_warnings(string source, params string[] rules)
    {
        string text = Assert.Single(Generated(source));
        string list = string.Join(", ", rules.Select(static id => $"\"{id}: {Descriptors.Get(id).Title}\""));
        Assert.Contains($"FlowDeclarationException engine => new(\"A\", {list});", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("static partial class A;")]
    [InlineData("file partial class A;")]
    [InlineData("class A;")]
    [InlineData("partial struct A;")]
    [InlineData("partial class;")]
    [InlineData("partial class A<>;")]
    [InlineData("partial class A { } [Flow(2)] partial record A;")]
    public void Nothing_is_added_to_what_admits_no_other_part(string type) => Assert.Empty(Generated("[Flow(2)] " + type));

    [Theory]
    [InlineData("partial record A;")]
    [InlineData("abstract partial class A;")]
    [InlineData("partial class A(int size, in string @class) { int Size => size; }")]
    [InlineData("partial class A(int size, string @class) { int Size => size + @class.Length; }")]
    [InlineData("partial class A() { }")]
    [InlineData("partial class A(string seed) { string Seed => seed; }")]
    [InlineData("partial record A(int Parameters);")]
    [InlineData("partial class A<TKey, TValue> where TKey : struct where TValue : A<TKey, TValue>;")]
    [InlineData("partial class A { int engine = 1; int engine2 => engine; }")]
    [InlineData("partial class A : B; class B(int x, string y) { internal int X => x + y.Length; }")]
    [InlineData("partial class A : B; abstract class B { public virtual void Forward(System.ReadOnlySpan<float> x, System.Span<float> z, System.Span<float> logDet) { } protected int Sample = 1; }")]
    [InlineData("partial class A { public void Forward(System.ReadOnlySpan<float> x, System.Span<float> z, System.Span<float> logDet) { } public static A Create(ulong seed) => new(); class Description; }")]
    [InlineData("partial class A { public required int Size { get; init; } internal A(string s) : this(1) { Size = s.Length; } }")]
    [InlineData("partial class A { internal A(string s) { } internal A() : this(1) { } }")]
    [InlineData("partial class A { private A(ulong number) { } }")]
    [InlineData("partial class LogProb;")]
    [InlineData("partial class engine;")]
    public void What_is_added_compiles(string type)
    {
        var compilation = GeneratorHarness.Compile("[Flow(2), AffineCoupling(0)] " + type);
        _ = GeneratorHarness.Run(compilation, out var completed);
        Assert.DoesNotContain(completed.GetDiagnostics(TestContext.Current.CancellationToken), static problem => problem.DefaultSeverity == DiagnosticSeverity.Error);
        Assert.Single(Generated(completed));
    }

    [Fact]
    public void A_flow_inside_other_types_is_completed_there()
    {
        const string Source = """
            namespace @namespace
            {
                partial interface IOuter<T>
                {
                    partial record struct @struct
                    {
                        [Flow(2), AffineCoupling(0)] partial class @class<K> where K : struct;
                        static float[] Use() => new @class<int>(seed: 1).LogProb(new float[2]);
                    }
                }
            }
            """;
        _ = GeneratorHarness.Run(GeneratorHarness.Compile(Source), out var completed);
        GeneratorHarness.AssertCompiles(completed);
    }

    // Where steps are wrong, a flow of them.
    private static CSharpCompilation Example(string id)
    {
        string example = RulePages.Examples(id)[0];
        return RulePages.Compile(example.Contains("[Flow(", StringComparison.Ordinal) ? example : example + "[Flow(2), Repeat<First>(1)] internal partial class Repeated;");
    }

    private static List<string> Generated(string source)
    {
        _ = GeneratorHarness.Run(GeneratorHarness.Compile(source), out var completed);
        return Generated(completed);
    }

    // None of them has a program.
    private static List<string> Generated(Compilation completed)
    {
        List<string> files = [.. completed.SyntaxTrees.Where(static tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).Select(static tree => tree.ToString())];
        Assert.All(files, static text => Assert.DoesNotContain("IFlowProgram", text, StringComparison.Ordinal));
        return files;
    }
}
