namespace FlowGen.Tests.Declarations;

/// <summary>Random sums of two modules, and the ways to break one.</summary>
internal static class SumGrammar
{
    private static readonly string[] Activations = ["Tanh", "Sigmoid", "Softplus", "Elu"];

    // What a sum cannot hold: on vectors, on images.
    private static readonly string[] NotTriangular = ["Reverse", "ActNorm", "BatchNorm", "Standardize", "Shuffle(3)", "Logit(0.05)", "Dequantize"];
    private static readonly string[] OfVectors = ["InvertibleLinear", "AffineCoupling(3)", "AdditiveCoupling"];
    private static readonly string[] OfImages = ["Squeeze", "Unsqueeze", "Split", "Invertible1x1Conv", "AffineCoupling(3, Net = CouplingNet.NormalizedConv)"];

    /// <summary>The ways to break one, on vectors and on images.</summary>
    public static IReadOnlyList<Fault> Faults { get; } =
    [
        new("sum of two triangles", "FLOW2061", static (d, random) => Insert(d, random, "0.5, 0.5", [Masked("Lower", d, random)], [random.Next(2) == 0 ? Masked("Upper", d, random) : "MintLayer(Triangle.Upper, Paths = 1)"]), static _ => (0.5 * 0.5 * 2 * 2) - (0.5 * 0.5 * 4 * 1) == 0),
        new("negative weight of a sum", "FLOW2062", static (d, random) => Insert(d, random, ((string[])["0.75, -0.25", "0, 1", "1e-60, 1", "0.5, double.NaN"])[random.Next(4)], [Masked("Lower", d, random)], ["Rescale"]), static _ => (0.75 * Math.Exp(0)) - (0.25 * 3) == 0 && 0 * Math.Exp(3) == 0 && (float)1e-60 == 0),
        new("sum with a module that falls", "FLOW2063", static (d, random) => Insert(d, random, "0.5, 0.5", ["Elementwise(nameof(Fall))"], [Masked("Upper", d, random)]), static _ => (0.5 * -2) + (0.5 * 2) == 0),
        new("sum with a layer that is not triangular", "FLOW2064", static (d, random) => Insert(d, random, "0.5, 0.5", ["Rescale", NotInSum(d, random)], ["MintLayer(Triangle.Upper, Paths = 1)"])),
        new("sum with a kink behind a masked convolution", "FLOW2059", static (d, random) => Insert(d, random, "0.5, 0.5", [Masked("Lower", d, random), $"Elementwise(Activation.{(random.Next(2) == 0 ? "LeakyRelu" : "Relu")})"], ["Rescale"])),
        new("sum with an activation that falls", "FLOW2053", static (d, random) => Insert(d, random, "0.5, 0.5", ["Rescale"], [$"MintLayer(Triangle.Upper, Paths = 2, Activation = Activation.{(random.Next(2) == 0 ? "Silu" : "Gelu")})"])),
    ];

    /// <summary>The ways to break one on images alone.</summary>
    public static IReadOnlyList<Fault> OnImages { get; } =
    [
        // x of one channel and pixel reads y of the next channel and pixel in one order, and y reads x in the other.
        new("sum of two orders", "FLOW2061", static (d, random) => Insert(
                d, random, "0.5, 0.5", ["MaskedConv(Triangle.Lower)"], [random.Next(2) == 0 ? "Rescale" : "SinhArcsinh", "MintLayer(Triangle.Lower, Paths = 1, Order = TriangularOrder.PixelMajor)"], static shape => shape.Channels > 1 && shape.Pixels > 1),
            static _ => !double.IsFinite(new FlowGen.Verification.LuDecomposition(new double[,] { { 1, 0.5 * 2 }, { 0.5 * 2, 1 } }).LogAbsDet)),
    ];

    /// <summary>A sound sum, put behind what the data needs: perhaps several of it, perhaps with a function of its own, perhaps with a sum in it.</summary>
    public static RandomDeclaration Add(RandomDeclaration declaration, System.Random random)
    {
        string triangle = random.Next(2) == 0 ? "Triangle.Lower" : "Triangle.Upper";
        string order = random.Next(2) == 0 ? ", Order = TriangularOrder.PixelMajor" : "";
        string[] first = Module(triangle, order, random);
        if (random.Next(4) == 0)
        {
            declaration = Grow(declaration, Weights(random), Module(triangle, order, random), Module(triangle, order, random), out string inner);
            first = [.. first.Take(1), inner];
        }

        if (random.Next(4) == 0 && declaration.Functions.Count == 0)
        {
            var function = FunctionGrammar.Create(random, FunctionKind.Sound);
            if (function.Slope(0) > 0)
            {
                declaration = declaration with { Functions = [function] };
                first = [.. first, $"Elementwise(nameof({function.Name}))"];
            }
        }

        return Insert(declaration, random, Weights(random) + (random.Next(4) == 0 ? ", Times = 2" : ""), first, Module(triangle, order, random))!;
    }

    private static string[] Module(string triangle, string order, System.Random random)
    {
        var layers = new List<string>();
        int count = random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            // What reads no other pixel stands in either order.
            layers.Add(random.Next(7) switch
            {
                0 => "Rescale",
                1 => "SinhArcsinh",
                2 => $"Elementwise(Activation.{Activations[random.Next(Activations.Length)]})",
                3 => $"MintLayer({triangle}, Paths = {VectorGrammar.Of(random.Next(1, 3))}{order})",
                4 => $"MaskedConv({triangle}, Kernel = 1{(random.Next(2) == 0 ? ", Order = TriangularOrder.PixelMajor" : "")})",
                _ => $"MaskedConv({triangle}{order})",
            });
        }

        return [.. layers];
    }

    private static string Weights(System.Random random) => $"{VectorGrammar.Of(random.Next(1, 16) / 8.0)}, {VectorGrammar.Of(random.Next(1, 16) / 8.0)}";

    private static string Masked(string triangle, RandomDeclaration declaration, System.Random random) =>
        $"MaskedConv(Triangle.{triangle}{(declaration.Shape.IsImage && random.Next(2) == 0 ? ", Kernel = 5" : "")})";

    private static string NotInSum(RandomDeclaration declaration, System.Random random)
    {
        string[] layers = [.. NotTriangular, .. declaration.Shape.IsImage ? OfImages : OfVectors];
        return layers[random.Next(layers.Length)];
    }

    private static RandomDeclaration? Insert(
        RandomDeclaration declaration, System.Random random, string weights, string[] first, string[] second, Func<FlowGen.Generator.Model.EventShape, bool>? fits = null)
    {
        var grown = Grow(declaration, weights, first, second, out string sum);
        return fits is null ? DeclarationEdits.InsertSound(grown, random, sum) : DeclarationEdits.InsertWhere(grown, random, fits, sum);
    }

    private static RandomDeclaration Grow(RandomDeclaration declaration, string weights, string[] first, string[] second, out string sum)
    {
        int from = declaration.Modules.Count;
        var grown = declaration with { Modules = [.. declaration.Modules, first, second] };
        sum = $"Sum<{grown.ModuleName(from)}, {grown.ModuleName(from + 1)}>({weights})";
        return grown;
    }
}
