using FlowGen.Verification;

namespace FlowGen.Tests.Declarations;

/// <summary>The ways to break a flow on images, and to give vectors what is for images.</summary>
internal static class ImageFaults
{
    /// <summary>On images.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("squeeze of an odd side", "FLOW2033", static (d, random) => DeclarationEdits.InsertWhere(d, random, static shape => !shape.CanSqueeze, "Squeeze"), static d => d.Shapes.Any(static s => 4 * (s.Height / 2) * (s.Width / 2) != s.Pixels)),
        new("unsqueeze of other than fours", "FLOW2034", static (d, random) => DeclarationEdits.InsertWhere(d, random, static shape => shape.Channels % 4 != 0, "Unsqueeze"), static d => d.Shapes.Any(static s => 4 * (s.Channels / 4) != s.Channels)),
        new("split of one channel", "FLOW2032", static (d, random) => DeclarationEdits.InsertWhere(d, random, static shape => shape.Channels == 1, random.Next(2) == 0 ? "Split" : "Split(Keeps = Half.Second)")),
        new("halves of one channel", "FLOW2032", static (d, random) => DeclarationEdits.InsertWhere(d, random, static shape => shape.Channels == 1 && shape.Pixels > 1, $"AffineCoupling(3, Net = CouplingNet.Conv, Transforms = Partition.{(random.Next(2) == 0 ? "First" : "Second")}Half)")),
        new("checkerboard of one pixel", "FLOW2032", static (d, random) => DeclarationEdits.InsertWhere(d, random, static shape => shape.Channels > 1 && shape.Pixels == 1, "AdditiveCoupling(3, Net = CouplingNet.Conv, Transforms = Partition.OddPixels)")),
        new("coupling of one number", "FLOW2001", static (d, random) => DeclarationEdits.InsertWhere(d, random, static shape => shape.Size == 1, "AdditiveCoupling(3, Net = CouplingNet.Conv)") ?? Alone(d, "1, 1, 1", "AdditiveCoupling(3, Net = CouplingNet.Conv)")),
        new("indices of an image", "FLOW2031", static (d, random) => DeclarationEdits.InsertWhere(d, random, static shape => shape.Size > 1, $"AffineCoupling(3, Net = CouplingNet.Conv, Transforms = Partition.{(random.Next(2) == 0 ? "Even" : "Odd")}Indices)")),
        new("checkerboard without convolution", "FLOW2048", static (d, random) => DeclarationEdits.InsertWhere(d, random, static shape => shape.Pixels > 1, $"AffineCoupling(3, 3, Net = CouplingNet.{(random.Next(2) == 0 ? "Mlp" : "ResidualMlp")}, Transforms = Partition.EvenPixels)")),
        new("layer of vectors", "FLOW2030", static (d, random) => DeclarationEdits.Insert(d, random, "InvertibleLinear")),
        new("widths of a residual network", "FLOW2046", static (d, random) => DeclarationEdits.Insert(d, random, $"AffineCoupling({(random.Next(2) == 0 ? "3, 3, " : "")}Net = CouplingNet.ResNet)")),
        new("widths of a convolution", "FLOW2046", static (d, random) => DeclarationEdits.Insert(d, random, $"AffineCoupling(3, 3, 3, Net = CouplingNet.{(random.Next(2) == 0 ? "Conv" : "NormalizedConv")})")),
        new("no blocks", "FLOW2047", static (d, random) => DeclarationEdits.Insert(d, random, $"AffineCoupling(3, Net = CouplingNet.ResNet, Blocks = {VectorGrammar.Of(-random.Next(2))})")),
        new("learned split before a logistic prior", "FLOW2035", static (d, random) => DeclarationEdits.InsertWhere(d with { Head = d.Head.Replace(", Prior = Prior.LearnedNormal", "", StringComparison.Ordinal).Replace(", Prior = Prior.StandardLogistic", "", StringComparison.Ordinal) + ", Prior = Prior.StandardLogistic", Layers = [.. d.Layers.Select(static layer => layer.Replace("Prior = SplitPrior.Learned", "Prior = SplitPrior.Standard", StringComparison.Ordinal))] }, random, static shape => shape.Channels > 1, "Split(Prior = SplitPrior.Learned)")),
        new("order of channels that is none", "FLOW2004", static (d, random) => random.Next(2) == 0
            ? DeclarationEdits.InsertWhere(d, random, static shape => shape.Channels == 3, "Permute(0, 2, 2)")
            : DeclarationEdits.InsertWhere(d, random, static shape => shape.Channels == 2, "Permute(0, 0)"), static _ => !double.IsFinite(new LuDecomposition(new double[,] { { 1, 0, 0 }, { 0, 0, 1 }, { 0, 0, 1 } }).LogAbsDet)),
        new("order of the pixels", "FLOW2004", static (d, random) => DeclarationEdits.InsertWhere(d, random, static shape => shape.Channels == 1 && shape.Pixels == 2, "Permute(1, 0)") ?? Alone(d, "1, 1, 2", "Permute(1, 0)")),
        new("no rows", "FLOW1009", static (d, random) => d with { Head = random.Next(2) == 0 ? "3, 0, 2" : "0, 4, 4" }),
        .. VectorFaults.All.Where(static fault => fault.Rule is not ("FLOW2001" or "FLOW2004" or "FLOW1009")),
        .. TriangularGrammar.Faults,
        .. SumGrammar.Faults,
        .. SumGrammar.OnImages,
    ];

    /// <summary>On vectors.</summary>
    public static IReadOnlyList<Fault> OnVectors { get; } =
    [
        new("layer of images", "FLOW2030", static (d, random) => DeclarationEdits.Insert(d, random, ((string[])["Squeeze", "Unsqueeze", "Split", "Invertible1x1Conv"])[random.Next(4)])),
        new("checkerboard of a vector", "FLOW2031", static (d, random) => d.Size < 2 ? null : DeclarationEdits.Insert(d, random, "AffineCoupling(3, Transforms = Partition.OddPixels)")),
        new("convolution of a vector", "FLOW2045", static (d, random) => d.Size < 2 ? null : DeclarationEdits.Insert(d, random, $"AffineCoupling(3, Net = CouplingNet.{((string[])["Conv", "ResNet", "NormalizedConv"])[random.Next(3)]})")),
    ];

    // Images so small are seldom drawn.
    private static RandomDeclaration Alone(RandomDeclaration declaration, string shape, string layer) =>
        declaration with { Head = shape, Layers = ["ActNorm", layer], Step = [], Modules = [], Shapes = [], Functions = [] };
}
