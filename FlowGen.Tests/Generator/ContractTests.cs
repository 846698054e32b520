using System.Reflection;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Parsing;
using FlowGen.Tests.Flows;
using Microsoft.CodeAnalysis;
using Xunit;
using Model = FlowGen.Generator.Model;

namespace FlowGen.Tests.Generator;

/// <summary>Generator and runtime are separate assemblies that have to agree.</summary>
public sealed class ContractTests
{
    [Theory]
    [InlineData(typeof(Activation), typeof(Model.Activation))]
    [InlineData(typeof(Partition), typeof(Model.Partition))]
    [InlineData(typeof(CouplingNet), typeof(Model.CouplingNet))]
    [InlineData(typeof(ScaleFunction), typeof(Model.ScaleFunction))]
    [InlineData(typeof(AffineForm), typeof(Model.AffineForm))]
    [InlineData(typeof(Prior), typeof(Model.Prior))]
    public void Enumerations_have_the_same_names_and_numbers(Type ofRuntime, Type ofGenerator)
    {
        static IEnumerable<string> Values(Type type) => Enum.GetNames(type).Select(name => $"{name} = {(int)Enum.Parse(type, name)}");
        Assert.Equal(Values(ofRuntime), Values(ofGenerator));
    }

    [Fact]
    public void Every_layer_attribute_is_registered()
    {
        var attributes = typeof(FlowLayerAttribute).Assembly.GetExportedTypes().Where(static type => type.IsSubclassOf(typeof(FlowLayerAttribute)));
        Assert.Equal(attributes.Select(static type => type.FullName).Order(StringComparer.Ordinal), LayerRegistry.AttributeNames.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Members_kept_apart_from_the_users_are_those_that_are_generated()
    {
        var generated = typeof(TwoMoons)
            .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(static member => member is not ConstructorInfo and not MethodInfo { IsSpecialName: true })
            .Select(static member => member.Name);
        Assert.Equal(GeneratedMembers.Names.Order(StringComparer.Ordinal), generated.Order(StringComparer.Ordinal));

        // The same, with the types of parameters: each generated member collides with itself.
        _ = GeneratorHarness.Run(GeneratorHarness.Compile("[Flow(2), ActNorm] partial class A;"), out var completed);
        var members = completed.GetTypeByMetadataName("A")!.GetMembers()
            .Where(static member => member.DeclaredAccessibility == Accessibility.Public && member is IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary })
            .ToList();
        Assert.Equal(GeneratedMembers.Names.Count(), members.Count);
        Assert.All(members, static member => Assert.True(GeneratedMembers.Collides(member), member.ToDisplayString()));
    }

    [Fact]
    public void Descriptions_declare_what_the_generator_read()
    {
        const string Source = """
            using FlowGen;
            [Flow(4)]
            [BatchNorm, BatchNorm(Momentum = 0.1, Epsilon = 1e-5), BatchNorm(Momentum = 0.2, Epsilon = 2e-5), Standardize, ActNorm]
            [AffineCoupling, AffineCoupling(5, 6)]
            [AffineCoupling(7, 7, Transforms = Partition.FirstHalf, Activation = Activation.Gelu, Net = CouplingNet.ResidualMlp, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0.125, Form = AffineForm.ShiftThenScale)]
            [AdditiveCoupling, AdditiveCoupling(3, Transforms = Partition.OddIndices, Activation = Activation.Elu)]
            [InvertibleLinear, Permute(3, 1, 2, 0), Reverse, Shuffle(18446744073709551615), Shuffle(5, Times = 2), Elementwise(Activation.LeakyRelu), Rescale]
            internal partial class Options;

            [FlowStep, MaskedConv(Triangle.Lower), Elementwise(nameof(Bend))] internal partial class Below { static float Bend(float x) => 2 * x; }
            [FlowStep, MintLayer(Triangle.Lower, Paths = 3), Rescale, Sum<Below, Below>(1e-7, 0.1)] internal partial class AlsoBelow;
            [Flow(2), Sum<Below, AlsoBelow>(12.5, 1.0 / 3), MaskedConv(Triangle.Upper)] internal partial class Sums;

            [Flow(2), Dequantize, Logit, ActNorm] internal partial class First;
            [Flow(2), Dequantize(Bins = 5), Logit(0.25), ActNorm] internal partial class Second;
            """;
        var assembly = FlowCompiler.Compile(Source, "Options");
        foreach (string name in (string[])["Options", "First", "Second", "Sums"])
        {
            var description = (FlowDescription)assembly.GetType(name, throwOnError: true)!.GetProperty("Description")!.GetValue(null)!;
            Assert.Equal(name, description.Name);
            Assert.Equal(
                GeneratorHarness.Model(Source, name).Layers.Select(static layer => layer.Layer.Declaration),
                description.Layers.Select(static layer => layer.Declaration));
        }
    }

    [Fact]
    public void A_default_that_is_written_out_changes_nothing()
    {
        foreach (var type in typeof(FlowLayerAttribute).Assembly.GetExportedTypes().Where(static type => type.IsSubclassOf(typeof(FlowLayerAttribute)) && !type.IsGenericType))
        {
            var constructor = type.GetConstructors().Single(static constructor => constructor.GetParameters() is not [{ ParameterType: var first }] || first != typeof(string));
            object?[] arguments = [.. constructor.GetParameters().Select(static parameter =>
                parameter.HasDefaultValue ? parameter.DefaultValue
                : parameter.ParameterType == typeof(int[]) ? IsOrder(parameter) ? new[] { 1, 0 } : []
                : parameter.ParameterType == typeof(Activation) ? Activation.LeakyRelu
                : parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, 0)
                : parameter.ParameterType == typeof(string) ? ""
                : Convert.ChangeType(3, parameter.ParameterType, System.Globalization.CultureInfo.InvariantCulture))];
            var attribute = constructor.Invoke(arguments);
            string name = type.Name[..^"Attribute".Length];
            string positional = name switch { "Permute" => "1, 0", "Elementwise" => "Activation.LeakyRelu", "Shuffle" => "3", "MaskedConv" or "MintLayer" => "Triangle.Lower", _ => "" };
            var options = type.GetProperties().Where(static property => property.CanWrite && property.DeclaringType != typeof(Attribute));
            string written = string.Join(", ", new[] { positional }.Concat(options.Select(option => $"{option.Name} = {Literal(option.GetValue(attribute)!)}")).Where(static text => text.Length > 0));
            string shape = name is "Squeeze" or "Unsqueeze" or "Split" or "Invertible1x1Conv" ? "4, 2, 2" : "2";
            string bare = GeneratorHarness.Model($"using FlowGen; [Flow({shape}), {name}({positional}), ActNorm] partial class A;", "A").Layers[0].Layer.Declaration;
            string full = GeneratorHarness.Model($"using FlowGen; [Flow({shape}), {name}({written}), ActNorm] partial class A;", "A").Layers[0].Layer.Declaration;
            Assert.Equal(bare, full);
        }

        static bool IsOrder(ParameterInfo parameter) => parameter.Member.DeclaringType == typeof(PermuteAttribute);
    }

    private static string Literal(object value) => value switch
    {
        Enum choice => $"{choice.GetType().Name}.{choice}",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"{value} is an option of a kind that this test does not know."),
    };
}
