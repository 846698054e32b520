using System.Runtime.InteropServices;

namespace FlowGen.Kernels;

/// <summary>
/// The taps of a convolution in the order in which <see cref="TapKernel"/> takes them: blocks of neighbouring output planes that share
/// one list of taps. An output that lacks a tap of its block has a weight of zero there.
/// </summary>
internal sealed class TapBlocks
{
    // What a tap costs a block beside its multiply-adds, in output planes: loads of pixels.
    private const double TapCost = 2;

    // Among equal costs, blocks of nearly equal height win.
    private const double Unevenness = 1e-3;

    private TapBlocks(TapBlock[] blocks, int[] offsets, int[] weights)
    {
        Blocks = blocks;
        Offsets = offsets;
        Weights = weights;
    }

    /// <summary>The blocks, from the first output plane to the last.</summary>
    public TapBlock[] Blocks { get; }

    /// <summary>Where each tap reads, from the output's pixel in input plane 0, in floats.</summary>
    public int[] Offsets { get; }

    /// <summary>For every packed weight its index in the layer's tensor, or -1 for zero: block by block, tap by tap, output by output.</summary>
    public int[] Weights { get; }

    /// <summary>Whether the weights of any two neighbouring taps of an output are neighbours in the tensor.</summary>
    public required bool IsDense { get; init; }

    /// <summary>Finds the blocks in which the outputs cost least.</summary>
    /// <param name="shape">The planes.</param>
    /// <param name="outputs">The taps of each output, each list in ascending order of plane, row and column.</param>
    /// <param name="unit">What the heights of blocks are multiples of, as the number of outputs is.</param>
    public static TapBlocks Create(PlaneShape shape, IReadOnlyList<Tap>[] outputs, int unit = 1)
    {
        var lists = Lists(shape, outputs);
        int[] heights = Heights(lists, unit);
        var blocks = new List<TapBlock>();
        var offsets = new List<int>();
        var weights = new List<int>();
        var known = new Dictionary<int, (int Start, int Count)>();
        bool dense = true;
        for (int first = 0; first < outputs.Length; first += heights[first])
        {
            int height = heights[first];
            bool shared = IsOneList(lists, first, height);
            int[] union = Union(lists, first, height);
            if (!shared || !known.TryGetValue(lists[first].Id, out var place))
            {
                place = (offsets.Count, union.Length);
                offsets.AddRange(union.Select(key => Offset(shape, key)));
                if (shared)
                {
                    known.Add(lists[first].Id, place);
                }
            }

            blocks.Add(new TapBlock(first, height, place.Start, place.Count, weights.Count));
            dense &= shared;
            for (int tap = 0; tap < union.Length; tap++)
            {
                for (int output = first; output < first + height; output++)
                {
                    weights.Add(shared ? outputs[output][tap].Weight : lists[output].WeightAt.GetValueOrDefault(union[tap], -1));
                }
            }
        }

        return new TapBlocks([.. blocks], [.. offsets], [.. weights]) { IsDense = dense && AreNeighbours(outputs) };
    }

    /// <summary>Fills the packed weights from the layer's tensor.</summary>
    public void Pack(ReadOnlySpan<float> tensor, Span<float> packed)
    {
        for (int i = 0; i < Weights.Length; i++)
        {
            int weight = Weights[i];
            packed[i] = weight < 0 ? 0 : tensor[weight];
        }
    }

    // Taps as numbers in their order. Offsets would not do: in an image narrower than its border, two taps may read the same zero.
    private static int Key(PlaneShape shape, Tap tap)
    {
        int reach = (2 * shape.Radius) + 1;
        return (((tap.Plane * reach) + tap.Row + shape.Radius) * reach) + tap.Column + shape.Radius;
    }

    private static int Offset(PlaneShape shape, int key)
    {
        int reach = (2 * shape.Radius) + 1;
        (int row, int column) = Math.DivRem(key, reach);
        (int plane, row) = Math.DivRem(row, reach);
        return (plane * shape.Size) + ((row - shape.Radius) * shape.Stride) + column - shape.Radius;
    }

    private static OutputTaps[] Lists(PlaneShape shape, IReadOnlyList<Tap>[] outputs)
    {
        var lists = new OutputTaps[outputs.Length];
        for (int output = 0; output < outputs.Length; output++)
        {
            int[] keys = [.. outputs[output].Select(tap => Key(shape, tap))];
            int id = output > 0 && keys.AsSpan().SequenceEqual(lists[output - 1].Keys) ? lists[output - 1].Id : output;
            lists[output] = new OutputTaps(id, keys, outputs[output]);
        }

        return lists;
    }

    // The height of the block that starts at each output, by the cheapest way from there to the end.
    private static int[] Heights(OutputTaps[] lists, int unit)
    {
        var heights = new int[lists.Length];
        var costs = new double[lists.Length + 1];
        for (int first = lists.Length - 1; first >= 0; first--)
        {
            costs[first] = double.PositiveInfinity;
            HashSet<int>? union = null;
            for (int height = 1; height <= TapKernel.MaxOutputs && first + height <= lists.Length; height++)
            {
                var next = lists[first + height - 1];
                if (next.Id != lists[first].Id || union is not null)
                {
                    union ??= [.. lists[first].Keys];
                    union.UnionWith(next.Keys);
                }

                int taps = union?.Count ?? lists[first].Keys.Length;
                double cost = ((height + TapCost) * (taps + 1)) + (Unevenness * height * height) + costs[first + height];
                if (height % unit == 0 && cost < costs[first])
                {
                    costs[first] = cost;
                    heights[first] = height;
                }
            }
        }

        return heights;
    }

    private static bool IsOneList(OutputTaps[] lists, int first, int height)
    {
        for (int output = first + 1; output < first + height; output++)
        {
            if (lists[output].Id != lists[first].Id)
            {
                return false;
            }
        }

        return true;
    }

    private static int[] Union(OutputTaps[] lists, int first, int height)
    {
        if (IsOneList(lists, first, height))
        {
            return lists[first].Keys;
        }

        var union = new SortedSet<int>();
        for (int output = first; output < first + height; output++)
        {
            union.UnionWith(lists[output].Keys);
        }

        return [.. union];
    }

    private static bool AreNeighbours(IReadOnlyList<Tap>[] outputs)
    {
        foreach (var taps in outputs)
        {
            for (int i = 1; i < taps.Count; i++)
            {
                if (taps[i].Weight != taps[0].Weight + i)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The taps of one output. Neighbours with equal keys share an id.</summary>
    private sealed class OutputTaps(int id, int[] keys, IReadOnlyList<Tap> taps)
    {
        private Dictionary<int, int>? weightAt;

        public int Id => id;

        public int[] Keys => keys;

        /// <summary>The weight of each key.</summary>
        public Dictionary<int, int> WeightAt => weightAt ??= keys.Zip(taps).ToDictionary(static pair => pair.First, static pair => pair.Second.Weight);
    }
}

/// <summary>A few output planes with their taps.</summary>
/// <param name="First">The first output plane.</param>
/// <param name="Height">The number of output planes.</param>
/// <param name="TapStart">Where its taps start in <see cref="TapBlocks.Offsets"/>.</param>
/// <param name="TapCount">The number of taps.</param>
/// <param name="WeightStart">Where its weights start among the packed ones.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TapBlock(int First, int Height, int TapStart, int TapCount, int WeightStart);
