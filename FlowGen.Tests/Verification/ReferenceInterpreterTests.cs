using FlowGen.Tests.Flows;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Verification;

/// <summary>The reference against numbers worked out by hand.</summary>
public sealed class ReferenceInterpreterTests
{
    [Fact]
    public void Priors_have_their_published_values()
    {
        Assert.Equal(-0.918938533204673, Reference(new HandWrittenFlow()).PriorLogProb([0]), 1e-14);
        var logistic = Reference(new PlaneNice());
        Assert.Equal(-1.782016, logistic.PriorLogProb([1.3]), 1e-6);
        Assert.Equal(-1e4, logistic.PriorLogProb([1e4]), 1e-9);
        Assert.Equal(-Math.Tanh(0.65), logistic.PriorScore(1.3), 1e-14);
    }

    [Fact]
    public void An_activation_norm_scales_and_shifts()
    {
        var flow = new HandWrittenFlow();
        flow.Parameters.Set("layers.0.bias", [1, -2, 3]);
        flow.Parameters.Set("layers.0.log_scale", [0.5f, -1, 0]);
        double[] x = [1, 1, 1];
        double logDet = Reference(flow).Forward(x, 0, 1);
        Assert.Equal(-0.5, logDet, 1e-14);
        Assert.Equal([2 * Math.Exp(0.5), -Math.Exp(-1), 4], x);
    }

    [Fact]
    public void The_loss_is_the_mean_over_the_batch()
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 1);
        var reference = Reference(flow);
        double[] x = [0.1, 0.2, 0.3, -1, 2, -3];
        double expected = -(reference.LogProb(x.AsSpan(0, 3)) + reference.LogProb(x.AsSpan(3))) / 2;
        double[] logDets = new double[2];
        reference.Forward(x, logDets, 0, 2, FlowMode.Evaluation);
        Assert.Equal(expected, reference.Loss(x, logDets), 1e-12);
    }

    [Fact]
    public void Batch_statistics_give_zero_mean_and_unit_variance()
    {
        var flow = FlowFixture.Scramble(new PlaneGlow(), seed: 2);
        var reference = Reference(flow);
        double[] states = Array.ConvertAll(FlowFixture.Normal(2 * 30, seed: 3), static value => (double)value);
        double[] logDets = new double[30];
        reference.Forward(states, logDets, 0, reference.Layers, FlowMode.Training);
        Assert.Equal(0, Enumerable.Range(0, 30).Average(i => states[2 * i]), 1e-12);
        Assert.Equal(1, Enumerable.Range(0, 30).Average(i => states[2 * i] * states[2 * i]), 1e-3);
    }

    private static ReferenceInterpreter Reference(IFlow flow) => new(flow.Engine.Description, flow.Parameters);
}
