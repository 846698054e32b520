using FlowGen.Generator.Emission;
using FlowGen.Tests.Flows;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class EmissionTests
{
    [Theory]
    [InlineData("AAAA", "0+4/1")]
    [InlineData("ABABAB", "0+6/2")]
    [InlineData("ABABA", "0+5/2")]
    [InlineData("XABCABCY", "0+1/1 1+6/3 7+1/1")]
    [InlineData("AABAAB", "0+6/3")]
    [InlineData("AAAB", "0+3/1 3+1/1")]
    [InlineData("ABC", "0+1/1 1+1/1 2+1/1")]
    [InlineData("ABA", "0+1/1 1+1/1 2+1/1")]
    [InlineData("", "")]
    public void Runs_are_found_with_their_periods(string keys, string expected) => Assert.Equal(
        expected,
        string.Join(' ', LayerRun.Find([.. keys.Select(static key => (int)key)]).Select(static run => $"{run.First}+{run.Length}/{run.Period}")));

    [Theory]
    [InlineData("[ActNorm][AffineCoupling(64, 64, Times = {0})]")]
    [InlineData("[Repeat<Step>({0}), Rescale]")]
    [InlineData("[Shuffle(3, Times = {0}), InvertibleLinear(Times = {0}), BatchNorm(Times = {0})]")]
    public void The_file_does_not_grow_with_the_number_of_copies(string layers)
    {
        int Length(int times) => Assert.Single(GeneratorHarness.Generate(
            "[FlowStep, ActNorm, Shuffle(5), AdditiveCoupling(8), AffineCoupling(8, Activation = Activation.Silu)] class Step;" +
            $"[Flow(4)] {string.Format(System.Globalization.CultureInfo.InvariantCulture, layers, times)} partial class A;")).SourceText.Length;
        int few = Length(8);
        Assert.InRange(Length(200), few, few * 1.08);
    }

    [Fact]
    public void Typical_flows_take_five_to_seventeen_kilobytes()
    {
        foreach (string source in (string[])[
            "[Flow(2), ActNorm, AffineCoupling(64, 64, Times = 8)] partial class A;",
            "[Flow(784, Prior = Prior.StandardLogistic), Dequantize, AdditiveCoupling(1000, 1000, 1000, 1000, 1000, Times = 4), Rescale] partial class A;",
            "[Flow(63), Standardize, AffineCoupling(128, 128, Times = 10)] partial class A;"])
        {
            Assert.InRange(Assert.Single(GeneratorHarness.Generate(source)).SourceText.Length, 5 * 1024, 17 * 1024);
        }
    }

    [Fact]
    public void Copies_whose_seeds_do_not_rise_evenly_keep_them()
    {
        var assembly = FlowCompiler.Compile("""
            using FlowGen;
            [FlowStep, Shuffle(9), Shuffle(2, Times = 3), Shuffle(18446744073709551615)] class Step;
            [Flow(4), Repeat<Step>(2), Shuffle(1), Shuffle(3), Shuffle(5), ActNorm] internal partial class A;
            """, "Seeds");
        var description = (FlowDescription)assembly.GetType("A", throwOnError: true)!.GetProperty("Description")!.GetValue(null)!;
        Assert.Equal(
            "9 2 3 4 18446744073709551615 9 2 3 4 18446744073709551615 1 3 5",
            string.Join(' ', description.Layers.SkipLast(1).Select(static layer => layer.Declaration["Shuffle(".Length..^1])));
    }

    [Fact]
    public void Names_that_differ_in_case_only_get_files_of_their_own()
    {
        var files = GeneratorHarness.Generate("namespace N { [Flow(2), ActNorm] partial class Model; [Flow(2), ActNorm] partial class @model; [Flow(2), ActNorm] partial class Model<T>; }"
            .Replace("@model", "MODEL", StringComparison.Ordinal));
        Assert.Equal(3, files.Select(static file => file.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("N.Model`1.g.cs", files.Select(static file => file.HintName));
    }

    [Fact]
    public void Names_of_the_runtime_may_be_taken_by_the_users_types() => GeneratorHarness.Generate("""
        namespace App
        {
            class Tile; class Rows; class Dense; class ActNorm; class Program; class FlowEngine; class System; class FlowDescription; class Activation;

            [FlowGen.Flow(2), FlowGen.ActNorm, FlowGen.AffineCoupling(8, Activation = FlowGen.Activation.Tanh, Times = 4)]
            partial class Model { int engine; int engine2 => engine++; class Kernels; class global; int first => engine2; }
        }

        class Program; class Tile;
        """);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Projects_of_every_strictness_compile_without_a_warning(bool strict)
    {
        string source = "[assembly: System.CLSCompliant(true)]\n" + """
            /// <summary>A flow.</summary>
            [System.CLSCompliant(false)]
            [Flow(6, Prior = Prior.StandardLogistic), Dequantize, Logit, ActNorm, AffineCoupling(8, 8, Net = CouplingNet.ResidualMlp, Times = 4), InvertibleLinear(Times = 2), Shuffle(4, Times = 3)]
            public partial class Model;
            """;
        var compilation = GeneratorHarness.Compile(source);
        compilation = compilation.WithOptions(compilation.Options
            .WithWarningLevel(9999).WithOverflowChecks(strict).WithAllowUnsafe(false).WithNullableContextOptions(strict ? NullableContextOptions.Enable : NullableContextOptions.Disable));
        _ = GeneratorHarness.Run(compilation, out var completed);
        GeneratorHarness.AssertCompiles(completed);
    }
}
