using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Training;

public sealed class FitTests
{
    /// <summary>Rows of normal numbers around (3, -1) with deviations 2 and 0.5.</summary>
    public static float[] Rows(int count, int seed = 1)
    {
        float[] rows = FlowFixture.Normal(2 * count, seed);
        for (int i = 0; i < rows.Length; i += 2)
        {
            rows[i] = 3 + (2 * rows[i]);
            rows[i + 1] = -1 + (0.5f * rows[i + 1]);
        }

        return rows;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_likelihood_of_a_Gaussian_reaches_its_maximum()
    {
        float[] data = Rows(2000);
        var flow = DiagonalFlow.Gaussian();
        flow.Parameters.MarkInitialized();
        var history = flow.Fit(data, new FitOptions { Epochs = 60, ValidationFraction = 0, Optimizer = new Adam { LearningRate = 0.05 }, Schedule = LearningRateSchedule.Cosine() }, cancellationToken: Token);

        // At the maximum, the loss is ln(2 pi e) plus the logarithms of the sample's deviations.
        double expected = Math.Log(2 * Math.PI * Math.E) + Math.Log(Deviation(data, 0)) + Math.Log(Deviation(data, 1));
        double reached = -flow.LogProb(data).Average(static value => (double)value);
        Assert.Equal(expected, reached, 2e-4);
        Assert.True(history.Epochs[0].TrainingLoss > expected + 1, $"The first epoch was at {history.Epochs[0].TrainingLoss} already.");
        Assert.Equal(FitStopReason.Completed, history.StopReason);
        Assert.Equal(60, history.Epochs.Count);
        Assert.Equal(60 * 8, history.Steps);
        Assert.Equal(history.Epochs.Min(static epoch => epoch.TrainingLoss), history.BestLoss);
    }

    [Fact]
    public void Defaults_train_and_initialise_from_data()
    {
        var flow = new HandWrittenFlow(3);
        float[] data = FlowFixture.Normal(3 * 1000, 4, deviation: 7);
        var history = flow.Fit(data, new FitOptions { Epochs = 5 }, cancellationToken: Token);
        Assert.True(flow.IsInitialized);
        Assert.Equal(5, history.Epochs.Count);
        Assert.InRange(history.BestLoss, 1.5 * Math.Log(2 * Math.PI * Math.E * 49) - 0.3, 1.5 * Math.Log(2 * Math.PI * Math.E * 49) + 0.3);
        Assert.All(history.Epochs, static epoch => Assert.True(double.IsFinite(epoch.ValidationLoss)));
    }

    [Fact]
    public void Weights_that_are_set_are_not_initialised_again()
    {
        var flow = DiagonalFlow.Gaussian();
        flow.Parameters.Set("layers.0.bias", [5, 5]);
        flow.Parameters.MarkInitialized();
        _ = flow.Fit(Rows(100), new FitOptions { Epochs = 1, BatchSize = 1000, Optimizer = new Adam { LearningRate = 0 } }, cancellationToken: Token);
        Assert.Equal([5f, 5f], flow.Parameters["layers.0.bias"].Values.ToArray());
    }

    [Fact]
    public void Training_is_fixed_by_the_seed_and_not_by_the_threads()
    {
        float[] one = Train(new FitOptions { Epochs = 3, Seed = 5 });
        float[] other = Train(new FitOptions { Epochs = 3, Seed = 6 });
        int threads = FlowThreads.Maximum;
        try
        {
            FlowThreads.Maximum = 1;
            Assert.Equal(one, Train(new FitOptions { Epochs = 3, Seed = 5 }));
        }
        finally
        {
            FlowThreads.Maximum = threads;
        }

        Assert.NotEqual(one, other);

        static float[] Train(FitOptions options)
        {
            var flow = DiagonalFlow.WithBatchNorm();
            _ = flow.Fit(Rows(700), options, cancellationToken: Token);
            return [.. flow.Parameters.Trainables, .. flow.Parameters.MutableBuffers];
        }
    }

    [Fact]
    public void Frozen_tensors_keep_their_values_whatever_the_decay()
    {
        var flow = new HandWrittenFlow(3);
        float[] data = FlowFixture.Normal(3 * 300, 4);
        flow.Initialize(data);
        var before = flow.Parameters.ToDictionary(static tensor => tensor.Name, static tensor => tensor.Values.ToArray());
        _ = flow.Fit(data, new FitOptions { Epochs = 2, Frozen = ["layers.0.*", "layers.1.net.0.bias"], Optimizer = new AdamW { WeightDecay = 0.5 }, EmaDecay = 0.5 }, cancellationToken: Token);
        foreach (var tensor in flow.Parameters.Where(static tensor => tensor.IsTrainable))
        {
            if (tensor.Name.StartsWith("layers.0.", StringComparison.Ordinal) || tensor.Name == "layers.1.net.0.bias")
            {
                Assert.Equal(before[tensor.Name], tensor.Values.ToArray());
            }
            else
            {
                Assert.NotEqual(before[tensor.Name], tensor.Values.ToArray());
            }
        }
    }

    [Fact]
    public void The_best_model_is_kept_and_patience_ends_training()
    {
        // A rate that is far too high makes the loss jump about.
        var flow = DiagonalFlow.Gaussian();
        float[] validation = Rows(200, seed: 9);
        var history = flow.Fit(Rows(300), new FitOptions { Epochs = 500, ValidationData = validation, Patience = 4, Optimizer = new Adam { LearningRate = 0.3 } }, cancellationToken: Token);
        Assert.Equal(FitStopReason.EarlyStopping, history.StopReason);
        Assert.Equal(history.BestEpoch + 4, history.Epochs.Count);
        Assert.Equal(history.Epochs.Min(static epoch => epoch.ValidationLoss), history.BestLoss);
        Assert.Equal(history.BestLoss, -flow.LogProb(validation).Average(static value => (double)value), 1e-6);
    }

    [Fact]
    public void The_average_of_the_weights_is_validated_and_returned()
    {
        float[] data = Rows(256);
        var options = new FitOptions { Epochs = 1, BatchSize = 64, Shuffle = false, ValidationData = data, EmaDecay = 0.7, Optimizer = new Adam { LearningRate = 0.1 } };
        var flow = DiagonalFlow.Gaussian();
        flow.Parameters.MarkInitialized();
        var history = flow.Fit(data, options, cancellationToken: Token);

        var byHand = DiagonalFlow.Gaussian();
        byHand.Parameters.MarkInitialized();
        double[] average = [.. byHand.Parameters.Trainables.ToArray().Select(static value => (double)value)];
        var adam = new Adam { LearningRate = 0.1 };
        float[] gradient = new float[4];
        for (int step = 0; step < 4; step++)
        {
            _ = byHand.LossGradient(data.AsSpan(step * 128, 128), gradient);
            byHand.Parameters.Update(parameters => adam.Step(parameters, gradient));
            double decay = Math.Min(0.7, (2.0 + step) / (11.0 + step));
            for (int i = 0; i < average.Length; i++)
            {
                average[i] = (decay * average[i]) + ((1 - decay) * byHand.Parameters.Trainables[i]);
            }
        }

        for (int i = 0; i < average.Length; i++)
        {
            Assert.Equal(average[i], flow.Parameters.Trainables[i], 1e-6);
        }

        Assert.Equal(history.BestLoss, -flow.LogProb(data).Average(static value => (double)value), 1e-6);
    }

    [Fact]
    public void Clipping_bounds_the_norm_and_reports_the_true_one()
    {
        // Adamax moves by rate * g / (|g| + epsilon) at first, so that a huge epsilon shows how large its gradient was.
        float[] data = Rows(64);
        var flow = DiagonalFlow.Gaussian();
        flow.Parameters.MarkInitialized();
        float[] gradient = new float[4];
        _ = flow.LossGradient(data, gradient);
        double norm = Math.Sqrt(gradient.Sum(static value => (double)value * value));
        var history = flow.Fit(data, new FitOptions { Epochs = 1, ValidationFraction = 0, ClipNorm = 0.01, Optimizer = new Adamax { LearningRate = 1, Epsilon = 1e6 } }, cancellationToken: Token);
        double moved = 1e6 * Math.Sqrt(flow.Parameters.Trainables.ToArray().Sum(static value => (double)value * value));
        Assert.Equal(0.01, moved, 1e-6);
        Assert.Equal(norm, history.Epochs[0].GradientNorm, norm * 1e-6);
    }

    [Fact]
    public void Schedules_set_the_rate_of_each_step()
    {
        var rates = new List<double>();
        _ = DiagonalFlow.Gaussian().Fit(
            Rows(100),
            new FitOptions { Epochs = 4, BatchSize = 45, Schedule = LearningRateSchedule.WarmUp(1, LearningRateSchedule.Step(1, 0.5)), ProgressInterval = TimeSpan.Zero },
            new Reports(progress => rates.Add(progress.LearningRate)),
            Token);
        Assert.Equal([0.5e-3, 1e-3, 1e-3, 1e-3, 0.5e-3, 0.5e-3, 0.25e-3, 0.25e-3], rates, static (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Zero_weights_are_as_if_the_rows_were_absent()
    {
        float[] data = Rows(300);
        float[] weights = [.. Enumerable.Range(0, 300).Select(static row => row < 200 ? 2f : 0)];
        var options = new FitOptions { Epochs = 3, BatchSize = 50, Shuffle = false, ValidationFraction = 0 };
        var part = DiagonalFlow.WithBatchNorm();
        part.Parameters.MarkInitialized();
        _ = part.Fit(data.AsMemory(0, 400), options, cancellationToken: Token);
        var weighted = DiagonalFlow.WithBatchNorm();
        weighted.Parameters.MarkInitialized();
        _ = weighted.Fit(data, options with { SampleWeights = weights }, cancellationToken: Token);
        for (int i = 0; i < part.Parameters.TrainableCount; i++)
        {
            Assert.Equal(part.Parameters.Trainables[i], weighted.Parameters.Trainables[i], 1e-6);
        }
    }

    [Fact]
    public void Weighted_batches_add_up_to_the_loss_of_all_rows()
    {
        // With a rate of zero, the epoch's loss is the weighted mean over all rows, and so is the mean of the steps' gradients.
        float[] data = Rows(100);
        float[] weights = [.. Enumerable.Range(0, 100).Select(static row => 1f + (row % 7))];
        var flow = DiagonalFlow.Gaussian();
        flow.Parameters.MarkInitialized();
        double expected = -flow.LogProb(data).Zip(weights, static (value, weight) => (double)value * weight).Sum() / weights.Sum(static weight => (double)weight);
        var history = flow.Fit(
            data,
            new FitOptions { Epochs = 1, BatchSize = 25, SampleWeights = weights, ValidationFraction = 0, Optimizer = new Adam { LearningRate = 0 } },
            cancellationToken: Token);
        Assert.Equal(expected, history.Epochs[0].TrainingLoss, 1e-5);
    }

    [Fact]
    public void Validation_rows_do_not_train()
    {
        float[] data = Rows(100);
        var options = new FitOptions { Epochs = 1, ValidationFraction = 0.3, Seed = 4 };
        var rows = new FitRows(((IFlow)DiagonalFlow.Gaussian()).Engine.Description, data, options);
        Assert.Equal(30, rows.ValidationCount);
        Assert.Equal(Enumerable.Range(0, 100), rows.TrainingRows.ToArray().Concat(rows.ValidationRows.ToArray()).Order());
        Assert.NotEqual(Enumerable.Range(0, 30), rows.ValidationRows.ToArray());
        rows.BeginEpoch(1);
        int[] first = [.. Enumerable.Range(0, rows.Steps).SelectMany(step => rows.Batch(step).ToArray())];
        rows.BeginEpoch(2);
        int[] second = [.. Enumerable.Range(0, rows.Steps).SelectMany(step => rows.Batch(step).ToArray())];
        Assert.NotEqual(first, second);
        Assert.Equal(rows.TrainingRows.ToArray(), first.Order());
        rows.BeginEpoch(1);
        Assert.Equal(first, Enumerable.Range(0, rows.Steps).SelectMany(step => rows.Batch(step).ToArray()));
    }

    [Theory]
    [InlineData(1000, 256, 4, 250)]
    [InlineData(257, 256, 2, 129)]
    [InlineData(3, 2, 2, 2)]
    [InlineData(5, 100, 1, 5)]
    public void Batches_are_of_nearly_equal_size(int count, int batchSize, int steps, int largest)
    {
        var rows = new FitRows(((IFlow)DiagonalFlow.Gaussian()).Engine.Description, Rows(count), new FitOptions { BatchSize = batchSize, ValidationFraction = 0 });
        rows.BeginEpoch(1);
        int[] sizes = [.. Enumerable.Range(0, rows.Steps).Select(step => rows.Batch(step).Length)];
        Assert.Equal(steps, sizes.Length);
        Assert.Equal(largest, sizes.Max());
        Assert.Equal(rows.LargestBatch, sizes.Max());
        Assert.Equal(count, sizes.Sum());
        Assert.True(sizes.Max() - sizes.Min() <= 1);
    }

    [Fact]
    public void Batch_statistics_never_meet_a_single_row()
    {
        var history = DiagonalFlow.WithBatchNorm().Fit(Rows(3), new FitOptions { Epochs = 2, BatchSize = 2, ValidationFraction = 0 }, cancellationToken: Token);
        Assert.Equal(2, history.Steps);
    }

    [Fact]
    public void Dequantization_noise_is_new_in_each_epoch_and_fixed_in_validation()
    {
        float[] data = [.. Enumerable.Range(0, 200).Select(static i => (float)(i * 7 % 4))];
        var rows = new FitRows(((IFlow)DiagonalFlow.Levels()).Engine.Description, data, new FitOptions());
        float[] first = Gathered(1);
        float[] second = Gathered(2);
        Assert.Equal(first, Gathered(1));
        Assert.NotEqual(first, second);
        for (int i = 0; i < first.Length; i++)
        {
            Assert.Equal(data[(rows.TrainingRows[i / 2] * 2) + (i % 2)], MathF.Floor(first[i]));
            Assert.Equal(first[i] * 65536, MathF.Round(first[i] * 65536));
        }

        float[] validation = new float[rows.ValidationCount * 2];
        float[] again = new float[rows.ValidationCount * 2];
        rows.GatherValidation(rows.ValidationRows, validation, new float[rows.ValidationCount]);
        rows.GatherValidation(rows.ValidationRows, again, new float[rows.ValidationCount]);
        Assert.Equal(validation, again);
        Assert.Contains(validation, static value => value != MathF.Floor(value));

        float[] Gathered(int epoch)
        {
            float[] values = new float[rows.TrainingCount * 2];
            _ = rows.Gather(rows.TrainingRows, epoch, values, new float[rows.TrainingCount]);
            return values;
        }
    }

    [Fact]
    public void Discrete_data_trains_to_a_sensible_code_length()
    {
        float[] data = [.. Enumerable.Range(0, 4000).Select(static i => (float)(i * 7919 % 4))];
        var flow = DiagonalFlow.Levels();
        _ = flow.Fit(data, new FitOptions { Epochs = 20, Optimizer = new Adam { LearningRate = 0.02 } }, cancellationToken: Token);

        // Uniform over four levels is two bits; a logistic density cannot be flat.
        Assert.InRange(flow.BitsPerDim(data), 2, 2.4);
    }

    [Fact]
    public void Running_statistics_follow_the_batches()
    {
        var flow = DiagonalFlow.WithBatchNorm();
        flow.Parameters.MarkInitialized();
        _ = flow.Fit(Rows(1000), new FitOptions { Epochs = 20, BatchSize = 100, Optimizer = new Adam { LearningRate = 0 } }, cancellationToken: Token);
        Assert.Equal(3, flow.Parameters["layers.1.running_mean"].Values[0], 0.3);
        Assert.Equal(4, flow.Parameters["layers.1.running_var"].Values[0], 0.6);
    }

    [Fact]
    public void Cancelling_stops_between_steps_and_keeps_the_best_model()
    {
        using var source = new CancellationTokenSource();
        var flow = DiagonalFlow.Gaussian();
        float[] validation = Rows(100, seed: 2);
        var history = flow.Fit(
            Rows(1000),
            new FitOptions { Epochs = 1000, BatchSize = 100, ValidationData = validation, ProgressInterval = TimeSpan.Zero },
            new Reports(progress =>
            {
                if (progress is { Epoch: 3, Step: 4 })
                {
                    source.Cancel();
                }
            }),
            source.Token);
        Assert.True(history.Cancelled);
        Assert.Equal(2, history.Epochs.Count);
        Assert.Equal(24, history.Steps);
        Assert.Equal(history.BestLoss, -flow.LogProb(validation).Average(static value => (double)value), 1e-6);
    }

    [Fact]
    public void Cancelling_before_the_first_step_changes_nothing()
    {
        var flow = DiagonalFlow.Gaussian();
        var history = flow.Fit(Rows(100), cancellationToken: new CancellationToken(canceled: true));
        Assert.True(history.Cancelled);
        Assert.Empty(history.Epochs);
        Assert.True(double.IsNaN(history.BestLoss));
        Assert.False(flow.IsInitialized);
    }

    [Fact]
    public void Progress_tells_of_every_step_and_epoch()
    {
        var reports = new List<FitProgress>();
        _ = DiagonalFlow.Gaussian().Fit(Rows(100), new FitOptions { Epochs = 2, BatchSize = 30, ProgressInterval = TimeSpan.Zero }, new Reports(reports.Add), Token);
        Assert.Equal([(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)], reports.Select(static progress => (progress.Epoch, progress.Step)));
        Assert.Equal([false, false, true, false, false, true], reports.Select(static progress => progress.IsEpochEnd));
        Assert.All(reports, static progress => Assert.True(progress is { Steps: 3, Epochs: 2, TrainingLoss: > 0, GradientNorm: > 0, SamplesPerSecond: > 0 }));
        Assert.True(double.IsNaN(reports[0].ValidationLoss));
        Assert.Equal(reports[2].ValidationLoss, reports[3].ValidationLoss);
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        var flow = new HandWrittenFlow(1);
        float[] data = FlowFixture.Normal(3 * 4000, 4);
        var marks = new List<long>(12);
        var options = new FitOptions { Epochs = 6, BatchSize = 20, EmaDecay = 0.9, ProgressInterval = TimeSpan.Zero };
        _ = flow.Fit(data, options, new Reports(progress =>
        {
            if (progress.Step is 20 or 170)
            {
                marks.Add(GC.GetAllocatedBytesForCurrentThread());
            }
        }), Token);
        Assert.Equal(12, marks.Count);
        Assert.Equal(0, marks[11] - marks[10]);
    }

    private static double Deviation(float[] data, int column)
    {
        double[] values = [.. data.Where((_, i) => i % 2 == column).Select(static value => (double)value)];
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
