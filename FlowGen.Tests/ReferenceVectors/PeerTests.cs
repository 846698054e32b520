using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>What a flow must agree on with the peer whose weights it loads.</summary>
/// <typeparam name="TFlow">The peer's stack, declared as a flow.</typeparam>
public abstract class PeerTests<TFlow> : IPeerTests
    where TFlow : class, IFlow<TFlow>
{
    protected const double ValueTolerance = 2e-5;
    protected const double GradientTolerance = 1e-4;

    public abstract string CaseName { get; }

    [Fact]
    public void Latents_and_log_determinants_agree()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        var (z, logDet) = Forward(flow, peer.Singles("x"));
        Close.Assert("z", peer.Tensors["z_f64"], z, ValueTolerance);
        Close.Assert("log-det", peer.Tensors["logdet_f64"], logDet, ValueTolerance);
    }

    [Fact]
    public void The_loss_agrees()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        double loss = flow.LossGradient(peer.Singles("x"), new float[flow.Parameters.TrainableCount], Options(MemoryMode.Stored));
        Close.Assert("loss", peer.Tensors["loss_f64"], [loss], ValueTolerance);
    }

    [Theory]
    [InlineData(MemoryMode.Stored)]
    [InlineData(MemoryMode.Recompute)]
    public void The_gradient_of_the_loss_agrees_for_every_parameter(MemoryMode memory)
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        flow.LossGradient(peer.Singles("x"), gradient, Options(memory));
        AssertGradients(peer, flow, gradient);
    }

    [Fact]
    public void The_pullback_of_the_loss_agrees_for_the_data_and_every_parameter()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] x = peer.Singles("x");
        int size = TFlow.Description.EventShape.Size;
        int count = x.Length / size;

        // The loss is the mean over samples of |z|^2 / 2 - log-det, plus a constant.
        var (z, _) = Forward(flow, x);
        float[] gradZ = Array.ConvertAll(z, value => value / count);
        float[] gradLogDet = new float[count];
        gradLogDet.AsSpan().Fill(-1f / count);
        float[] gradX = new float[x.Length];
        float[] gradient = new float[flow.Parameters.TrainableCount];
        Pullback(flow, x, gradZ, gradLogDet, gradX, gradient);
        Close.Assert("gradient by x", peer.Tensors["grad_x"], gradX, GradientTolerance);
        AssertGradients(peer, flow, gradient);
    }

    /// <summary>How our tensors are made from the peer's.</summary>
    private protected abstract TensorMap Map(PeerCase peer);

    /// <summary>How the gradient by each of the peer's parameters follows from ours.</summary>
    private protected abstract IReadOnlyDictionary<string, Func<FlowGradient, ForeignTensor>> Gradients(PeerCase peer);

    private protected virtual (float[] Z, float[] LogDet) Forward(TFlow flow, float[] x)
    {
        float[] z = new float[x.Length];
        float[] logDet = new float[x.Length / TFlow.Description.EventShape.Size];
        flow.Forward(x, z, logDet);
        return (z, logDet);
    }

    private protected virtual void Pullback(TFlow flow, float[] x, float[] gradZ, float[] gradLogDet, float[] gradX, float[] gradient) =>
        flow.Pullback(x, gradZ, gradLogDet, gradX, gradient);

    private protected virtual GradientOptions Options(MemoryMode memory) => new() { Memory = memory };

    private protected TFlow LoadFlow(PeerCase peer)
    {
        var flow = TFlow.Create(1);
        flow.Load(peer.File, Map(peer));
        Assert.True(flow.IsInitialized);
        return flow;
    }

    /// <summary>Steps with Adam give the peer's losses. What is zero in our form and absent in the peer's stays zero, and so does the rest that it has not.</summary>
    private protected void AssertAdam(Predicate<TensorDescription> isConstant)
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] x = peer.Singles("x");
        float[] loaded = flow.Parameters.Trainables.ToArray();
        foreach (var tensor in TFlow.Description.Tensors.Where(tensor => tensor.IsTrainable && isConstant(tensor)))
        {
            loaded.AsSpan(tensor.Offset, tensor.Count).Clear();
        }

        var adam = new Adam { LearningRate = 1e-3, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 };
        float[] gradient = new float[loaded.Length];
        foreach (double expected in peer.AdamLosses)
        {
            Close.Assert("loss", ForeignTensor.Of([expected], 1), [flow.LossGradient(x, gradient)], GradientTolerance);
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] = loaded[i] == 0 ? 0 : gradient[i];
            }

            flow.Parameters.Update(trainables => adam.Step(trainables, gradient));
        }
    }

    private void AssertGradients(PeerCase peer, TFlow flow, float[] gradient)
    {
        var ours = new FlowGradient(flow.Parameters, gradient);
        var gradients = Gradients(peer);
        foreach (string name in peer.Tensors.Names.Where(static name => name.StartsWith("grad/", StringComparison.Ordinal)))
        {
            Close.Assert(name, peer.Tensors[name], gradients[name["grad/".Length..]](ours).Values, GradientTolerance);
        }

        Assert.Equal(peer.GradientChecksums.Select(static entry => entry.Name).Order(), gradients.Keys.Order());
        foreach (var (name, sum, sumOfSquares, largest) in peer.GradientChecksums)
        {
            AssertChecksums(name, gradients[name](ours).Values.ToArray(), sum, Math.Sqrt(sumOfSquares), largest);
        }
    }

    // Where the norm of the error is at most the tolerance times the norm, so is that of the norms; the sum follows by Cauchy and Schwarz.
    private static void AssertChecksums(string name, double[] values, double sum, double norm, double largest)
    {
        double allowed = GradientTolerance * Math.Max(norm, 1e-3);
        Assert.True(Math.Abs(Math.Sqrt(values.Sum(static value => value * value)) - norm) <= allowed, $"{name}: norm");
        Assert.True(Math.Abs(values.Sum() - sum) <= allowed * Math.Sqrt(values.Length), $"{name}: sum");
        Assert.True(Math.Abs(values.Max(Math.Abs) - largest) <= GradientTolerance * Math.Max(1, largest), $"{name}: largest magnitude");
    }
}
