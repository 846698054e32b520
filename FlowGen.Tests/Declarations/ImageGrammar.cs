using FlowGen.Tests.Flows;
using Shape = FlowGen.Generator.Model.EventShape;

namespace FlowGen.Tests.Declarations;

/// <summary>Random sound flows on images: odd and even sides, levels, every layer and option.</summary>
internal static class ImageGrammar
{
    private const int MostCoordinates = 18;

    private static readonly string[] Activations = ["Relu", "LeakyRelu", "Elu", "Tanh", "Sigmoid", "Softplus", "Silu", "Gelu", "Identity"];
    private static readonly string[] Bijections = ["LeakyRelu", "Elu", "Tanh", "Sigmoid", "Softplus"];
    private static readonly string[] Scales = ["TanhBounded", "TanhBounded", "Sigmoid", "Sigmoid, ScaleFloor = 0.25", "Sigmoid, ScaleFloor = 0", "Exp"];
    private static readonly string[] Orders = ["ChannelMajor", "Checkerboard", "SpaceToDepth"];

    /// <summary>A sound declaration.</summary>
    public static RandomDeclaration Create(string name, System.Random random)
    {
        int channels, height, width;
        do
        {
            (channels, height, width) = random.Next(2) == 0
                ? (random.Next(1, 5), random.Next(1, 5), random.Next(1, 5))
                : (random.Next(1, 4), 2 * random.Next(1, 3), 2 * random.Next(1, 3));
        }
        while (channels * height * width > MostCoordinates);
        var shape = Shape.Image(channels, height, width);
        var input = shape;
        string prior = random.Next(5) switch { 0 => ", Prior = Prior.StandardLogistic", 1 => ", Prior = Prior.LearnedNormal", _ => "" };
        var layers = new List<string>();
        var shapes = new List<Shape>();
        var data = FlowData.Real;
        void Add(string layer)
        {
            layers.Add(layer);
            shapes.Add(shape);
        }

        switch (random.Next(8))
        {
            case 0:
                data = FlowData.Levels;
                Add("Dequantize");
                Add("Logit(0.05)");
                break;
            case 1:
                data = FlowData.Levels;
                Add("Dequantize(Bins = 16)");
                break;
        }

        int count = random.Next(1, 6);
        for (int i = 0; i < count; i++)
        {
            var before = shape;
            foreach (string layer in Layer(ref shape, random, layers, learned: prior != ", Prior = Prior.StandardLogistic"))
            {
                layers.Add(layer);
                shapes.Add(before);
            }
        }

        var declaration = new RandomDeclaration(name, $"{VectorGrammar.Of(channels)}, {VectorGrammar.Of(height)}, {VectorGrammar.Of(width)}{prior}", input, data, layers);
        if (random.Next(6) == 0)
        {
            declaration = declaration with { Step = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Kept(shape, random))] };
            Add($"Repeat<{declaration.StepName}>({VectorGrammar.Of(random.Next(1, 4))})");
        }

        shapes.Add(shape);
        return declaration with { Shapes = shapes };
    }

    // What a step can repeat.
    private static string Kept(Shape shape, System.Random random) => random.Next(6) switch
    {
        0 => "ActNorm",
        1 => "SinhArcsinh",
        2 => "Invertible1x1Conv",
        3 when shape.Channels > 1 => "Reverse",
        4 => TriangularGrammar.Create(random, "", image: true),
        _ => shape.Size > 1 ? Coupling(shape, random, "") : "Rescale",
    };

    private static IEnumerable<string> Layer(ref Shape shape, System.Random random, List<string> before, bool learned)
    {
        string times = random.Next(4) == 0 ? $"Times = {VectorGrammar.Of(random.Next(2, 4))}" : "";
        string In(string name) => times.Length == 0 ? name : $"{name}({times})";
        int channels = shape.Channels;
        switch (random.Next(17))
        {
            case 0:
                return [In("ActNorm")];
            case 1:
                return [random.Next(2) == 0 ? In("Rescale") : In("Standardize")];
            case 2:
                return [random.Next(2) == 0 ? In("BatchNorm") : "BatchNorm(Momentum = 0.25, Epsilon = 0.001)"];
            case 3:
                return [$"Elementwise(Activation.{Pick(Bijections[(BehindMaskedConv(before) ? 1 : 0)..], random)})"];
            case 4:
                return ["Elementwise(Activation.Sigmoid)", "Logit(0.05)"];
            case 5 when channels > 1:
                int[] order = [.. Enumerable.Range(0, channels)];
                random.Shuffle(order);
                return [random.Next(3) switch { 0 => In("Reverse"), 1 => $"Shuffle({VectorGrammar.Of(random.Next(100))})", _ => $"Permute({string.Join(", ", order)})" }];
            case 6:
                return [random.Next(2) == 0 ? In("Invertible1x1Conv") : "Invertible1x1Conv(Parameterization = LinearParameterization.Dense)"];
            case 7 when shape.Height % 4 == 0 && shape.Width % 4 == 0 && random.Next(2) == 0:
                shape = Shape.Image(16 * channels, shape.Height / 4, shape.Width / 4);
                return [$"Squeeze(Order = SqueezeOrder.{Pick(Orders, random)}, Times = 2)"];
            case 7 or 8 when shape.CanSqueeze:
                shape = Shape.Image(4 * channels, shape.Height / 2, shape.Width / 2);
                return [$"Squeeze(Order = SqueezeOrder.{Pick(Orders, random)})"];
            case 9 when channels % 4 == 0:
                shape = Shape.Image(channels / 4, 2 * shape.Height, 2 * shape.Width);
                return [$"Unsqueeze(Order = SqueezeOrder.{Pick(Orders, random)})"];
            case 10 when channels > 1:
                bool second = random.Next(3) == 0;
                shape = Shape.Image(second ? channels / 2 : channels - (channels / 2), shape.Height, shape.Width);
                return [$"Split({string.Join(", ", (string[])[.. learned && random.Next(2) == 0 ? ["Prior = SplitPrior.Learned"] : Array.Empty<string>(), .. second ? ["Keeps = Half.Second"] : Array.Empty<string>()])})"];
            case 16:
                return [In("SinhArcsinh")];
            case 11 or 12:
                return random.Next(channels > 1 && shape.Pixels > 1 ? 2 : 6) == 0 ? TriangularGrammar.Pair(random) : [TriangularGrammar.Create(random, times, image: true)];
            default:
                return shape.Size > 1 ? [Coupling(shape, random, times)] : [In("ActNorm")];
        }
    }

    private static string Coupling(Shape shape, System.Random random, string more)
    {
        string[] partitions =
        [
            .. shape.Channels > 1 ? ["FirstHalf", "SecondHalf"] : Array.Empty<string>(),
            .. shape.Pixels > 1 ? ["EvenPixels", "OddPixels"] : Array.Empty<string>(),
            // Copies alternate, and so does what stands behind another coupling: all of them have convolutions.
            .. shape.Pixels > 1 ? ["Alternate", "Alternate"] : Array.Empty<string>(),
        ];
        string partition = Pick(partitions, random);
        bool dense = partition.EndsWith("Half", StringComparison.Ordinal) && random.Next(3) == 0;
        string net = dense ? Pick(["Mlp", "ResidualMlp"], random) : Pick(["Conv", "NormalizedConv", "ResNet"], random);
        string width = VectorGrammar.Of(random.Next(2, 5));
        string[] hidden = net switch
        {
            "ResNet" => [width],
            "ResidualMlp" => [width, width],
            _ => [.. Enumerable.Range(0, random.Next(3)).Select(_ => VectorGrammar.Of(random.Next(2, 5)))],
        };
        bool affine = random.Next(3) > 0;
        string[] options =
        [
            .. hidden,
            .. partition == "Alternate" ? Array.Empty<string>() : [$"Transforms = Partition.{partition}"],
            .. random.Next(2) == 0 ? [$"Activation = Activation.{Pick(Activations, random)}"] : Array.Empty<string>(),
            $"Net = CouplingNet.{net}",
            .. net == "ResNet" && random.Next(2) == 0 ? [$"Blocks = {VectorGrammar.Of(random.Next(1, 4))}"] : Array.Empty<string>(),
            .. affine && random.Next(2) == 0 ? [$"Scale = ScaleFunction.{Pick(Scales, random)}"] : Array.Empty<string>(),
            .. affine && random.Next(3) == 0 ? ["Form = AffineForm.ShiftThenScale"] : Array.Empty<string>(),
            .. more.Length > 0 ? [more] : Array.Empty<string>(),
        ];
        return $"{(affine ? "AffineCoupling" : "AdditiveCoupling")}({string.Join(", ", options)})";
    }

    // Behind a masked convolution, scaled or not, there must be no kink.
    private static bool BehindMaskedConv(List<string> layers) => layers.FindLast(static layer =>
        !layer.StartsWith("ActNorm", StringComparison.Ordinal) && !layer.StartsWith("Rescale", StringComparison.Ordinal)
        && !layer.StartsWith("BatchNorm", StringComparison.Ordinal) && !layer.StartsWith("Standardize", StringComparison.Ordinal))?.StartsWith("MaskedConv", StringComparison.Ordinal) == true;

    private static T Pick<T>(T[] items, System.Random random) => items[random.Next(items.Length)];
}
