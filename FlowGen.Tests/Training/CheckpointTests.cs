using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("flowgen-").FullName;

    private string Path => System.IO.Path.Combine(directory, "fit.safetensors");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("Adam", 0)]
    [InlineData("AmsGrad", 0.9)]
    [InlineData("AdamW", 0)]
    [InlineData("AmsGradW", 0.9)]
    [InlineData("Adamax", 0.9)]
    public void Three_epochs_and_three_more_equal_six(string optimizer, double emaDecay)
    {
        var options = new FitOptions { Epochs = 6, BatchSize = 64, Optimizer = OptimizerTests.Create(optimizer, 0.01), EmaDecay = emaDecay, Seed = 3 };
        Resumed(DiagonalFlow.WithBatchNorm, FitTests.Rows(500), options, DiagonalFlow.WithBatchNorm);
    }

    [Fact]
    public void Couplings_resume_to_the_last_bit() =>
        Resumed(static () => new HandWrittenFlow(1), FlowFixture.Normal(3 * 500, 4), new FitOptions { Epochs = 6, BatchSize = 100 }, static () => new HandWrittenFlow(99));

    [Fact]
    public void Noise_and_weights_resume_to_the_last_bit()
    {
        float[] data = [.. Enumerable.Range(0, 600).Select(static i => (float)(i * 7919 % 4))];
        float[] weights = [.. Enumerable.Range(0, 300).Select(static i => (float)(i % 5))];
        Resumed(DiagonalFlow.Levels, data, new FitOptions { Epochs = 6, BatchSize = 32, SampleWeights = weights }, DiagonalFlow.Levels);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_training_cancelled_anywhere_resumes_to_the_last_bit(int step)
    {
        float[] data = FitTests.Rows(500);
        var options = new FitOptions
        {
            Epochs = 6, BatchSize = 50, EmaDecay = 0.8, ProgressInterval = TimeSpan.Zero, Schedule = LearningRateSchedule.WarmUp(2.5, LearningRateSchedule.Cosine()), Optimizer = new Adam { LearningRate = 0.05 },
        };
        var whole = DiagonalFlow.WithBatchNorm();
        var expected = whole.Fit(data, options, cancellationToken: Token);

        using var source = new CancellationTokenSource();
        var cancelled = DiagonalFlow.WithBatchNorm().Fit(data, options with { Checkpoint = new CheckpointOptions(Path) }, new Reports(progress =>
        {
            if (progress.Epoch == 3 && progress.Step == step)
            {
                source.Cancel();
            }
        }), source.Token);
        Assert.True(cancelled.Cancelled);
        Assert.Equal(2, cancelled.Epochs.Count);
        var flow = DiagonalFlow.WithBatchNorm();
        var history = flow.Fit(data, options with { ResumeFrom = Path }, cancellationToken: Token);
        Same(whole, expected, flow, history);
    }

    [Fact]
    public void Checkpoints_by_time_fall_between_steps_and_resume_to_the_last_bit()
    {
        float[] data = FitTests.Rows(500);
        var options = new FitOptions { Epochs = 4, BatchSize = 50, ProgressInterval = TimeSpan.Zero };
        var whole = DiagonalFlow.WithBatchNorm();
        var expected = whole.Fit(data, options, cancellationToken: Token);
        string middle = System.IO.Path.Combine(directory, "middle.safetensors");
        _ = DiagonalFlow.WithBatchNorm().Fit(data, options with { Checkpoint = new CheckpointOptions(Path) { Epochs = 0, Interval = TimeSpan.Zero } }, new Reports(progress =>
        {
            if (progress is { Epoch: 2, Step: 5 })
            {
                File.Copy(Path, middle);
            }
        }), Token);
        var flow = DiagonalFlow.WithBatchNorm();
        var history = flow.Fit(data, options with { ResumeFrom = middle }, cancellationToken: Token);
        Same(whole, expected, flow, history);
    }

    [Fact]
    public void Early_stopping_counts_on_over_a_resume()
    {
        float[] data = FitTests.Rows(300);
        var options = new FitOptions { Epochs = 200, ValidationData = FitTests.Rows(200, seed: 9), Patience = 4, Optimizer = new Adam { LearningRate = 0.3 } };
        var whole = DiagonalFlow.Gaussian();
        var expected = whole.Fit(data, options, cancellationToken: Token);
        Assert.Equal(FitStopReason.EarlyStopping, expected.StopReason);
        _ = DiagonalFlow.Gaussian().Fit(data, options with { Epochs = expected.BestEpoch + 2, Checkpoint = new CheckpointOptions(Path) }, cancellationToken: Token);
        var flow = DiagonalFlow.Gaussian();
        var history = flow.Fit(data, options with { ResumeFrom = Path }, cancellationToken: Token);
        Assert.Equal(FitStopReason.EarlyStopping, history.StopReason);
        Same(whole, expected, flow, history);
    }

    [Fact]
    public void Other_data_and_options_are_refused_by_name()
    {
        float[] data = FitTests.Rows(100);
        var options = new FitOptions { Epochs = 1, Checkpoint = new CheckpointOptions(Path) };
        _ = DiagonalFlow.Gaussian().Fit(data, options, cancellationToken: Token);
        var resume = new FitOptions { Epochs = 2, ResumeFrom = Path };
        Refused(data, resume with { BatchSize = 128 }, "BatchSize is 128 here and 256 in the checkpoint");
        Refused(data, resume with { Optimizer = new Adam { LearningRate = 0.5 } }, "LearningRate = 0.5", "LearningRate = 0.001");
        Refused(data, resume with { Seed = 1 }, "Seed is 1 here and 0");
        Refused(data, resume with { EmaDecay = 0.9 }, "EmaDecay is 0.9 here and 0");
        Refused(data, resume with { Schedule = LearningRateSchedule.Cosine() }, "Schedule is Cosine(0) here and Constant", "Epochs is 2 here and not given");
        Refused(data, resume with { Frozen = ["layers.0.bias"] }, "Frozen is layers.0.bias here");
        Refused(FitTests.Rows(101), resume, "data is 101 rows", "100 rows");
        data[3]++;
        Refused(data, resume, "data is 100 rows");
    }

    [Fact]
    public void Checkpoints_of_other_flows_and_other_files_are_refused()
    {
        float[] data = FitTests.Rows(100);
        _ = DiagonalFlow.Gaussian().Fit(data, new FitOptions { Epochs = 1, Checkpoint = new CheckpointOptions(Path) }, cancellationToken: Token);
        var resume = new FitOptions { Epochs = 2, ResumeFrom = Path };
        var other = Assert.Throws<FlowFileException>(() => DiagonalFlow.WithBatchNorm().Fit(data, resume, cancellationToken: Token));
        Assert.Contains("another flow", other.Message, StringComparison.Ordinal);

        var flow = DiagonalFlow.Gaussian();
        flow.Parameters.MarkInitialized();
        flow.Save(Path);
        Refused(data, resume, "not a checkpoint");
        Assert.Throws<FileNotFoundException>(() => DiagonalFlow.Gaussian().Fit(data, resume with { ResumeFrom = Path + ".none" }, cancellationToken: Token));
    }

    [Fact]
    public void A_file_that_was_cut_or_changed_anywhere_is_refused_and_changes_nothing()
    {
        float[] data = FitTests.Rows(100);
        _ = DiagonalFlow.Gaussian().Fit(data, new FitOptions { Epochs = 1, EmaDecay = 0.5, Checkpoint = new CheckpointOptions(Path) }, cancellationToken: Token);
        var resume = new FitOptions { Epochs = 2, EmaDecay = 0.5, ResumeFrom = Path };
        byte[] whole = File.ReadAllBytes(Path);
        var random = new System.Random(1);
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = [.. whole];
            if (i % 2 == 0)
            {
                bytes = bytes[..random.Next(whole.Length)];
            }
            else
            {
                int place = random.Next(whole.Length);
                bytes[place] ^= (byte)(1 << random.Next(8));
            }

            File.WriteAllBytes(Path, bytes);
            var flow = DiagonalFlow.Gaussian();
            float[] before = [.. flow.Parameters.Trainables, .. flow.Parameters.MutableBuffers];
            Assert.Throws<FlowFileException>(() => flow.Fit(data, resume, cancellationToken: Token));
            float[] after = [.. flow.Parameters.Trainables, .. flow.Parameters.MutableBuffers];
            Assert.Equal(before, after);
        }
    }

    [Fact]
    public void Saving_leaves_one_file_and_nothing_beside_it()
    {
        _ = DiagonalFlow.Gaussian().Fit(FitTests.Rows(100), new FitOptions { Epochs = 5, Checkpoint = new CheckpointOptions(Path) }, cancellationToken: Token);
        Assert.Equal([Path], Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void Time_and_steps_add_up_over_a_resume()
    {
        float[] data = FitTests.Rows(100);
        var first = DiagonalFlow.Gaussian().Fit(data, new FitOptions { Epochs = 2, Checkpoint = new CheckpointOptions(Path) }, cancellationToken: Token);
        var second = DiagonalFlow.Gaussian().Fit(data, new FitOptions { Epochs = 3, ResumeFrom = Path }, cancellationToken: Token);
        Assert.Equal(3, second.Steps);
        Assert.True(second.Elapsed > first.Epochs[1].Elapsed);
        Assert.Equal(first.Epochs[0].Elapsed, second.Epochs[0].Elapsed);
    }

    private void Resumed<TFlow>(Func<TFlow> create, float[] data, FitOptions options, Func<TFlow> createOther)
        where TFlow : IFlow
    {
        var whole = create();
        var expected = whole.Fit(data, options, cancellationToken: Token);
        _ = create().Fit(data, options with { Epochs = 3, Checkpoint = new CheckpointOptions(Path) }, cancellationToken: Token);
        var flow = createOther();
        var history = flow.Fit(data, options with { ResumeFrom = Path, Checkpoint = new CheckpointOptions(Path) }, cancellationToken: Token);
        Same(whole, expected, flow, history);
    }

    private static void Same(IFlow expected, FitHistory expectedHistory, IFlow actual, FitHistory history)
    {
        Assert.Equal(expected.Parameters.Trainables.ToArray(), actual.Parameters.Trainables.ToArray());
        Assert.Equal(expected.Parameters.MutableBuffers, actual.Parameters.MutableBuffers);
        Assert.Equal(expectedHistory.BestEpoch, history.BestEpoch);
        Assert.Equal(expectedHistory.Steps, history.Steps);
        Assert.Equal(
            expectedHistory.Epochs.Select(static epoch => epoch with { Elapsed = default }),
            history.Epochs.Select(static epoch => epoch with { Elapsed = default }));
    }

    private static void Refused(float[] data, FitOptions options, params string[] facts)
    {
        var refused = Assert.Throws<FlowFileException>(() => DiagonalFlow.Gaussian().Fit(data, options, cancellationToken: Token));
        foreach (string fact in facts)
        {
            Assert.Contains(fact, refused.Message, StringComparison.Ordinal);
        }
    }
}
