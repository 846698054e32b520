using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>
/// Glow of normflows: ActNorm z = (x - t) e^-s, so that bias = -t and log_scale = -s; z = (x - shift) sigmoid(raw + 2) is the sigmoid without a floor, shifted first
/// by -shift; outputs [shift, raw] of a conditioner are interleaved; its last layer has no learned scale. The base of the peer has means and deviations of its
/// own at every position, which ours has not: the loss and its gradient by them are computed here from our latents.
/// </summary>
public sealed class NormflowsGlowTests : IPeerTests
{
    private const double ValueTolerance = 5e-5;
    private const double GradientTolerance = 1e-4;

    // Our first layer of each step and the names of theirs.
    private static readonly (int Layer, string Theirs)[] Steps = [(1, "flows.1.1."), (4, "flows.1.0."), (9, "flows.0.1."), (12, "flows.0.0.")];

    public string CaseName => "normflows_glow_3x8x8_L2K2";

    [Fact]
    public void Latents_and_log_determinants_agree()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] x = peer.Singles("x");
        var (z, logDet) = GlowTensors.Forward(flow, x);
        Close.Assert("z", GlowTensors.Latent(peer.Tensors["z1_f64"], peer.Tensors["z0_f64"]), z, ValueTolerance);
        Close.Assert("log-det", peer.Tensors["logdet_f64"], logDet, ValueTolerance);
        var (alone, _) = GlowTensors.Forward(flow, x[..192]);
        Assert.Equal(z[..192], alone);
    }

    [Fact]
    public void Inverses_agree()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] z = Array.ConvertAll(GlowTensors.Latent(peer.Tensors["z1_f64"], peer.Tensors["z0_f64"]).Values.ToArray(), static value => (float)value);
        var (x, logDet) = GlowTensors.Inverse(flow, z);
        Close.Assert("x", peer.Tensors["x_inv_f64"], x, ValueTolerance);
        Close.Assert("log-det of the inverse", -peer.Tensors["logdet_f64"], logDet, ValueTolerance);
    }

    [Fact]
    public void The_loss_and_its_gradients_agree()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] x = peer.Singles("x");
        var (z, logDet) = GlowTensors.Forward(flow, x);
        int count = logDet.Length;
        double[] means = [.. peer.Weight("q0.1.loc").Values, .. peer.Weight("q0.0.loc").Values];
        double[] logDeviations = [.. peer.Weight("q0.1.log_scale").Values, .. peer.Weight("q0.0.log_scale").Values];
        float[] gradZ = new float[z.Length];
        double[] gradMeans = new double[means.Length];
        double[] gradLogDeviations = new double[means.Length];
        double loss = 0;
        for (int i = 0; i < z.Length; i++)
        {
            int place = i % means.Length;
            double standard = (z[i] - means[place]) * Math.Exp(-logDeviations[place]);
            loss += ((standard * standard) + Math.Log(2 * Math.PI)) / 2 / count;
            loss += logDeviations[place] / count;
            gradZ[i] = (float)(standard * Math.Exp(-logDeviations[place]) / count);
            gradMeans[place] -= gradZ[i];
            gradLogDeviations[place] += (1 - (standard * standard)) / count;
        }

        Close.Assert("loss", peer.Tensors["loss_f64"], [loss - logDet.Select(static value => (double)value).Average()], ValueTolerance);
        float[] gradX = new float[x.Length];
        float[] gradient = new float[flow.Parameters.TrainableCount];
        flow.Pullback(x, gradZ, [.. logDet.Select(_ => -1f / count)], gradX, gradient);
        Close.Assert("gradient by x", peer.Tensors["grad_x"], gradX, GradientTolerance);

        var ours = new FlowGradient(flow.Parameters, gradient);
        var gradients = Gradients(ours);
        gradients["q0.1.loc"] = ForeignTensor.Of(gradMeans.AsSpan(0, 96), 96);
        gradients["q0.0.loc"] = ForeignTensor.Of(gradMeans.AsSpan(96), 96);
        gradients["q0.1.log_scale"] = ForeignTensor.Of(gradLogDeviations.AsSpan(0, 96), 96);
        gradients["q0.0.log_scale"] = ForeignTensor.Of(gradLogDeviations.AsSpan(96), 96);
        Assert.Equal(peer.GradientChecksums.Select(static entry => entry.Name).Order(), gradients.Keys.Order());
        foreach (var (name, value) in gradients)
        {
            Close.Assert(name, peer.Tensors["grad/" + name], value.Values, GradientTolerance);
        }
    }

    private static NormflowsGlow LoadFlow(PeerCase peer)
    {
        var map = new TensorMap();
        foreach (var (layer, theirs) in Steps)
        {
            string actNorm = $"w/{theirs}flows.2.";
            map.Add($"layers.{layer}.bias", tensors => -GlowTensors.Flat(tensors[actNorm + "t"]));
            map.Add($"layers.{layer}.log_scale", tensors => -GlowTensors.Flat(tensors[actNorm + "s"]));
            string convolution = $"w/{theirs}flows.1.";
            map.Add($"layers.{layer + 1}.lower", tensors => GlowTensors.Pack(tensors[convolution + "L"], lower: true));
            map.Add($"layers.{layer + 1}.upper", tensors => GlowTensors.Pack(tensors[convolution + "U"], lower: false));
            map.Add($"layers.{layer + 1}.log_diagonal", convolution + "log_S");
            map.Add($"layers.{layer + 1}.permutation", tensors => GlowTensors.Order(tensors[convolution + "P"]));
            map.Add($"layers.{layer + 1}.sign", convolution + "sign_S");
            for (int k = 0; k < 3; k++)
            {
                string net = $"w/{theirs}flows.0.flows.1.param_map.net.{2 * k}.";
                bool last = k == 2;
                map.Add($"layers.{layer + 2}.net.{k}.weight", tensors => last ? ShiftsFirst(tensors[net + "weight"]) : tensors[net + "weight"]);
                map.Add($"layers.{layer + 2}.net.{k}.bias", tensors => last ? ShiftsFirst(tensors[net + "bias"]) : tensors[net + "bias"]);
            }

            map.Add($"layers.{layer + 2}.net.2.log_scale", tensors => ForeignTensor.Zeros(tensors[$"w/{theirs}flows.0.flows.1.param_map.net.4.bias"].Count));
        }

        var flow = NormflowsGlow.Create(1);
        flow.Load(peer.File, map);
        Assert.True(flow.IsInitialized);
        return flow;
    }

    private static Dictionary<string, ForeignTensor> Gradients(FlowGradient ours)
    {
        var gradients = new Dictionary<string, ForeignTensor>();
        foreach (var (layer, theirs) in Steps)
        {
            var logDiagonal = ours[$"layers.{layer + 1}.log_diagonal"];
            gradients[theirs + "flows.2.t"] = -ours[$"layers.{layer}.bias"];
            gradients[theirs + "flows.2.s"] = -ours[$"layers.{layer}.log_scale"];
            gradients[theirs + "flows.1.L"] = GlowTensors.Unpack(ours[$"layers.{layer + 1}.lower"], logDiagonal.Count, lower: true);
            gradients[theirs + "flows.1.U"] = GlowTensors.Unpack(ours[$"layers.{layer + 1}.upper"], logDiagonal.Count, lower: false);
            gradients[theirs + "flows.1.log_S"] = logDiagonal;
            for (int k = 0; k < 3; k++)
            {
                string net = $"{theirs}flows.0.flows.1.param_map.net.{2 * k}.";
                var weight = ours[$"layers.{layer + 2}.net.{k}.weight"];
                var bias = ours[$"layers.{layer + 2}.net.{k}.bias"];
                gradients[net + "weight"] = k == 2 ? Interleaved(weight) : weight;
                gradients[net + "bias"] = k == 2 ? Interleaved(bias) : bias;
            }
        }

        return gradients;
    }

    // From shift and raw in turns to the negated shifts, then the raws.
    private static ForeignTensor ShiftsFirst(ForeignTensor tensor)
    {
        int[] channels = [.. Enumerable.Range(0, tensor.Shape[0])];
        return ForeignTensor.Concat(
            0,
            -tensor.Select(0, [.. channels.Where(static channel => channel % 2 == 0)]),
            tensor.Select(0, [.. channels.Where(static channel => channel % 2 == 1)]));
    }

    private static ForeignTensor Interleaved(ForeignTensor tensor)
    {
        int half = tensor.Shape[0] / 2;
        var signed = ForeignTensor.Concat(0, -tensor.Slice(0, 0, half), tensor.Slice(0, half, half));
        return signed.Select(0, [.. Enumerable.Range(0, 2 * half).Select(channel => (channel / 2) + (channel % 2 * half))]);
    }
}
