namespace FlowGen.Tests.Declarations;

/// <summary>Random sums of two modules, and the ways to break one.</summary>
internal static class SumGrammar
{
    private static readonly string[] Activations = ["Tanh", "Sigmoid", "Softplus", "Elu"];

    /// <summary>The ways to break one.</summary>
    public static IReadOnlyList<Fault> Faults { get; } =
    [
        new("sum of two triangles", "FLOW2061", static (d, random) => Insert(d, random, "0.5, 0.5", ["MaskedConv(Triangle.Lower)"], [random.Next(2) == 0 ? "MaskedConv(Triangle.Upper)" : "MintLayer(Triangle.Upper, Paths = 1)"]), static _ => (0.5 * 0.5 * 2 * 2) - (0.5 * 0.5 * 4 * 1) == 0),
        new("negative weight of a sum", "FLOW2062", static (d, random) => Insert(d, random, random.Next(2) == 0 ? "0.75, -0.25" : "0, 1", ["MaskedConv(Triangle.Lower)"], ["Rescale"]), static _ => (0.75 * Math.Exp(0)) - (0.25 * 3) == 0 && 0 * Math.Exp(3) == 0),
        new("sum with a module that falls", "FLOW2063", static (d, random) => Insert(d, random, "0.5, 0.5", ["Elementwise(nameof(Fall))"], ["MaskedConv(Triangle.Upper)"]), static _ => (0.5 * -2) + (0.5 * 2) == 0),
        new("sum with a layer that is not triangular", "FLOW2064", static (d, random) => Insert(d, random, "0.5, 0.5", ["Rescale", random.Next(2) == 0 ? "Reverse" : "ActNorm"], ["MintLayer(Triangle.Upper, Paths = 1)"])),
    ];

    /// <summary>A sound sum, put behind what the data needs.</summary>
    public static RandomDeclaration Add(RandomDeclaration declaration, System.Random random)
    {
        string triangle = random.Next(2) == 0 ? "Triangle.Lower" : "Triangle.Upper";
        string order = random.Next(2) == 0 ? ", Order = TriangularOrder.PixelMajor" : "";
        string weights = $"{VectorGrammar.Of(random.Next(1, 16) / 8.0)}, {VectorGrammar.Of(random.Next(1, 16) / 8.0)}";
        return Insert(declaration, random, weights, Module(triangle, order, random), Module(triangle, order, random));
    }

    private static string[] Module(string triangle, string order, System.Random random)
    {
        var layers = new List<string>();
        int count = random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            layers.Add(random.Next(6) switch
            {
                0 => "Rescale",
                1 => "SinhArcsinh",
                2 => $"Elementwise(Activation.{Activations[random.Next(Activations.Length)]})",
                3 => $"MintLayer({triangle}, Paths = {VectorGrammar.Of(random.Next(1, 3))}{order})",
                _ => $"MaskedConv({triangle}, Kernel = {VectorGrammar.Of((2 * random.Next(2)) + 1)}{order})",
            });
        }

        return [.. layers];
    }

    private static RandomDeclaration Insert(RandomDeclaration declaration, System.Random random, string weights, string[] first, string[] second)
    {
        int from = declaration.Modules.Count;
        var grown = declaration with { Modules = [.. declaration.Modules, first, second] };
        return DeclarationEdits.InsertSound(grown, random, $"Sum<{grown.ModuleName(from)}, {grown.ModuleName(from + 1)}>({weights})");
    }
}
