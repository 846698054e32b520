namespace FlowGen.Tests.Flows;

// Conditioners of one input with two linear pieces to a unit: their first hidden layers are a table.
internal static partial class FlowZoo
{
    private static IEnumerable<FlowCase> Lines()
    {
        string[] nets = ["64, 64", "33, 17", "16, 20, 9", "70, 8", "8, 33"];
        int turn = 0;
        foreach (int size in (int[])[2, 3])
        {
            foreach (string net in nets)
            {
                // At three coordinates, the only one among the odd ones, or the first, conditions two.
                string changes = size == 3 ? (turn % 2 == 0 ? "EvenIndices" : "SecondHalf") : Partitions[turn % 4];
                string activation = turn % 3 == 0 ? "LeakyRelu" : "Relu";
                string options = $"{net}, Transforms = Partition.{changes}, Activation = Activation.{activation}";
                yield return Line(size, turn % 4 == 1 ? $"AdditiveCoupling({options})" : $"AffineCoupling({options}, Scale = ScaleFunction.{Scales[turn % Scales.Length]})");
                turn++;
            }

            yield return Line(size, "ActNorm, AffineCoupling(64, 64, Times = 4), InvertibleLinear, AdditiveCoupling(16, 16, Times = 2)");
        }

        yield return Image(2, 3, 3, "AffineCoupling(33, 17, Net = CouplingNet.Mlp, Times = 2)");
        yield return Image(3, 2, 4, "AffineCoupling(16, 20, 9, Net = CouplingNet.Mlp, Activation = Activation.LeakyRelu, Times = 2)");
    }

    private static FlowCase Line(int size, string layers) => new($"{size}: line, {layers}", size, FlowData.Real, $"[{layers}]");
}
