using System.Globalization;

namespace FlowGen.Tests.Flows;

// Images: sizes that fill vectors and that do not, odd sides, every layer alone, and stacks of several levels.
internal static partial class FlowZoo
{
    private static string[] Triangles =>
    [
        "MaskedConv(Triangle.Lower)",
        "MaskedConv(Triangle.Upper, Kernel = 5, Order = TriangularOrder.PixelMajor)",
        "MintLayer(Triangle.Lower, Paths = 2)",
        "MintLayer(Triangle.Upper, Paths = 5, Activation = Activation.Tanh, Order = TriangularOrder.PixelMajor)",
        "MintPair(Paths = 1, Kernel = 1, Activation = Activation.Sigmoid)",
        "MintPair(Paths = 3, Kernel = 5, Activation = Activation.Softplus)",
    ];

    private static IEnumerable<FlowCase> Images()
    {
        (int Channels, int Height, int Width)[] sizes = [(1, 1, 2), (2, 1, 1), (3, 3, 5), (2, 4, 4), (5, 2, 7), (1, 6, 4)];
        foreach (var (channels, height, width) in sizes)
        {
            string[] layers = ["ActNorm", "Rescale", "SinhArcsinh", "BatchNorm", "Standardize", "Elementwise(Activation.Softplus)", "Repeat<Bend0>(1)", "Repeat<Bend3>(1)", "Invertible1x1Conv", "Invertible1x1Conv(Parameterization = LinearParameterization.Dense)"];
            foreach (string layer in layers.Concat(Triangles).Concat(Sums.Where(sum => channels * height * width <= 24 || !sum.Contains("LowerSums", StringComparison.Ordinal))))
            {
                yield return Image(channels, height, width, layer);
            }

            yield return Image(channels, height, width, "Dequantize, Logit(0.05)", FlowData.Levels);
            if (channels > 1)
            {
                string[] mixing = [$"Permute({string.Join(", ", Enumerable.Range(1, channels).Select(i => i % channels))})", "Reverse", "Shuffle(7)", "Split", "Split(Keeps = FlowGen.Half.Second)", "Split(Prior = SplitPrior.Learned)", "Split(Prior = SplitPrior.Learned, Keeps = FlowGen.Half.Second), ActNorm"];
                foreach (string layer in mixing)
                {
                    yield return Image(channels, height, width, layer);
                }
            }
        }

        foreach (string order in (string[])["ChannelMajor", "Checkerboard", "SpaceToDepth"])
        {
            yield return Image(3, 4, 6, $"Squeeze(Order = SqueezeOrder.{order}), ActNorm");
            yield return Image(2, 2, 2, $"Squeeze(Order = SqueezeOrder.{order})");
            yield return Image(8, 3, 1, $"Unsqueeze(Order = SqueezeOrder.{order}), Rescale");
        }

        yield return Learned(Image(3, 3, 5, "ActNorm, Split"));
        yield return Learned(new FlowCase("5: Reverse", 5, FlowData.Real, "[Reverse]"));
        yield return Image(1, 4, 4, "MintPair(Paths = 9), Squeeze(Order = SqueezeOrder.SpaceToDepth), MintPair(Paths = 2, Times = 2), MaskedConv(Triangle.Lower)");

        // More positions, and more paths, than the kernels take at once.
        yield return Image(1, 9, 17, "MintPair(Paths = 3)");
        yield return Image(1, 2, 36, "MintLayer(Triangle.Upper, Paths = 26, Kernel = 1)");

        // Paths enough for several channels whose last convolution runs tap by tap, between borders and over them.
        yield return Image(2, 2, 16, "MintLayer(Triangle.Lower, Paths = 7)");
        yield return Image(3, 2, 5, "MintLayer(Triangle.Upper, Paths = 13, Activation = Activation.Tanh, Order = TriangularOrder.PixelMajor)");
        yield return Image(1, 8, 4, "Squeeze, ActNorm, Invertible1x1Conv, Split, Squeeze(Order = SqueezeOrder.Checkerboard), BatchNorm, Invertible1x1Conv, Split(Prior = SplitPrior.Learned), Reverse, ActNorm");
        yield return Image(2, 4, 4, "Dequantize, Logit(0.05), Squeeze(Order = SqueezeOrder.SpaceToDepth), ActNorm, Split(Keeps = FlowGen.Half.Second), Unsqueeze, BatchNorm, Rescale", FlowData.Levels);
    }

    // No layer of its own declares it: the prior appends one.
    private static FlowCase Learned(FlowCase flow) => flow with { Name = flow.Name + ", learned prior", FlowOptions = ", Prior = Prior.LearnedNormal" };

    private static FlowCase Image(int channels, int height, int width, string layers, FlowData data = FlowData.Real)
    {
        string shape = string.Create(CultureInfo.InvariantCulture, $"{channels}, {height}, {width}");
        return new FlowCase($"image {shape}: {layers}", channels * height * width, data, $"[{layers}]") { Shape = shape };
    }
}
