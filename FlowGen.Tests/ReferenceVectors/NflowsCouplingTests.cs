using System.Text.Json;
using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>
/// Coupling flows of nflows: z = x (sigmoid(raw + 2) + 0.001) + shift is <see cref="ScaleFunction.Sigmoid"/>, the conditioner gives [shift | raw], so that every
/// tensor is taken over as it is.
/// </summary>
/// <typeparam name="TFlow">The peer's stack, declared as a flow.</typeparam>
public abstract class NflowsCouplingTests<TFlow> : InvertiblePeerTests<TFlow>
    where TFlow : class, IFlow<TFlow>
{
    [Fact]
    public void The_declaration_changes_the_coordinates_that_the_peer_transforms()
    {
        using var peer = PeerCase.Open(CaseName);
        for (int k = 0; k < peer.Layers.Count; k++)
        {
            var layer = TFlow.Description.Layers[k];
            var all = Enumerable.Range(0, layer.Size);
            int[] changed = [.. all.Where(i => all.Any(j => i != j && layer.MayDepend(i, j)))];
            Assert.Equal(IsCoupling(peer.Layers[k]) ? PeerCase.Indices(peer.Layers[k], "transform_features") : [], changed);
        }

        Assert.Equal(peer.Layers.Count, TFlow.Description.Layers.Count);
    }

    private protected override TensorMap Map(PeerCase peer)
    {
        var map = new TensorMap();
        foreach (var (ours, theirs) in Names(peer))
        {
            map.Add(ours, "w/" + theirs);
        }

        return map;
    }

    private protected override IReadOnlyDictionary<string, Func<FlowGradient, ForeignTensor>> Gradients(PeerCase peer) =>
        Names(peer).ToDictionary(static pair => pair.Theirs, static pair => new Func<FlowGradient, ForeignTensor>(gradient => gradient[pair.Ours]));

    private static IEnumerable<(string Ours, string Theirs)> Names(PeerCase peer)
    {
        for (int k = 0; k < peer.Layers.Count; k++)
        {
            if (IsCoupling(peer.Layers[k]))
            {
                string[] linear = PeerCase.Linear(peer.Layers[k].GetProperty("conditioner"));
                for (int i = 0; i < linear.Length; i++)
                {
                    yield return ($"layers.{k}.net.{i}.weight", linear[i] + ".weight");
                    yield return ($"layers.{k}.net.{i}.bias", linear[i] + ".bias");
                }
            }
        }
    }

    private static bool IsCoupling(JsonElement layer) => layer.TryGetProperty("conditioner", out _);
}
