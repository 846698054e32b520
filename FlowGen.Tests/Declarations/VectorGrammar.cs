using System.Globalization;
using FlowGen.Tests.Flows;

namespace FlowGen.Tests.Declarations;

/// <summary>Random sound flows on vectors: every layer, every option, steps, copies.</summary>
internal static class VectorGrammar
{
    private static readonly string[] Partitions = ["Alternate", "Alternate", "Alternate", "EvenIndices", "OddIndices", "FirstHalf", "SecondHalf"];
    private static readonly string[] Activations = ["Relu", "LeakyRelu", "Elu", "Tanh", "Sigmoid", "Softplus", "Silu", "Gelu", "Identity"];
    private static readonly string[] Bijections = ["LeakyRelu", "Elu", "Tanh", "Sigmoid", "Softplus"];
    private static readonly string[] Scales = ["TanhBounded", "TanhBounded", "Sigmoid", "Sigmoid, ScaleFloor = 0.25", "Sigmoid, ScaleFloor = 0", "Exp"];

    // Layers without options, of every size.
    private static readonly string[] Plain =
    [
        "ActNorm",
        "Rescale",
        "SinhArcsinh",
        "Standardize",
    ];

    /// <summary>A sound declaration.</summary>
    public static RandomDeclaration Create(string name, System.Random random)
    {
        int size = random.Next(8) == 0 ? 1 : random.Next(2, 8);
        var layers = new List<string>();
        var data = FlowData.Real;
        switch (random.Next(8))
        {
            case 0:
                data = FlowData.Levels;
                layers.Add(random.Next(2) == 0 ? "Dequantize" : $"Dequantize(Bins = {Of(random.Next(2, 300))})");
                layers.Add(Logit(random));
                break;
            case 1:
                data = FlowData.Unit;
                layers.Add(Logit(random));
                break;
            case 2:
                data = FlowData.Levels;
                layers.Add("Dequantize");
                break;
        }

        int count = random.Next(layers.Count == 0 ? 1 : 0, 7);
        for (int i = 0; i < count; i++)
        {
            layers.AddRange(Layer(size, random, copies: true));
        }

        var declaration = new RandomDeclaration(name, Head(size, random), FlowGen.Generator.Model.EventShape.Vector(size), data, layers);
        if (random.Next(5) != 0)
        {
            return declaration;
        }

        declaration = declaration with { Step = [.. Enumerable.Range(0, random.Next(1, 4)).SelectMany(_ => Layer(size, random, copies: false))] };
        return declaration with { Layers = [.. layers, $"Repeat<{declaration.StepName}>({Of(random.Next(1, 4))})"] };
    }

    /// <summary>A coupling with random options.</summary>
    public static string Coupling(System.Random random, string more = "")
    {
        bool affine = random.Next(3) > 0;
        string[] hidden = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Of(random.Next(2, 7)))];
        bool residual = hidden.Length == 2 && random.Next(3) == 0;
        string[] options =
        [
            .. residual ? [hidden[0], hidden[0]] : hidden,
            .. Pick(Partitions, random) is var partition and not "Alternate" ? [$"Transforms = Partition.{partition}"] : Array.Empty<string>(),
            .. random.Next(2) == 0 ? [$"Activation = Activation.{Pick(Activations, random)}"] : Array.Empty<string>(),
            .. residual ? ["Net = CouplingNet.ResidualMlp"] : Array.Empty<string>(),
            .. affine && random.Next(2) == 0 ? [$"Scale = ScaleFunction.{Pick(Scales, random)}"] : Array.Empty<string>(),
            .. affine && random.Next(3) == 0 ? ["Form = AffineForm.ShiftThenScale"] : Array.Empty<string>(),
            .. more.Length > 0 ? [more] : Array.Empty<string>(),
        ];
        string name = affine ? "AffineCoupling" : "AdditiveCoupling";
        return options.Length == 0 ? name : $"{name}({string.Join(", ", options)})";
    }

    /// <summary>A number as C#.</summary>
    public static string Of(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Head(int size, System.Random random) => random.Next(6) switch { 0 or 1 => $"{Of(size)}, Prior = Prior.StandardLogistic", 2 => $"{Of(size)}, Prior = Prior.LearnedNormal", _ => Of(size) };

    private static string Logit(System.Random random) => random.Next(2) == 0 ? "Logit(0.05)" : $"Logit({Of(Math.Round(0.001 + (0.4 * random.NextDouble()), 4))})";

    private static IEnumerable<string> Layer(int size, System.Random random, bool copies)
    {
        string times = copies && random.Next(3) == 0 ? $"Times = {Of(random.Next(2, 5))}" : "";
        string In(string name) => times.Length == 0 ? name : $"{name}({times})";
        int turn = random.Next(Plain.Length + (size == 1 ? 3 : 12));
        if (turn < Plain.Length)
        {
            return [In(Plain[turn])];
        }

        switch (turn - Plain.Length)
        {
            case 0:
                return [random.Next(2) == 0 ? In("BatchNorm") : "BatchNorm(Momentum = 0.5, Epsilon = 0.01)"];
            case 1:
                return [$"Elementwise(Activation.{Pick(Bijections, random)}{(times.Length == 0 ? "" : ", " + times)})"];
            case 2:
                return ["Elementwise(Activation.Sigmoid)", Logit(random)];
            case 3:
                return [In("Reverse")];
            case 4:
                return [$"Shuffle({Of(random.Next(100))}{(times.Length == 0 ? "" : ", " + times)})"];
            case 5:
                int[] order = [.. Enumerable.Range(0, size)];
                random.Shuffle(order);
                return [$"Permute({string.Join(", ", order.Select(static index => Of(index)))})"];
            case 6:
                return [random.Next(2) == 0 ? In("InvertibleLinear") : "InvertibleLinear(Parameterization = LinearParameterization.Dense)"];
            case 7:
                // Before a permutation, so that no kink follows a masked convolution.
                return [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => TriangularGrammar.Create(random, times, image: false)), "Reverse"];
            default:
                return [Coupling(random, times)];
        }
    }

    private static T Pick<T>(T[] items, System.Random random) => items[random.Next(items.Length)];
}
