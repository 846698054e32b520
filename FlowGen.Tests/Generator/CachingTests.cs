using System.Collections;
using System.Reflection;
using FlowGen.Generator;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class CachingTests
{
    private const string Source = """
        namespace N;

        [FlowStep]
        [Permute(1, 2, 0), AffineCoupling(8, 8, Net = CouplingNet.ResidualMlp)]
        class Step;

        [Flow(3, Prior = Prior.StandardLogistic)]
        [Standardize, Repeat<Step>(4)]
        [AdditiveCoupling(4, Times = 2), Elementwise(nameof(Bend)), Rescale]
        public sealed partial class Declared
        {
            const float Slope = 0.5f;
            static float Bend(float x) { float y = x + Slope * x * x * x; return y + Twice(x); }
            static float Twice(float x) => 2 * x;
            public int Answer() => 42;
        }

        class Other
        {
            int field = 1;
        }
        """;

    [Theory]
    [InlineData("Rescale]", "Rescale]")]
    [InlineData("Rescale]", "Rescale(Times = 0)]")]
    [InlineData("Rescale]", "Rescale, Resc]")]
    [InlineData("public int Answer()", "public int Forward = 1; public int Answer()")]
    public void The_same_source_gives_equal_models(string before, string after)
    {
        string source = Source.Replace(before, after, StringComparison.Ordinal);
        var first = Outputs(GeneratorHarness.Run(GeneratorHarness.Compile(source), out _));
        var second = Outputs(GeneratorHarness.Run(GeneratorHarness.Compile(source), out _));
        Assert.Equal(3, first.Count);
        foreach (var (one, other) in first.Zip(second))
        {
            Assert.NotSame(one, other);
            Assert.Equal(one, other);
            Assert.Equal(one.GetHashCode(), other.GetHashCode());
        }
    }

    [Theory]
    [InlineData("Permute(1, 2, 0)", "Permute(2, 1, 0)")]
    [InlineData("AffineCoupling(8, 8,", "AffineCoupling(8,")]
    [InlineData("Net = CouplingNet.ResidualMlp", "Net = CouplingNet.Mlp")]
    [InlineData("Repeat<Step>(4)", "Repeat<Step>(5)")]
    [InlineData("Prior = Prior.StandardLogistic", "Prior = Prior.StandardNormal")]
    [InlineData("Times = 2", "Times = 3")]
    [InlineData("class Declared", "class Renamed")]
    [InlineData("namespace N;", "namespace M;")]
    [InlineData("Standardize, Repeat<Step>(4)", "Repeat<Step>(4), Standardize")]
    [InlineData("public int Answer", "public int engine")]
    [InlineData("Slope = 0.5f", "Slope = 0.25f")]
    [InlineData("return y + Twice(x)", "return y + 3f * Twice(x)")]
    [InlineData("=> 2 * x", "=> 4 * x")]
    public void A_change_of_the_declaration_is_a_change_of_the_file(string before, string after)
    {
        var compilation = GeneratorHarness.Compile(Source);
        var driver = GeneratorHarness.Run(compilation, out _);
        var result = Edit(driver, compilation, before, after);
        GeneratorHarness.AssertReasons(result, IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified);
    }

    [Theory]
    [InlineData("return", "=> 42", "=> 43")]
    [InlineData("comment in the class", "public int Answer", "/* a comment */ public int Answer")]
    [InlineData("comment in the declaration", "[Standardize,", "[Standardize, /* a comment */")]
    [InlineData("white space", "Standardize, Repeat", "Standardize ,\n Repeat")]
    [InlineData("a local of a function renamed", "float y = x + Slope * x * x * x; return y", "float z = x + Slope * x * x * x; return z")]
    [InlineData("comment in a function", "return y +", "return y /* linear */ +")]
    [InlineData("another class", "field = 1", "field = 2")]
    [InlineData("broken code elsewhere", "field = 1;", "field = ")]
    [InlineData("a new member", "public int Answer", "public int Question() => 6 * 9; public int Answer")]
    [InlineData("a new file above", "namespace N;", "namespace N; // moved\n\n\n")]
    public void Any_other_edit_leaves_the_model_and_does_nothing_after_it(string what, string before, string after)
    {
        Assert.NotEmpty(what);
        var compilation = GeneratorHarness.Compile(Source);
        var driver = GeneratorHarness.Run(compilation, out _);
        var result = Edit(driver, compilation, before, after);
        GeneratorHarness.AssertReasons(result, IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached);
    }

    [Theory]
    [InlineData("Rescale]", "Rescale(Times = 0)]")]
    [InlineData("Rescale]", "Rescale, Resc]")]
    [InlineData("=> 2 * x", "=> 2 * z")]
    [InlineData("AffineCoupling(8, 8,", "AffineCoupling(0, 8,")]
    [InlineData("public int Answer()", "public int Forward = 1; public int Answer()")]
    public void An_error_is_a_change_of_the_file_and_nothing_more_is_until_it_is_put_right(string sound, string broken)
    {
        var compilation = GeneratorHarness.Compile(Source);
        var driver = GeneratorHarness.Run(compilation, out _);
        GeneratorHarness.AssertReasons(Edit(driver, compilation, sound, broken), IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified);

        string erroneous = Source.Replace(sound, broken, StringComparison.Ordinal);
        compilation = GeneratorHarness.Compile(erroneous);
        driver = GeneratorHarness.Run(compilation, out _);
        GeneratorHarness.AssertReasons(Edit(driver, compilation, "field = 1", "field = 2"), IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached);
        GeneratorHarness.AssertReasons(Edit(driver, compilation, "=> 42", "=> 43"), IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached);
        GeneratorHarness.AssertReasons(Edit(driver, compilation, broken, sound), IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified);
    }

    [Theory]
    [InlineData("Rescale(Times = 0)", "Rescale(Times = -10)")]
    [InlineData("Rescale, AffineCoupling(0)", "Rescale, AffineCoupling(-1, 0)")]
    public void Another_number_that_breaks_the_same_rule_leaves_the_file(string before, string after)
    {
        var compilation = GeneratorHarness.Compile(Source.Replace("Rescale]", before + "]", StringComparison.Ordinal));
        var driver = GeneratorHarness.Run(compilation, out _);
        var result = Edit(driver, compilation, before, after);
        Assert.All(result.TrackedSteps[FlowGenerator.ParseStep].SelectMany(static run => run.Outputs), static output => Assert.Equal(IncrementalStepRunReason.Modified, output.Reason));
        Assert.All(result.TrackedSteps[FlowGenerator.VerifyStep].SelectMany(static run => run.Outputs), static output => Assert.Equal(IncrementalStepRunReason.Unchanged, output.Reason));
        Assert.All(result.TrackedSteps[FlowGenerator.EmitStep].SelectMany(static run => run.Outputs), static output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    [Theory]
    [InlineData("Rescale]", "Rescale]")]
    [InlineData("Rescale]", "Rescale(Times = 0)]")]
    [InlineData("Rescale]", "Rescale, Resc]")]
    [InlineData("public int Answer()", "public int Forward = 1; public int Answer()")]
    public void Models_hold_no_objects_of_the_compiler(string before, string after)
    {
        var driver = GeneratorHarness.Run(GeneratorHarness.Compile(Source.Replace(before, after, StringComparison.Ordinal)), out _);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (object output in Outputs(driver))
        {
            Walk(output, output.GetType().Name, seen);
        }

        // The walk went through the declaration to its options, and through the model to its layers, or to what there is instead.
        Assert.Contains(seen, static node => node is TypeIdentity);
        Assert.Contains(seen, node => before == after ? node is PlacedLayer : node is FlowSurface);
        Assert.Equal(before == after || after.Contains("Times", StringComparison.Ordinal), seen.Any(static node => node is FlowGen.Generator.Layers.PermuteLayer));
    }

    private static GeneratorRunResult Edit(GeneratorDriver driver, CSharpCompilation compilation, string before, string after)
    {
        var tree = compilation.SyntaxTrees.Single();
        string text = tree.ToString();
        Assert.Contains(before, text, StringComparison.Ordinal);
        var edited = tree.WithChangedText(SourceText.From(text.Replace(before, after, StringComparison.Ordinal)));
        var result = driver.RunGenerators(compilation.ReplaceSyntaxTree(tree, edited), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return result;
    }

    private static List<object> Outputs(GeneratorDriver driver)
    {
        var steps = driver.GetRunResult().Results.Single().TrackedSteps;
        return [.. GeneratorHarness.Steps.SelectMany(step => steps[step]).SelectMany(static run => run.Outputs).Select(static output => output.Value)];
    }

    private static void Walk(object? node, string path, HashSet<object> seen)
    {
        if (node is null or string || node.GetType().IsPrimitive || node.GetType().IsEnum || (!node.GetType().IsValueType && !seen.Add(node)))
        {
            return;
        }

        Assert.False(node is Compilation or ISymbol or SyntaxNode or SyntaxTree or SyntaxReference or Location or Diagnostic or SemanticModel or AttributeData, $"{path} is a {node.GetType()}");
        Assert.False(node is Delegate or Type, $"{path} is a {node.GetType()}");
        if (node is IEnumerable items)
        {
            foreach (object? item in items)
            {
                Walk(item, path + "[]", seen);
            }

            return;
        }

        for (var type = node.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Walk(field.GetValue(node), $"{path}.{field.Name}", seen);
            }
        }
    }
}
