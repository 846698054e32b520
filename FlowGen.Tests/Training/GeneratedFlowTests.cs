using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Training;

public sealed class GeneratedFlowTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("flowgen-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Two_moons_are_learned_to_near_their_entropy()
    {
        var flow = new Plane(1);
        var options = new FitOptions { Epochs = 60, Optimizer = new Adam { LearningRate = 3e-3 }, Schedule = LearningRateSchedule.WarmUp(1, LearningRateSchedule.Cosine()), EmaDecay = 0.99 };
        var history = flow.Fit(TwoMoonsDistribution.Rows(10_000, 1), options, cancellationToken: Token);
        float[] test = TwoMoonsDistribution.Rows(10_000, 2);

        // The mean difference of the log-densities estimates the divergence from truth to model, which is not negative.
        double divergence = TwoMoonsDistribution.MeanLogDensity(test) - flow.LogProb(test).Average(static value => (double)value);
        Assert.InRange(divergence, -0.005, 0.1);
        Assert.True(history.Epochs[0].TrainingLoss > history.BestLoss + 0.5);
    }

    [Theory]
    [InlineData(MemoryMode.Stored)]
    [InlineData(MemoryMode.Recompute)]
    public void Resuming_is_exact_with_every_kind_of_state(MemoryMode memory)
    {
        float[] data = FlowFixture.Normal(5 * 700, 3, deviation: 3);
        var options = new FitOptions { Epochs = 4, BatchSize = 100, Memory = memory, Optimizer = new Adamax { LearningRate = 0.01 }, EmaDecay = 0.9, Seed = 8 };
        var whole = new Stateful(1);
        var expected = whole.Fit(data, options, cancellationToken: Token);
        string path = Path.Combine(directory, "fit.safetensors");
        using var source = new CancellationTokenSource();
        _ = new Stateful(1).Fit(data, options with { Checkpoint = new CheckpointOptions(path), ProgressInterval = TimeSpan.Zero }, new Reports(progress =>
        {
            if (progress is { Epoch: 2, Step: 3 })
            {
                source.Cancel();
            }
        }), source.Token);
        var resumed = new Stateful(77);
        var history = resumed.Fit(data, options with { ResumeFrom = path }, cancellationToken: Token);
        foreach (var tensor in whole.Parameters)
        {
            Assert.Equal(tensor.Values.ToArray(), resumed.Parameters[tensor.Name].Values.ToArray());
        }

        Assert.Equal(expected.BestLoss, history.BestLoss);
        Assert.Equal(expected.RecomputedTiles, history.RecomputedTiles);
    }

    [Fact]
    public void Both_memory_modes_train_to_nearly_the_same_loss()
    {
        float[] data = TwoMoonsDistribution.Rows(2000, 1);
        var stored = new Plane(1).Fit(data, new FitOptions { Epochs = 3 }, cancellationToken: Token);
        var recomputed = new Plane(1).Fit(data, new FitOptions { Epochs = 3, Memory = MemoryMode.Recompute }, cancellationToken: Token);
        Assert.Equal(stored.BestLoss, recomputed.BestLoss, 1e-3);
        Assert.Equal(0, recomputed.RecomputedTiles);
    }

    [Fact]
    public void Discrete_data_trains_and_saves()
    {
        float[] data = [.. FlowFixture.Normal(4 * 3000, 2).Select(static value => Math.Clamp(MathF.Floor((value * 1.5f) + 4), 0, 7))];
        var flow = new Discrete(1);
        var history = flow.Fit(data, new FitOptions { Epochs = 15, Optimizer = new AdamW { LearningRate = 3e-3 } }, cancellationToken: Token);

        // Four independent coordinates of a rounded normal: the entropy of each bounds the code length from below.
        double entropy = Entropy(data);
        double bits = flow.BitsPerDim(data, draws: 2);
        Assert.InRange(bits, entropy, entropy + 0.15);
        Assert.Equal(history.BestLoss / (4 * Math.Log(2)), bits, 0.1);
        string path = Path.Combine(directory, "discrete.safetensors");
        flow.Save(path);
        var loaded = new Discrete();
        loaded.Load(path);
        Assert.Equal(flow.LogProb(data), loaded.LogProb(data));
    }

    [Fact]
    public void Fitting_again_goes_on_from_the_weights()
    {
        float[] data = TwoMoonsDistribution.Rows(2000, 1);
        var flow = new Plane(1);
        var first = flow.Fit(data, new FitOptions { Epochs = 5 }, cancellationToken: Token);
        var second = flow.Fit(data, new FitOptions { Epochs = 5 }, cancellationToken: Token);
        Assert.True(second.Epochs[0].ValidationLoss < first.Epochs[2].ValidationLoss);
    }

    [Fact]
    public void Frozen_layers_do_not_move_while_others_do()
    {
        float[] data = TwoMoonsDistribution.Rows(500, 1);
        var flow = new Plane(1);
        flow.Initialize(data);
        float[] before = flow.Parameters["layers.2.net.0.weight"].Values.ToArray();
        float[] other = flow.Parameters["layers.3.net.2.weight"].Values.ToArray();
        _ = flow.Fit(data, new FitOptions { Epochs = 2, Frozen = ["layers.2.*"] }, cancellationToken: Token);
        Assert.Equal(before, flow.Parameters["layers.2.net.0.weight"].Values.ToArray());
        Assert.NotEqual(other, flow.Parameters["layers.3.net.2.weight"].Values.ToArray());
    }

    private static double Entropy(float[] levels) =>
        -levels.GroupBy(static level => level).Select(group => (double)group.Count() / levels.Length).Sum(static part => part * Math.Log2(part));
}
