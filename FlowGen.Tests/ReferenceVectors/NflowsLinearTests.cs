using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>
/// Each lu_linear of nflows, y = L U x + b with diagonal softplus(d) + 0.001, is an InvertibleLinear with P = 1 and an ActNorm with scale 1;
/// its actnorm, y = e^s x + t, is ours with bias t e^-s.
/// </summary>
public sealed class NflowsLinearTests : InvertiblePeerTests<NflowsLinear>
{
    private const double Floor = 1e-3;

    public override string CaseName => "nflows_lu_perm_actnorm_d6";

    [Fact]
    public void The_declaration_has_the_permutations_of_the_peer()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        Assert.Equal(PeerCase.Indices(peer.Layers[1], "permutation"), flow.Parameters["layers.2.order"].Values.ToArray().Select(static index => (int)index));
        Assert.Equal(PeerCase.Indices(peer.Layers[3], "permutation"), flow.Parameters["layers.5.order"].Values.ToArray().Select(static index => (int)index));
    }

    private protected override TensorMap Map(PeerCase peer)
    {
        var map = new TensorMap();
        foreach (var (layer, theirs) in new[] { (0, "w/_transforms.0."), (3, "w/_transforms.2.") })
        {
            map.Add($"layers.{layer}.lower", theirs + "lower_entries");
            map.Add($"layers.{layer}.upper", theirs + "upper_entries");
            map.Add($"layers.{layer}.log_diagonal", tensors => (tensors[theirs + "unconstrained_upper_diag"].Softplus() + Floor).Log());
            map.Add($"layers.{layer}.permutation", static _ => ForeignTensor.Of([0, 1, 2, 3, 4, 5], 6));
            map.Add($"layers.{layer}.sign", static _ => ForeignTensor.Full(1, 6));
            map.Add($"layers.{layer + 1}.bias", theirs + "bias");
            map.Add($"layers.{layer + 1}.log_scale", static _ => ForeignTensor.Zeros(6));
        }

        map.Keep("layers.2.order", "layers.5.order");
        map.Add("layers.6.log_scale", "w/_transforms.4.log_scale");
        map.Add("layers.6.bias", static tensors => tensors["w/_transforms.4.shift"] * (-tensors["w/_transforms.4.log_scale"]).Exp());
        return map;
    }

    private protected override IReadOnlyDictionary<string, Func<FlowGradient, ForeignTensor>> Gradients(PeerCase peer)
    {
        var gradients = new Dictionary<string, Func<FlowGradient, ForeignTensor>>
        {
            // shift = bias e^log_scale: at a fixed shift, the bias falls as the log-scale grows.
            ["_transforms.4.shift"] = static gradient => gradient["layers.6.bias"] * (-gradient.Value("layers.6.log_scale")).Exp(),
            ["_transforms.4.log_scale"] = static gradient => gradient["layers.6.log_scale"] - (gradient["layers.6.bias"] * gradient.Value("layers.6.bias")),
        };
        foreach (var (layer, theirs) in new[] { (0, "_transforms.0."), (3, "_transforms.2.") })
        {
            var raw = peer.Weight(theirs + "unconstrained_upper_diag");
            gradients[theirs + "lower_entries"] = gradient => gradient[$"layers.{layer}.lower"];
            gradients[theirs + "upper_entries"] = gradient => gradient[$"layers.{layer}.upper"];
            gradients[theirs + "bias"] = gradient => gradient[$"layers.{layer + 1}.bias"];
            gradients[theirs + "unconstrained_upper_diag"] = gradient =>
                gradient[$"layers.{layer}.log_diagonal"] * raw.Map(static d => 1 / (1 + Math.Exp(-d))) / (raw.Softplus() + Floor);
        }

        return gradients;
    }
}
