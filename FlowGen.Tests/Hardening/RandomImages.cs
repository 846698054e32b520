using System.Globalization;
using CsCheck;
using FlowGen.Tests.Flows;

namespace FlowGen.Tests.Hardening;

/// <summary>Declarations of flows on images that nobody chose: levels of squeezes and splits, and between them every layer that images can have.</summary>
internal static class RandomImages
{
    private static readonly string[] Activations = ["Relu", "LeakyRelu", "Elu", "Tanh", "Sigmoid", "Softplus", "Silu", "Gelu", "Identity"];
    private static readonly string[] Smooth = ["Elu", "Tanh", "Sigmoid", "Softplus"];
    private static readonly string[] Scales = ["TanhBounded", "Exp", "Sigmoid", "Sigmoid, ScaleFloor = 0.1"];
    private static readonly string[] Forms = ["ScaleThenShift", "ShiftThenScale"];
    private static readonly string[] Orders = ["ChannelMajor", "Checkerboard", "SpaceToDepth"];

    /// <summary>A flow that a number fixes.</summary>
    public static FlowCase Declare(int number, ulong seed)
    {
        var random = new PCG((uint)number + 3, seed);
        int Draw(int below) => (int)random.Next((uint)below);
        string Pick(string[] from) => from[Draw(from.Length)];

        int channels = 1 + Draw(3);
        int height = 1 + Draw(6);
        int width = height == 1 ? 2 + Draw(5) : 1 + Draw(6);
        string shape = string.Create(CultureInfo.InvariantCulture, $"{channels}, {height}, {width}");
        int size = channels * height * width;
        var layers = new List<string>();
        var data = Draw(5) switch { 0 => FlowData.Levels, 1 => FlowData.Unit, _ => FlowData.Real };
        if (data != FlowData.Real)
        {
            layers.Add(data == FlowData.Levels ? "Dequantize, Logit(0.05)" : "Logit(0.05)");
        }

        bool folded = false;
        for (int level = 1 + Draw(3); level > 0; level--)
        {
            if (height % 2 == 0 && width % 2 == 0 && Draw(3) > 0)
            {
                layers.Add($"Squeeze(Order = SqueezeOrder.{Pick(Orders)})");
                (channels, height, width) = (4 * channels, height / 2, width / 2);
            }

            for (int layer = 1 + Draw(3); layer > 0; layer--)
            {
                string next = Draw(12) switch
                {
                    0 => "ActNorm",
                    1 => Pick(["Rescale", "BatchNorm", "Standardize"]),
                    2 => Pick(["Invertible1x1Conv", "Invertible1x1Conv(Parameterization = LinearParameterization.Dense)"]),
                    3 when channels > 1 => Pick(["Reverse", "Shuffle(5)"]),
                    4 when number % 3 == 1 => "Sum<UpperLinear, UpperMint>(0.25, 0.5)",
                    4 => $"MintPair(Paths = {1 + Draw(3)}, Kernel = {Pick(["1", "3"])}, Activation = Activation.{Pick(Smooth)})",
                    5 => $"MintLayer(Triangle.{Pick(["Lower", "Upper"])}, Paths = 2, Order = TriangularOrder.PixelMajor)",
                    6 => $"MaskedConv(Triangle.{Pick(["Lower", "Upper"])}, Order = TriangularOrder.{Pick(["ChannelMajor", "PixelMajor"])})",

                    // One fold of slope 0.01 leaves digits enough to come back from.
                    7 when !folded && !layers.Any(static text => text.StartsWith("MaskedConv", StringComparison.Ordinal)) => "Elementwise(Activation.LeakyRelu)",
                    _ => Coupling(channels, height * width),
                };
                folded |= next.StartsWith("Elementwise", StringComparison.Ordinal);
                layers.Add(next);
            }

            if (channels > 1 && Draw(2) == 0)
            {
                layers.Add($"Split(Prior = SplitPrior.{Pick(["Standard", "Learned"])}, Keeps = FlowGen.Half.{Pick(["First", "Second"])})");
                channels = layers[^1].Contains("First", StringComparison.Ordinal) ? channels - (channels / 2) : channels / 2;
            }
        }

        return new FlowCase($"image {number}", size, data, $"[{string.Join(", ", layers)}]") { Shape = shape, FlowOptions = Draw(4) == 0 ? ", Prior = Prior.LearnedNormal" : "" };

        string Coupling(int channels, int pixels)
        {
            if (channels == 1 && pixels == 1)
            {
                return "ActNorm";
            }

            string partition = pixels > 1 && (channels == 1 || Draw(3) == 0) ? Pick(["EvenPixels", "OddPixels"]) : Pick(["FirstHalf", "SecondHalf"]);
            string net = Pick([$"{1 + Draw(9)}, {1 + Draw(9)}, Net = CouplingNet.Conv", $"{1 + Draw(9)}, Net = CouplingNet.ResNet, Blocks = {1 + Draw(2)}"]);
            string common = $"{net}, Transforms = Partition.{partition}, Activation = Activation.{Pick(Activations)}";
            return Draw(3) == 0 ? $"AdditiveCoupling({common})" : $"AffineCoupling({common}, Scale = ScaleFunction.{Pick(Scales)}, Form = AffineForm.{Pick(Forms)})";
        }
    }
}
