using System.Text.Json;
using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>
/// Masked affine flows of normflows: z = (x - t) e^-s where the mask is 0, with a net each for s and t that see x where the mask is 1.
/// Ours is one conditioner of twice the width, block diagonal, whose output is [-t | -s]; every fourth s ends in a tanh, which is
/// <see cref="ScaleFunction.TanhBounded"/> with a = -1 and raw output s.
/// </summary>
public sealed class NormflowsMaskedAffineTests : InvertiblePeerTests<NormflowsMaskedAffine>
{
    private const int Depth = 3;

    public override string CaseName => "normflows_masked_affine_d2";

    [Fact]
    public void The_declaration_changes_the_coordinates_that_the_peer_transforms()
    {
        using var peer = PeerCase.Open(CaseName);
        Assert.Equal(peer.Layers.Count, NormflowsMaskedAffine.Description.Layers.Count);
        for (int k = 0; k < peer.Layers.Count; k++)
        {
            int changed = Changed(peer.Layers[k]);
            Assert.True(NormflowsMaskedAffine.Description.Layers[k].MayDepend(changed, 1 - changed));
            Assert.False(NormflowsMaskedAffine.Description.Layers[k].MayDepend(1 - changed, changed));
        }
    }

    [Fact]
    public void Five_steps_with_Adam_give_the_losses_of_the_peer() => AssertAdam(static tensor => tensor.Name.EndsWith(".scale", StringComparison.Ordinal));

    private protected override TensorMap Map(PeerCase peer)
    {
        var map = new TensorMap();
        for (int k = 0; k < peer.Layers.Count; k++)
        {
            var layer = peer.Layers[k];
            string[] t = PeerCase.Linear(layer.GetProperty("t"));
            string[] s = PeerCase.Linear(layer.GetProperty("s"));
            int changed = Changed(layer);
            double sign = EndsInTanh(layer) ? 1 : -1;
            string net = $"layers.{k}.net.";

            map.Add(net + "0.weight", theirs => ForeignTensor.Concat(0, Weight(theirs, t[0]).Slice(1, 1 - changed, 1), Weight(theirs, s[0]).Slice(1, 1 - changed, 1)));
            map.Add(net + "1.weight", theirs => ForeignTensor.BlockDiagonal(Weight(theirs, t[1]), Weight(theirs, s[1])));
            map.Add(net + "2.weight", theirs => ForeignTensor.BlockDiagonal(-Weight(theirs, t[2]).Slice(0, changed, 1), Weight(theirs, s[2]).Slice(0, changed, 1) * sign));
            map.Add(net + "0.bias", theirs => ForeignTensor.Concat(0, Bias(theirs, t[0]), Bias(theirs, s[0])));
            map.Add(net + "1.bias", theirs => ForeignTensor.Concat(0, Bias(theirs, t[1]), Bias(theirs, s[1])));
            map.Add(net + "2.bias", theirs => ForeignTensor.Concat(0, -Bias(theirs, t[2]).Slice(0, changed, 1), Bias(theirs, s[2]).Slice(0, changed, 1) * sign));
            if (EndsInTanh(layer))
            {
                map.Add($"layers.{k}.scale", static _ => ForeignTensor.Full(-1));
            }
        }

        return map;
    }

    private protected override IReadOnlyDictionary<string, Func<FlowGradient, ForeignTensor>> Gradients(PeerCase peer)
    {
        var gradients = new Dictionary<string, Func<FlowGradient, ForeignTensor>>();
        for (int k = 0; k < peer.Layers.Count; k++)
        {
            var layer = peer.Layers[k];
            int changed = Changed(layer);
            foreach (bool isShift in new[] { true, false })
            {
                string[] linear = PeerCase.Linear(layer.GetProperty(isShift ? "t" : "s"));
                double sign = isShift || !EndsInTanh(layer) ? -1 : 1;
                for (int i = 0; i < Depth; i++)
                {
                    string ours = $"layers.{k}.net.{i}.";
                    bool first = i == 0;
                    bool last = i == Depth - 1;
                    double factor = last ? sign : 1;

                    // What the peer multiplies by a zero of the mask has gradient zero: a column of the first weights, a row of the last.
                    gradients[linear[i] + ".bias"] = gradient =>
                        Unmask(Half(gradient[ours + "bias"], 0, isShift) * factor, 0, last, changed);
                    gradients[linear[i] + ".weight"] = gradient =>
                    {
                        var block = Half(gradient[ours + "weight"], 0, isShift) * factor;
                        block = first ? block : Half(block, 1, isShift);
                        return Unmask(Unmask(block, 1, first, 1 - changed), 0, last, changed);
                    };
                }
            }
        }

        return gradients;
    }

    private static ForeignTensor Half(ForeignTensor tensor, int dimension, bool first)
    {
        int half = tensor.Shape[dimension] / 2;
        return tensor.Slice(dimension, first ? 0 : half, half);
    }

    private static ForeignTensor Unmask(ForeignTensor tensor, int dimension, bool masked, int place)
    {
        if (!masked)
        {
            return tensor;
        }

        return place == 0 ? ForeignTensor.Concat(dimension, tensor, tensor * 0) : ForeignTensor.Concat(dimension, tensor * 0, tensor);
    }

    private static int Changed(JsonElement layer) => layer.GetProperty("mask_b")[0].GetDouble() == 0 ? 0 : 1;

    private static bool EndsInTanh(JsonElement layer) => layer.GetProperty("s").TryGetProperty("output_fn", out _);

    private static ForeignTensor Weight(ForeignTensors theirs, string name) => theirs["w/" + name + ".weight"];

    private static ForeignTensor Bias(ForeignTensors theirs, string name) => theirs["w/" + name + ".bias"];
}
