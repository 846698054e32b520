using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>
/// Batch normalization of nflows in training mode divides by the unbiased variance, N / (N - 1) times ours, and scales and shifts behind it:
/// y = w (x - m) / sqrt(v N / (N - 1) + e) + b is a BatchNorm with epsilon e (N - 1) / N and an ActNorm with scale w sqrt((N - 1) / N).
/// There is no inverse in training mode.
/// </summary>
public sealed class NflowsBatchNormTests : PeerTests<NflowsBatchNorm>
{
    private const double Bias = 11.0 / 12;
    private const double Floor = 1e-5;

    public override string CaseName => "nflows_batchnorm_d5_train";

    [Fact]
    public void Running_statistics_agree_after_a_training_step_and_only_then()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] x = peer.Singles("x");
        float[] gradient = new float[flow.Parameters.TrainableCount];
        flow.LossGradient(x, gradient, Options(MemoryMode.Stored));
        Assert.Equal(peer.Singles("running_mean_before"), flow.Parameters["layers.0.running_mean"].Values.ToArray());

        ((IFlow)flow).Engine.TrainingStep(x, [], gradient, Options(MemoryMode.Stored));
        Close.Assert("running mean", peer.Tensors["running_mean_after"], flow.Parameters["layers.0.running_mean"].Values, ValueTolerance);
        Close.Assert("running variance", peer.Tensors["running_var_after"] * Bias, flow.Parameters["layers.0.running_var"].Values, ValueTolerance);
    }

    private protected override TensorMap Map(PeerCase peer) => new()
    {
        { "layers.0.running_mean", "running_mean_before" },
        { "layers.0.running_var", static theirs => theirs["running_var_before"] * Bias },
        { "layers.1.log_scale", static theirs => Scale(theirs["w/unconstrained_weight"]).Log() },
        { "layers.1.bias", static theirs => theirs["w/bias"] / Scale(theirs["w/unconstrained_weight"]) },
    };

    private protected override IReadOnlyDictionary<string, Func<FlowGradient, ForeignTensor>> Gradients(PeerCase peer)
    {
        var raw = peer.Weight("unconstrained_weight");
        return new Dictionary<string, Func<FlowGradient, ForeignTensor>>
        {
            ["bias"] = gradient => gradient["layers.1.bias"] / Scale(raw),
            ["unconstrained_weight"] = gradient =>
                (gradient["layers.1.log_scale"] - (gradient["layers.1.bias"] * gradient.Value("layers.1.bias")))
                * raw.Map(static w => 1 / (1 + Math.Exp(-w))) / (raw.Softplus() + Floor),
        };
    }

    private protected override (float[] Z, float[] LogDet) Forward(NflowsBatchNorm flow, float[] x)
    {
        float[] z = new float[x.Length];
        float[] logDet = new float[x.Length / NflowsBatchNorm.Description.EventShape.Size];
        flow.Forward(x, z, logDet, FlowMode.Training);
        return (z, logDet);
    }

    private protected override void Pullback(NflowsBatchNorm flow, float[] x, float[] gradZ, float[] gradLogDet, float[] gradX, float[] gradient) =>
        flow.Pullback(x, gradZ, gradLogDet, gradX, gradient, FlowMode.Training);

    private protected override GradientOptions Options(MemoryMode memory) => new() { Memory = memory, Mode = FlowMode.Training };

    private static ForeignTensor Scale(ForeignTensor raw) => (raw.Softplus() + Floor) * Math.Sqrt(Bias);
}
