using System.Globalization;
using FlowGen.Generator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class RobustnessTests
{
    private const string Source = """
        using FlowGen;
        using System;
        namespace A.B
        {
            [FlowStep, Obsolete("x")]
            [ActNorm, Shuffle(1), AffineCoupling(4, 4, Times = 2)]
            public class Inner;

            [FlowStep]
            [Repeat<Inner>(2), Reverse(Times = 3)]
            public class Outer<T>;

            partial interface IContainer<T>
            {
                [Flow(dimensions: 3, Prior = (Prior)1)]
                [Dequantize(Bins = 1 << 4), Logit(alpha: 1e-3), Standardize]
                [AffineCoupling(new int[] { 5, 5 }, Net = CouplingNet.ResidualMlp, Activation = Activation.Gelu, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0.5 / 2, Form = AffineForm.ShiftThenScale)]
                [Repeat<Outer<string>>(2)]
                [AdditiveCoupling(hidden: null, Transforms = Partition.FirstHalf)]
                [Permute(2, 1, 0), BatchNorm(Momentum = .5), InvertibleLinear, Elementwise(Activation.Elu), Rescale]
                internal sealed partial class Flow<K> : Exception, IEquatable<Flow<K>> where K : new()
                {
                    public Flow(K key) : this(3ul) { }
                    public bool Equals(Flow<K>? other) => other is null;
                    public static float[] Sample(int n) => Create(1).Parameters.Count > n ? [] : [1];
                }
            }
        }
        """;

    private static readonly CSharpCompilation Empty = GeneratorHarness.Compile();

    [Fact]
    public void The_whole_source_gives_a_flow()
    {
        _ = GeneratorHarness.Run(Empty.AddSyntaxTrees(GeneratorHarness.Parse(Source)), out var completed);
        Assert.DoesNotContain(completed.GetDiagnostics(TestContext.Current.CancellationToken), static problem => problem.DefaultSeverity == DiagnosticSeverity.Error);
        Assert.Equal(2, completed.SyntaxTrees.Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_beginning_of_a_source_makes_anything_throw(int part)
    {
        for (int length = part; length < Source.Length; length += 4)
        {
            Check(Source[..length]);
        }
    }

    [Fact]
    public void No_missing_token_makes_anything_throw()
    {
        foreach (var token in Tokens())
        {
            Check(Source.Remove(token.SpanStart, token.Span.Length));
        }
    }

    [Fact]
    public void No_token_in_the_place_of_another_makes_anything_throw()
    {
        string[] others = ["null", "-1", "typeof(int)", "\"text\"", "partial", "static", "(", "2147483647"];
        int next = 0;
        foreach (var token in Tokens())
        {
            string other = others[next++ % others.Length];
            Check(Source.Remove(token.SpanStart, token.Span.Length).Insert(token.SpanStart, $" {other} "));
        }
    }

    [Theory]
    [InlineData("[Flow(2), Flow(3), ActNorm] partial class A;")]
    [InlineData("[Flow(2), ActNorm] partial class A; [Flow(2)] partial class A;")]
    [InlineData("[Flow(2), ActNorm] partial class A; [Flow(2), ActNorm] partial record A;")]
    [InlineData("[Flow(2), ActNorm] partial class A<T>; [Flow(2), ActNorm] partial class A<T, T>;")]
    [InlineData("[Flow(2), ActNorm] partial struct A;")]
    [InlineData("[Flow(2), ActNorm] partial interface A;")]
    [InlineData("[Flow(2), ActNorm] partial enum A;")]
    [InlineData("[Flow(2), ActNorm] partial class;")]
    [InlineData("[Flow(2), Repeat<>(3)] partial class A;")]
    [InlineData("[Flow(2), Repeat<A>(3)] partial class A;")]
    [InlineData("[Flow(2), Repeat<int>(3)] partial class A;")]
    [InlineData("[Flow(2), Repeat<T>(3)] partial class A<T>;")]
    [InlineData("[Flow(2), Repeat<dynamic>(3)] partial class A;")]
    [InlineData("[Flow(2), Repeat<string[]>(3)] partial class A;")]
    [InlineData("[Flow(2), Repeat(3)] partial class A;")]
    [InlineData("[Flow(2), FlowLayer] partial class A;")]
    [InlineData("[Flow(2), ActNorm(Times = int.MaxValue, Times = 2)] partial class A : A;")]
    [InlineData("[Flow(int.MaxValue), AffineCoupling(int.MaxValue, int.MaxValue, Times = 4096)] partial class A;")]
    [InlineData("[Flow(int.MinValue), Permute(null)] partial class A;")]
    [InlineData("[Flow(3), Permute(null!)] partial class A;")]
    [InlineData("[Flow(2), AffineCoupling(ScaleFloor = double.NaN), Logit(double.PositiveInfinity), BatchNorm(Momentum = 0 / 0d)] partial class A;")]
    [InlineData("[assembly: Flow(2)] [module: ActNorm] partial class A;")]
    [InlineData("[Flow(2), ActNorm] partial class A : B { } class B : A { }")]
    [InlineData("[Flow(2), ActNorm] partial class A; [Flow(2)] partial record A;")]
    [InlineData("partial class O { [Flow(2), ActNorm] partial class A; } partial struct O { [Flow(2), ActNorm] partial class A; }")]
    [InlineData("partial class O { [Flow(2)] partial class A; } partial interface O { [Flow(2)] partial class A; }")]
    [InlineData("[Flow(2)] partial class A; [Flow(2)] partial class A; [Flow(3)] partial class A;")]
    [InlineData("[Flow(2)] partial class A(int x, int x, __arglist) { A(ulong seed, A(; }")]
    [InlineData("[Flow(2), ActNorm] partial class Forward { void Forward() { } }")]
    [InlineData("partial class 𝔸 { } [Flow(2), ActNorm] partial class a\\u0301 { } [Flow(2), ActNorm] partial class A\\u0301 { }")]
    public void No_odd_declaration_makes_anything_throw(string source) => Check("using FlowGen;\n" + source);

    [Fact]
    public void Numbers_are_the_same_in_every_culture()
    {
        string invariant = Assert.Single(GeneratorHarness.Generate(Decimals)).SourceText.ToString();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal("1,5", 1.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal(invariant, Assert.Single(GeneratorHarness.Generate(Decimals)).SourceText.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private const string Decimals = "[Flow(2), Logit(0.0625), AffineCoupling(Scale = ScaleFunction.Sigmoid, ScaleFloor = 0.125, Times = 3), BatchNorm(Epsilon = 1.5e-7)] partial class A;";

    private static IEnumerable<SyntaxToken> Tokens() =>
        GeneratorHarness.Parse(Source).GetRoot(TestContext.Current.CancellationToken).DescendantTokens().Where(static token => token.Span.Length > 0);

    private static void Check(string source)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var driver = GeneratorHarness.CreateDriver().RunGeneratorsAndUpdateCompilation(
            Empty.AddSyntaxTrees(GeneratorHarness.Parse(source)), out var completed, out _, cancellation);
        Assert.True(driver.GetRunResult().Results.Single().Exception is null, source);
        Assert.All(driver.GetRunResult().GeneratedTrees, tree => Assert.False(tree.GetRoot(cancellation).ContainsDiagnostics, source));
        foreach (var declaration in completed.SyntaxTrees.First(static tree => tree.FilePath == "Declared.cs").GetRoot(cancellation).DescendantNodes().OfType<TypeDeclarationSyntax>())
        {
            // The analyzers themselves, without what runs them: the host would hide an exception in a diagnostic.
            if (completed.GetSemanticModel(declaration.SyntaxTree).GetDeclaredSymbol(declaration, cancellation) is { } type)
            {
                FlowDeclarationAnalyzer.Analyze(type, static diagnostic => Assert.NotNull(diagnostic.GetMessage(CultureInfo.InvariantCulture)), cancellation);
                FlowStackAnalyzer.Analyze(type, static diagnostic => Assert.NotNull(diagnostic.GetMessage(CultureInfo.InvariantCulture)), cancellation);
            }
        }
    }
}
