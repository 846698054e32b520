using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>
/// Additive Glow of rosinality. An ActNorm with a negative scale is ours with its magnitude, and the sign goes into the columns of the 1x1 convolution behind it. The
/// last convolution of a conditioner pads its input with ones: with one more hidden channel that is constantly 1, the weights of that channel being minus the sum over the
/// others and the bias the sum of all, padding with zeros comes to the same. The learned priors are affine couplings with such conditioners, that of the top, which reads
/// nothing, two of them.
/// </summary>
public sealed class RosinalityGlowTests : IPeerTests
{
    private const double ValueTolerance = 5e-5;
    private const double GradientTolerance = 1e-4;
    private const string TopPrior = "blocks.1.prior.";
    private const string SplitPrior = "blocks.0.prior.";

    // Our first layer of each step, without priors and with them, and the names of theirs.
    private static readonly (int Layer, int WithPriors, string Theirs)[] Steps =
        [(1, 1, "blocks.0.flows.0."), (4, 4, "blocks.0.flows.1."), (9, 10, "blocks.1.flows.0."), (12, 13, "blocks.1.flows.1.")];

    // The top prior in two halves: our layer, and its channels of the means.
    private static readonly (int Layer, int First)[] Halves = [(16, 0), (17, 12)];

    public string CaseName => "rosinality_glow_3x8x8_L2K2_additive";

    [Fact]
    public void Latents_and_log_determinants_agree()
    {
        using var peer = PeerCase.Open(CaseName);
        var (z, logDet) = GlowTensors.Forward(Bare(peer), peer.Singles("x"));
        Close.Assert("z", GlowTensors.Latent(peer.Tensors["z0_f64"], peer.Tensors["z1_f64"]), z, ValueTolerance);
        Close.Assert("log-det", peer.Tensors["logdet_f64"], logDet, ValueTolerance);
    }

    [Fact]
    public void Inverses_agree()
    {
        using var peer = PeerCase.Open(CaseName);
        var (x, logDet) = GlowTensors.Inverse(Bare(peer), Singles(GlowTensors.Latent(peer.Tensors["z0_f64"], peer.Tensors["z1_f64"])));
        Close.Assert("x", peer.Tensors["x_inv_f64"], x, ValueTolerance);
        Close.Assert("log-det of the inverse", -peer.Tensors["logdet_f64"], logDet, ValueTolerance);
    }

    [Fact]
    public void Densities_and_samples_with_learned_priors_agree()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = WithPriors(peer);
        Close.Assert("log p", peer.Tensors["log_p_f64"] + peer.Tensors["logdet_f64"], flow.LogProb(peer.Singles("x")), ValueTolerance);
        var (x, _) = GlowTensors.Inverse(flow, Singles(GlowTensors.Latent(peer.Tensors["eps0"], peer.Tensors["eps1"])));
        Close.Assert("sample", peer.Tensors["sample_from_eps_f64"], x, ValueTolerance);
    }

    [Theory]
    [InlineData(MemoryMode.Stored)]
    [InlineData(MemoryMode.Recompute)]
    public void The_loss_and_its_gradients_agree(MemoryMode memory)
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = WithPriors(peer);
        float[] x = peer.Singles("x");
        float[] gradient = new float[flow.Parameters.TrainableCount];
        double loss = flow.LossGradient(x, gradient, new GradientOptions { Memory = memory });
        Close.Assert("loss", peer.Tensors["loss_f64"], [loss], ValueTolerance);
        var gradients = Gradients(peer, new FlowGradient(flow.Parameters, gradient));
        Assert.Equal(peer.GradientChecksums.Select(static entry => entry.Name).Order(), gradients.Keys.Order());
        foreach (var (name, value) in gradients)
        {
            Close.Assert(name, peer.Tensors["grad/" + name], value.Values, GradientTolerance);
        }

        float[] score = new float[x.Length];
        flow.Score(x, score);
        Close.Assert("score", peer.Tensors["grad_x"] * -4, score, GradientTolerance);
    }

    private static RosinalityGlow Bare(PeerCase peer)
    {
        var map = new TensorMap();
        foreach (var (layer, _, theirs) in Steps)
        {
            AddStep(map, layer, "w/" + theirs);
        }

        var flow = RosinalityGlow.Create(1);
        flow.Load(peer.File, map);
        return flow;
    }

    private static RosinalityGlowWithPriors WithPriors(PeerCase peer)
    {
        var map = new TensorMap();
        foreach (var (_, layer, theirs) in Steps)
        {
            AddStep(map, layer, "w/" + theirs);
        }

        // h is the input itself: the centres of a 3x3 identity, then the identity, and a channel of ones.
        map.Add("layers.7.net.0.weight", static _ => Identity(7, 6, 3));
        map.Add("layers.7.net.0.bias", static _ => ForeignTensor.Of([0, 0, 0, 0, 0, 0, 1], 7));
        map.Add("layers.7.net.1.weight", static _ => ForeignTensor.Concat(1, Identity(7, 6, 1), ForeignTensor.Zeros(7, 1, 1, 1)));
        map.Add("layers.7.net.1.bias", static _ => ForeignTensor.Of([0, 0, 0, 0, 0, 0, 1], 7));
        map.Add("layers.7.net.2.weight", static tensors => -WithOnes(tensors[$"w/{SplitPrior}conv.weight"]));
        map.Add("layers.7.net.2.bias", static tensors => -(tensors[$"w/{SplitPrior}conv.bias"] + Total(tensors[$"w/{SplitPrior}conv.weight"])));
        map.Add("layers.7.net.2.log_scale", static tensors => GlowTensors.Flat(tensors[$"w/{SplitPrior}scale"]));
        foreach (var (layer, first) in Halves)
        {
            map.Add($"layers.{layer}.net.0.weight", static _ => ForeignTensor.Zeros(1, 12, 3, 3));
            map.Add($"layers.{layer}.net.1.weight", static _ => ForeignTensor.Zeros(1, 1, 1, 1));
            map.Add($"layers.{layer}.net.0.bias", static _ => ForeignTensor.Full(1, 1));
            map.Add($"layers.{layer}.net.1.bias", static _ => ForeignTensor.Full(1, 1));
            map.Add($"layers.{layer}.net.2.weight", tensors => Half(-WithOnes(tensors[$"w/{TopPrior}conv.weight"]).Slice(1, 24, 1), first));
            map.Add($"layers.{layer}.net.2.bias", tensors => Half(-(tensors[$"w/{TopPrior}conv.bias"] + Total(tensors[$"w/{TopPrior}conv.weight"])), first));
            map.Add($"layers.{layer}.net.2.log_scale", tensors => Half(GlowTensors.Flat(tensors[$"w/{TopPrior}scale"]), first));
        }

        var flow = RosinalityGlowWithPriors.Create(1);
        flow.Load(peer.File, map);
        return flow;
    }

    private static void AddStep(TensorMap map, int layer, string theirs)
    {
        map.Add($"layers.{layer}.bias", tensors => GlowTensors.Flat(tensors[theirs + "actnorm.loc"]));
        map.Add($"layers.{layer}.log_scale", tensors => GlowTensors.Flat(tensors[theirs + "actnorm.scale"]).Abs().Log());
        map.Add($"layers.{layer + 1}.lower", tensors => GlowTensors.Pack(tensors[theirs + "invconv.w_l"], lower: true));
        map.Add($"layers.{layer + 1}.upper", tensors => GlowTensors.Pack(GlowTensors.ScaleColumns(tensors[theirs + "invconv.w_u"], Signs(tensors)), lower: false));
        map.Add($"layers.{layer + 1}.log_diagonal", theirs + "invconv.w_s");
        map.Add($"layers.{layer + 1}.permutation", tensors => GlowTensors.Order(tensors[theirs + "invconv.w_p"]));
        map.Add($"layers.{layer + 1}.sign", tensors => tensors[theirs + "invconv.s_sign"] * Signs(tensors));
        string net = theirs + "coupling.net.";
        map.Add($"layers.{layer + 2}.net.0.weight", tensors => Below(tensors[net + "0.weight"], 0));
        map.Add($"layers.{layer + 2}.net.0.bias", tensors => Below(tensors[net + "0.bias"], 1));
        map.Add($"layers.{layer + 2}.net.1.weight", tensors => ForeignTensor.Concat(1, Below(tensors[net + "2.weight"], 0), ForeignTensor.Zeros(17, 1, 1, 1)));
        map.Add($"layers.{layer + 2}.net.1.bias", tensors => Below(tensors[net + "2.bias"], 1));
        map.Add($"layers.{layer + 2}.net.2.weight", tensors => WithOnes(tensors[net + "4.conv.weight"]));
        map.Add($"layers.{layer + 2}.net.2.bias", tensors => tensors[net + "4.conv.bias"] + Total(tensors[net + "4.conv.weight"]));
        map.Add($"layers.{layer + 2}.net.2.log_scale", tensors => GlowTensors.Flat(tensors[net + "4.scale"]));

        ForeignTensor Signs(ForeignTensors tensors) => GlowTensors.Flat(tensors[theirs + "actnorm.scale"]).Sign();
    }

    private static Dictionary<string, ForeignTensor> Gradients(PeerCase peer, FlowGradient ours)
    {
        var gradients = new Dictionary<string, ForeignTensor>();
        foreach (var (_, layer, theirs) in Steps)
        {
            var scale = GlowTensors.Flat(peer.Weight(theirs + "actnorm.scale"));
            int size = scale.Count;
            gradients[theirs + "actnorm.loc"] = ours[$"layers.{layer}.bias"];
            gradients[theirs + "actnorm.scale"] = ours[$"layers.{layer}.log_scale"] / scale;
            gradients[theirs + "invconv.w_l"] = GlowTensors.Unpack(ours[$"layers.{layer + 1}.lower"], size, lower: true);
            gradients[theirs + "invconv.w_u"] = GlowTensors.ScaleColumns(GlowTensors.Unpack(ours[$"layers.{layer + 1}.upper"], size, lower: false), scale.Sign());
            gradients[theirs + "invconv.w_s"] = ours[$"layers.{layer + 1}.log_diagonal"];
            string net = theirs + "coupling.net.";
            string our = $"layers.{layer + 2}.net.";
            gradients[net + "0.weight"] = ours[our + "0.weight"].Slice(0, 0, 16);
            gradients[net + "0.bias"] = ours[our + "0.bias"].Slice(0, 0, 16);
            gradients[net + "2.weight"] = ours[our + "1.weight"].Slice(0, 0, 16).Slice(1, 0, 16);
            gradients[net + "2.bias"] = ours[our + "1.bias"].Slice(0, 0, 16);
            gradients[net + "4.conv.weight"] = WithoutOnes(ours[our + "2.weight"], ours[our + "2.bias"]);
            gradients[net + "4.conv.bias"] = ours[our + "2.bias"];
            gradients[net + "4.scale"] = ours[our + "2.log_scale"];
        }

        gradients[SplitPrior + "conv.weight"] = -WithoutOnes(ours["layers.7.net.2.weight"], ours["layers.7.net.2.bias"]);
        gradients[SplitPrior + "conv.bias"] = -ours["layers.7.net.2.bias"];
        gradients[SplitPrior + "scale"] = ours["layers.7.net.2.log_scale"];

        // Every weight of the top prior sees nothing but ones in the border.
        var top = Whole(static (gradient, layer) => gradient[$"layers.{layer}.net.2.weight"]);
        var topBias = Whole(static (gradient, layer) => gradient[$"layers.{layer}.net.2.bias"]);
        var ones = ForeignTensor.Concat(1, [.. Enumerable.Repeat(ForeignTensor.Zeros(48, 1, 3, 3), 24), top]);
        gradients[TopPrior + "conv.weight"] = -WithoutOnes(ones, topBias);
        gradients[TopPrior + "conv.bias"] = -topBias;
        gradients[TopPrior + "scale"] = Whole(static (gradient, layer) => gradient[$"layers.{layer}.net.2.log_scale"]);
        return gradients;

        ForeignTensor Whole(Func<FlowGradient, int, ForeignTensor> part)
        {
            var first = part(ours, Halves[0].Layer);
            var second = part(ours, Halves[1].Layer);
            return ForeignTensor.Concat(0, first.Slice(0, 0, 12), second.Slice(0, 0, 12), first.Slice(0, 12, 12), second.Slice(0, 12, 12));
        }
    }

    // Means, then log-deviations, of 12 channels.
    private static ForeignTensor Half(ForeignTensor outputs, int first) => ForeignTensor.Concat(0, outputs.Slice(0, first, 12), outputs.Slice(0, 24 + first, 12));

    // One more output, of a constant.
    private static ForeignTensor Below(ForeignTensor tensor, double value) =>
        ForeignTensor.Concat(0, tensor, ForeignTensor.Full(value, [1, .. tensor.Shape[1..]]));

    private static ForeignTensor Identity(int outputs, int channels, int kernel)
    {
        double[] values = new double[outputs * channels * kernel * kernel];
        for (int channel = 0; channel < channels; channel++)
        {
            values[(((channel * channels) + channel) * kernel * kernel) + (kernel * kernel / 2)] = 1;
        }

        return ForeignTensor.Of(values, outputs, channels, kernel, kernel);
    }

    // Weights [out, in, 3, 3] with those of a channel of ones behind them: minus the sum over the others.
    private static ForeignTensor WithOnes(ForeignTensor weight)
    {
        int outputs = weight.Shape[0];
        int inputs = weight.Shape[1];
        double[] ones = new double[outputs * 9];
        for (int i = 0; i < weight.Count; i++)
        {
            ones[(i / (inputs * 9) * 9) + (i % 9)] -= weight.Values[i];
        }

        return ForeignTensor.Concat(1, weight, ForeignTensor.Of(ones, outputs, 1, 3, 3));
    }

    private static ForeignTensor Total(ForeignTensor weight)
    {
        double[] sums = new double[weight.Shape[0]];
        for (int i = 0; i < weight.Count; i++)
        {
            sums[i / (weight.Count / sums.Length)] += weight.Values[i];
        }

        return ForeignTensor.Of(sums, sums.Length);
    }

    // The chain rule of the two above: each weight moves its own, that of the ones, and the bias.
    private static ForeignTensor WithoutOnes(ForeignTensor weight, ForeignTensor bias)
    {
        int outputs = weight.Shape[0];
        int inputs = weight.Shape[1] - 1;
        double[] values = new double[outputs * inputs * 9];
        for (int i = 0; i < values.Length; i++)
        {
            int output = i / (inputs * 9);
            int start = output * (inputs + 1) * 9;
            values[i] = weight.Values[start + (i % (inputs * 9))] - weight.Values[start + (inputs * 9) + (i % 9)] + bias.Values[output];
        }

        return ForeignTensor.Of(values, outputs, inputs, 3, 3);
    }

    private static float[] Singles(ForeignTensor tensor) => Array.ConvertAll(tensor.Values.ToArray(), static value => (float)value);
}
