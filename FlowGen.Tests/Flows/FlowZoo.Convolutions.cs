namespace FlowGen.Tests.Flows;

// Couplings of images: halves of the channels and checkerboards, every conditioner with every activation, alone and in stacks of several levels.
internal static partial class FlowZoo
{
    private static readonly string[] ImagePartitions = ["FirstHalf", "SecondHalf", "EvenPixels", "OddPixels", "Alternate"];
    private static readonly string[] ImageNets =
    [
        "5, 3|Conv", "7|ResNet, Blocks = 1", "|Conv", "6|Conv", "4|ResNet", "5|Mlp", "3, 3|ResidualMlp", "17, 6|Conv", "2|ResNet, Blocks = 3",
    ];

    private static IEnumerable<FlowCase> Convolutions()
    {
        int turn = 0;
        foreach (var (channels, height, width) in ((int, int, int)[])[(1, 1, 2), (2, 1, 1), (3, 3, 5), (2, 4, 4), (5, 2, 7), (1, 6, 4), (1, 5, 1)])
        {
            for (int i = 0; i < 18; i++, turn++)
            {
                string partition = ImagePartitions[(turn + (turn / 9)) % ImagePartitions.Length];
                bool pixels = partition.EndsWith("Pixels", StringComparison.Ordinal);
                if (pixels ? height * width == 1 : channels == 1)
                {
                    partition = channels == 1 ? (turn % 2 == 0 ? "EvenPixels" : "OddPixels") : "SecondHalf";
                }

                yield return Image(channels, height, width, ImageCoupling(turn, partition));
            }
        }

        yield return Image(3, 4, 6, "AffineCoupling(6, Net = CouplingNet.ResNet, Blocks = 1, Transforms = Partition.EvenPixels, Times = 3), Squeeze, AffineCoupling(5, Net = CouplingNet.ResNet, Blocks = 1, Transforms = Partition.SecondHalf, Times = 3), Split(Keeps = FlowGen.Half.Second)");
        yield return Image(1, 8, 4, "Squeeze, ActNorm, Invertible1x1Conv, AffineCoupling(6, 5, Net = CouplingNet.Conv, Scale = ScaleFunction.Sigmoid), Split(Prior = SplitPrior.Learned), Squeeze, ActNorm, Invertible1x1Conv, AffineCoupling(6, 5, Net = CouplingNet.Conv)");
        yield return Image(1, 1, 2, "AffineCoupling(5, Net = CouplingNet.NormalizedConv, Transforms = Partition.OddPixels, Activation = Activation.Tanh)");
        yield return Image(3, 3, 5, "AffineCoupling(17, 6, Net = CouplingNet.NormalizedConv, Transforms = Partition.FirstHalf, Activation = Activation.Elu, Form = AffineForm.ShiftThenScale)");
        yield return Image(5, 2, 7, "AdditiveCoupling(6, 5, Net = CouplingNet.NormalizedConv, Transforms = Partition.SecondHalf, Activation = Activation.LeakyRelu)");
        yield return Image(2, 3, 3, "AffineCoupling(Net = CouplingNet.NormalizedConv, Transforms = Partition.EvenPixels)");
        yield return Image(2, 4, 5, "ActNorm, AffineCoupling(6, 5, Net = CouplingNet.NormalizedConv, Times = 2), AdditiveCoupling(4, Net = CouplingNet.NormalizedConv, Transforms = Partition.EvenPixels, Activation = Activation.Silu)");

        // Rows of whole vectors, whatever their width.
        yield return Image(3, 2, 16, "AffineCoupling(5, 3, Net = CouplingNet.Conv, Transforms = Partition.FirstHalf, Activation = Activation.Tanh), AffineCoupling(4, Net = CouplingNet.ResNet, Transforms = Partition.EvenPixels, Activation = Activation.Sigmoid)");
        yield return Image(2, 2, 32, "AdditiveCoupling(5, Net = CouplingNet.NormalizedConv, Transforms = Partition.SecondHalf, Activation = Activation.Silu), Split(Prior = SplitPrior.Learned)");
        yield return Image(2, 4, 4, "Squeeze, BatchNorm, AdditiveCoupling(6, Net = CouplingNet.Conv, Times = 2), Rescale");
    }

    private static string ImageCoupling(int turn, string partition)
    {
        string[] net = ImageNets[turn % ImageNets.Length].Split('|');
        if (partition.EndsWith("Pixels", StringComparison.Ordinal) && net[1].EndsWith("Mlp", StringComparison.Ordinal))
        {
            net[1] = "Conv";
        }

        string activation = Activations[(turn / 2) % Activations.Length];
        string hidden = net[0].Length > 0 ? net[0] + ", " : "";
        string options = $"{hidden}Transforms = Partition.{partition}, Activation = Activation.{activation}, Net = CouplingNet.{net[1]}";
        return turn % 3 == 0
            ? $"AdditiveCoupling({options})"
            : $"AffineCoupling({options}, Scale = ScaleFunction.{Scales[turn % Scales.Length]}, Form = AffineForm.{Forms[turn % 2]})";
    }
}
