namespace FlowGen.Tests.Declarations;

/// <summary>Random layers of MintNet, and the ways to break them. They stand on vectors and on images alike.</summary>
internal static class TriangularGrammar
{
    private static readonly string[] Activations = ["Tanh", "Sigmoid", "Softplus", "Elu"];

    /// <summary>The ways to break one.</summary>
    public static IReadOnlyList<Fault> Faults { get; } =
    [
        new("even kernel", "FLOW2050", static (d, random) => DeclarationEdits.Insert(d, random, $"MaskedConv(Triangle.Lower, Kernel = {VectorGrammar.Of(2 * random.Next(-1, 4))})")),
        new("even kernel of a pair", "FLOW2050", static (d, random) => DeclarationEdits.Insert(d, random, $"MintPair(Kernel = {VectorGrammar.Of(2 * random.Next(4))})")),
        new("no paths", "FLOW2051", static (d, random) => DeclarationEdits.Insert(d, random, $"MintLayer(Triangle.Upper, Paths = {VectorGrammar.Of(-random.Next(3))})")),
        new("activation with a kink", "FLOW2052", static (d, random) => DeclarationEdits.Insert(d, random, $"MintPair(Paths = 2, Activation = Activation.{(random.Next(2) == 0 ? "Relu" : "LeakyRelu")})"), static _ => Jumps(static x => Math.Max(x, 0)) && Jumps(static x => Math.Max(x, 0.01 * x)) && !Jumps(static x => x > 0 ? x : Math.Exp(x) - 1)),
        new("activation that falls", "FLOW2053", static (d, random) => DeclarationEdits.Insert(d, random, $"MintLayer(Triangle.Lower, Paths = 2, Activation = Activation.{(random.Next(2) == 0 ? "Silu" : "Gelu")})"), static d => Folds(d.Source.Contains("Activation.Silu)", StringComparison.Ordinal)
            ? static x => x / (1 + Math.Exp(-x))
            : static x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))))),
        new("no activation", "FLOW2058", static (d, random) => DeclarationEdits.Insert(d, random, "MintPair(Paths = 2, Activation = Activation.Identity)")),
        new("kink behind a masked convolution", "FLOW2059", static (d, random) => DeclarationEdits.Insert(d, random, "MaskedConv(Triangle.Lower), Elementwise(Activation.LeakyRelu)"), static _ => Jumps(static x => Math.Max(x, 0.01 * x))),
        new("relu behind a masked convolution", "FLOW2059", static (d, random) => DeclarationEdits.Insert(d, random, $"MaskedConv(Triangle.Upper){(random.Next(2) == 0 ? ", ActNorm" : "")}, Elementwise(Activation.Relu)"), static _ => Jumps(static x => Math.Max(x, 0))),
        new("no such triangle", "FLOW1018", static (d, random) => DeclarationEdits.Insert(d, random, "MaskedConv((Triangle)3)")),
    ];

    /// <summary>A masked convolution, a Mint layer, or a pair.</summary>
    public static string Create(System.Random random, string more, bool image)
    {
        string triangle = random.Next(2) == 0 ? "Triangle.Lower" : "Triangle.Upper";
        string[] options =
        [
            .. image && random.Next(2) == 0 ? [$"Kernel = {VectorGrammar.Of((2 * random.Next(3)) + 1)}"] : Array.Empty<string>(),
            .. image && random.Next(2) == 0 ? ["Order = TriangularOrder.PixelMajor"] : Array.Empty<string>(),
            .. more.Length > 0 ? [more] : Array.Empty<string>(),
        ];
        if (random.Next(3) == 0)
        {
            return $"MaskedConv({string.Join(", ", [triangle, .. options])})";
        }

        string[] mint =
        [
            $"Paths = {VectorGrammar.Of(random.Next(1, 4))}",
            .. random.Next(2) == 0 ? [$"Activation = Activation.{Activations[random.Next(Activations.Length)]}"] : Array.Empty<string>(),
            .. options,
        ];
        return random.Next(2) == 0 ? $"MintPair({string.Join(", ", mint)})" : $"MintLayer({string.Join(", ", [triangle, .. mint])})";
    }

    /// <summary>Two Mint layers in a row of any orientations and orders.</summary>
    public static string[] Pair(System.Random random)
    {
        string kernel = VectorGrammar.Of((2 * random.Next(3)) + 1);
        string Half() => $"MintLayer(Triangle.{(random.Next(2) == 0 ? "Lower" : "Upper")}, Paths = {VectorGrammar.Of(random.Next(1, 3))}, Kernel = {kernel}{(random.Next(2) == 0 ? ", Order = TriangularOrder.PixelMajor" : "")})";
        return [Half(), Half()];
    }

    // Slopes on both sides of 0 that stay apart.
    private static bool Jumps(Func<double, double> activation) =>
        Math.Abs(((activation(1e-7) - activation(0)) / 1e-7) - ((activation(0) - activation(-1e-7)) / 1e-7)) > 1e-3;

    // One coordinate with one path, t = 0.05 and weights 3: the output of such a layer falls somewhere.
    private static bool Folds(Func<double, double> activation)
    {
        double Layer(double x) => (0.05 * x) + (3 * activation(3 * activation(3 * x)));
        return Enumerable.Range(-400, 800).Any(i => Layer((i + 1) / 200.0) < Layer(i / 200.0));
    }
}
