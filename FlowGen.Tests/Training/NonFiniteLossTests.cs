using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Training;

public sealed class NonFiniteLossTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_layer_that_overflows_is_named_and_nothing_is_kept_of_the_step()
    {
        // exp(log_scale) of layer 1 overflows; layer 0 is innocent.
        var flow = new DiagonalFlow(Prior.StandardNormal, DiagonalFlow.ActNorm(), DiagonalFlow.Rescale());
        flow.Parameters.MarkInitialized();
        flow.Parameters.Set("layers.1.log_scale", [0, 88]);
        float[] before = flow.Parameters.Trainables.ToArray();
        var failure = Assert.Throws<NonFiniteLossException>(() => flow.Fit(Far(100), new FitOptions { ValidationFraction = 0 }, cancellationToken: Token));
        Assert.Equal((1, 1, 1), (failure.Epoch, failure.Step, failure.Layer));
        Assert.Contains("layer 1 (Rescale)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("coordinate 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("started from", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, flow.Parameters.Trainables.ToArray());
    }

    [Fact]
    public void A_density_of_zero_is_no_layers_fault()
    {
        var flow = DiagonalFlow.Gaussian();
        flow.Parameters.MarkInitialized();
        flow.Parameters.Set("layers.0.log_scale", [0, 60]);
        var failure = Assert.Throws<NonFiniteLossException>(() => flow.Fit(Far(100), new FitOptions { ValidationFraction = 0 }, cancellationToken: Token));
        Assert.Null(failure.Layer);
        Assert.Contains("prior", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_named_first()
    {
        var flow = DiagonalFlow.Gaussian();
        flow.Parameters.MarkInitialized();
        flow.Parameters.Update(static parameters => parameters[3] = float.NaN);
        var failure = Assert.Throws<NonFiniteLossException>(() => flow.Fit(Far(100), cancellationToken: Token));
        Assert.Equal(0, failure.Layer);
        Assert.Contains("layers.0.log_scale", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Divergence_in_a_later_epoch_leaves_the_best_model()
    {
        var flow = DiagonalFlow.Gaussian();
        var options = new FitOptions { Epochs = 50, Schedule = LearningRateSchedule.Step(2, 1e4), Optimizer = new Adam { LearningRate = 0.01 } };
        double best = double.NaN;
        float[] validation = Far(100);
        var failure = Assert.Throws<NonFiniteLossException>(
            () => flow.Fit(Far(2000), options with { ValidationData = validation }, new Reports(progress => best = progress.BestLoss), Token));
        Assert.True(failure.Epoch > 2, $"It diverged in epoch {failure.Epoch} already.");
        Assert.Contains("The flow holds the model of epoch", failure.Message, StringComparison.Ordinal);
        Assert.Equal(best, -flow.LogProb(validation).Average(static value => (double)value), 1e-5);
    }

    [Fact]
    public void A_validation_row_outside_the_domain_is_named()
    {
        var flow = new DiagonalFlow(Prior.StandardLogistic, DiagonalFlow.Logit(), DiagonalFlow.Rescale());
        float[] inside = [.. Enumerable.Range(0, 100).Select(static i => (i + 0.5f) / 100)];
        float[] validation = [0.1f, 0.9f, 0.5f, 7f];
        var failure = Assert.Throws<NonFiniteLossException>(() => flow.Fit(inside, new FitOptions { ValidationData = validation }, cancellationToken: Token));
        Assert.Equal((1, 0, 0), (failure.Epoch, failure.Step, failure.Layer));
        Assert.Contains("validation row 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("layer 0 (Logit(0.05))", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Running_statistics_are_restored_too()
    {
        var flow = DiagonalFlow.WithBatchNorm();
        flow.Parameters.MarkInitialized();
        flow.Parameters.Set("layers.0.log_scale", [0, 88.7f]);
        float[] before = [.. flow.Parameters.MutableBuffers];
        Assert.Throws<NonFiniteLossException>(() => flow.Fit(Far(100), new FitOptions { ValidationFraction = 0 }, cancellationToken: Token));
        Assert.Equal(before, flow.Parameters.MutableBuffers);
    }

    [Fact]
    public void An_exception_of_the_progress_leaves_the_best_model()
    {
        var flow = DiagonalFlow.Gaussian();
        float[] validation = FitTests.Rows(50, seed: 3);
        double best = 0;
        Assert.Throws<InvalidTimeZoneException>(() => flow.Fit(
            FitTests.Rows(500),
            new FitOptions { ValidationData = validation, ProgressInterval = TimeSpan.Zero },
            new Reports(progress =>
            {
                best = progress.BestLoss;
                if (progress is { Epoch: 3, Step: 1 })
                {
                    throw new InvalidTimeZoneException();
                }
            }),
            Token));
        Assert.Equal(best, -flow.LogProb(validation).Average(static value => (double)value), 1e-6);
    }

    private static float[] Far(int rows) => FlowFixture.Normal(2 * rows, 7, deviation: 20);
}
