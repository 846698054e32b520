namespace FlowGen.Tests.ReferenceVectors;

/// <summary>
/// The authors' blocks are our Mint layers. They keep whole kernels and masks, and count hidden channels as path * channels + channel; ours are the kept
/// taps alone, hidden channels channel * paths + path. Which taps are kept is taken from their masks.
/// </summary>
/// <typeparam name="TFlow">The peer's stack, declared as a flow.</typeparam>
public abstract class MintnetTests<TFlow> : InvertiblePeerTests<TFlow>
    where TFlow : class, IFlow<TFlow>
{
    private const int Blocks = 4;

    private static int Channels => TFlow.Description.EventShape.Channels;

    private protected override TensorMap Map(PeerCase peer)
    {
        var map = new TensorMap();
        for (int block = 0; block < Blocks; block++)
        {
            string theirs = "w/" + Name(block);
            for (int k = 1; k <= 3; k++)
            {
                int[] kept = Kept(peer, block, k);
                string weight = $"{theirs}weight{k}";
                map.Add($"layers.{block}.weight{k}", tensors => ForeignTensor.Of(Select(tensors[weight].Values, kept), kept.Length));
                int outputs = peer.Weight($"{Name(block)}bias{k}").Count;
                string bias = $"{theirs}bias{k}";
                map.Add($"layers.{block}.bias{k}", tensors => ForeignTensor.Of(Select(tensors[bias].Values, Units(outputs)), outputs));
            }

            string t = theirs + "t";
            map.Add($"layers.{block}.t", tensors => tensors[t].Reshape(tensors[t].Shape[1..]));
        }

        return map;
    }

    private protected override IReadOnlyDictionary<string, Func<FlowGradient, ForeignTensor>> Gradients(PeerCase peer)
    {
        var gradients = new Dictionary<string, Func<FlowGradient, ForeignTensor>>();
        for (int block = 0; block < Blocks; block++)
        {
            int layer = block;
            for (int k = 1; k <= 3; k++)
            {
                int number = k;
                int[] kept = Kept(peer, block, k);
                int[] shape = peer.Weight($"{Name(block)}weight{k}").Shape.ToArray();
                int outputs = shape[0];
                gradients[$"{Name(block)}weight{k}"] = gradient => Scatter(gradient[$"layers.{layer}.weight{number}"].Values, kept, shape);
                gradients[$"{Name(block)}bias{k}"] = gradient => Scatter(gradient[$"layers.{layer}.bias{number}"].Values, Units(outputs), [outputs]);
            }

            int[] slopes = peer.Weight(Name(block) + "t").Shape.ToArray();
            gradients[Name(block) + "t"] = gradient => gradient[$"layers.{layer}.t"].Reshape(slopes);
        }

        return gradients;
    }

    private static string Name(int block) => $"layers.{block / 2}.{block % 2}.";

    /// <summary>The peer's hidden channel of each of ours.</summary>
    private static int[] Units(int count)
    {
        int paths = count / Channels;
        return [.. Enumerable.Range(0, count).Select(ours => ((ours % paths) * Channels) + (ours / paths))];
    }

    /// <summary>The peer's index of each of our taps.</summary>
    private static int[] Kept(PeerCase peer, int block, int convolution)
    {
        var mask = peer.Weight($"{Name(block)}mask{convolution}");
        int[] outputs = Units(mask.Shape[0]);
        int[] inputs = Units(mask.Shape[1]);
        int area = mask.Shape[2] * mask.Shape[3];
        var kept = new List<int>();
        foreach (int output in outputs)
        {
            foreach (int input in inputs)
            {
                for (int tap = 0; tap < area; tap++)
                {
                    int index = (((output * inputs.Length) + input) * area) + tap;
                    if (mask.Values[index] != 0)
                    {
                        kept.Add(index);
                    }
                }
            }
        }

        return [.. kept];
    }

    private static double[] Select(ReadOnlySpan<double> values, int[] indices)
    {
        double[] selected = new double[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            selected[i] = values[indices[i]];
        }

        return selected;
    }

    private static ForeignTensor Scatter(ReadOnlySpan<double> values, int[] indices, int[] shape)
    {
        double[] whole = new double[shape.Aggregate(1, static (product, length) => product * length)];
        for (int i = 0; i < indices.Length; i++)
        {
            whole[indices[i]] = values[i];
        }

        return ForeignTensor.Of(whole, shape);
    }
}

/// <summary>One channel, eight paths.</summary>
public sealed class MintnetOneChannelTests : MintnetTests<MintnetOneChannel>
{
    public override string CaseName => "mintnet_1x8x8";
}

/// <summary>Three channels, four paths.</summary>
public sealed class MintnetThreeChannelTests : MintnetTests<MintnetThreeChannels>
{
    public override string CaseName => "mintnet_3x8x8";
}
