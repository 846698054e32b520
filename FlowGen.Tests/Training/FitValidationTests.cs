using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Training;

public sealed class FitValidationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Data_that_does_not_divide_into_rows_names_both_lengths() => Refused(new float[7], new FitOptions(), "rows of 2 numbers", "7 numbers");

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Values_that_are_not_finite_are_named_by_row_and_column(float value)
    {
        float[] data = FitTests.Rows(100);
        data[57] = value;
        Refused(data, new FitOptions(), "row 28, column 1", $"{value}");
        Refused(FitTests.Rows(10), new FitOptions { ValidationData = data }, "ValidationData", "row 28, column 1");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(1.5f)]
    [InlineData(-1)]
    public void Levels_that_do_not_exist_are_named(float value)
    {
        float[] data = new float[20];
        data[3] = value;
        var refused = Assert.Throws<ArgumentException>(() => DiagonalFlow.Levels().Fit(data, cancellationToken: Token));
        Assert.Contains("row 1, column 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("[0, 4)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_rows_are_named()
    {
        Refused([], new FitOptions { ValidationFraction = 0 }, "at least 1 row", "0 rows");
        Refused(new float[2], new FitOptions(), "1 row ", nameof(FitOptions.ValidationFraction));
        Refused(new float[4], new FitOptions { ValidationFraction = 0, SampleWeights = new float[2] }, "0 are left", "2 have weight zero");
        var batch = Assert.Throws<ArgumentException>(() => DiagonalFlow.WithBatchNorm().Fit(FitTests.Rows(2), new FitOptions { ValidationFraction = 0.5 }, cancellationToken: Token));
        Assert.Contains("at least 2 rows (layer 1, BatchNorm", batch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        float[] data = FitTests.Rows(10);
        Refused(data, new FitOptions { Epochs = 0 }, "Epochs is 0", "at least 1");
        Refused(data, new FitOptions { BatchSize = 0 }, "BatchSize is 0", "at least 1");
        Refused(data, new FitOptions { Patience = -1 }, "Patience is -1", "at least 0");
        Refused(data, new FitOptions { ValidationFraction = 1 }, "ValidationFraction is 1", "less than 1");
        Refused(data, new FitOptions { ValidationFraction = double.NaN }, "ValidationFraction is NaN");
        Refused(data, new FitOptions { ClipNorm = -2 }, "ClipNorm is -2");
        Refused(data, new FitOptions { EmaDecay = 1 }, "EmaDecay is 1", "less than 1");
        Refused(data, new FitOptions { Memory = (MemoryMode)7 }, "Memory is 7", "Recompute");
        Refused(data, new FitOptions { Checkpoint = new CheckpointOptions("c") { Epochs = -1 } }, "Checkpoint.Epochs is -1");
        Assert.Throws<ArgumentNullException>(() => DiagonalFlow.Gaussian().Fit(data, new FitOptions { Optimizer = null! }, cancellationToken: Token));
    }

    [Fact]
    public void Weights_that_do_not_fit_the_rows_are_named()
    {
        float[] data = FitTests.Rows(10);
        Refused(data, new FitOptions { SampleWeights = new float[9] }, "9 weights", "10 rows");
        float[] weights = [1, 1, 1, -1, 1, 1, 1, 1, 1, 1];
        Refused(data, new FitOptions { SampleWeights = weights }, "row 3", "-1");
        weights[3] = float.NaN;
        Refused(data, new FitOptions { SampleWeights = weights }, "row 3", "NaN");
    }

    [Fact]
    public void Frozen_names_without_a_tensor_are_refused()
    {
        float[] data = FitTests.Rows(10);
        Refused(data, new FitOptions { Frozen = ["layers.0.bais"] }, "layers.0.bais", "layers.0.bias");
        Refused(data, new FitOptions { Frozen = ["layers.0.initialized"] }, "layers.0.initialized");
        Refused(data, new FitOptions { Frozen = ["*"] }, "all 2 trainable tensors");
    }

    [Fact]
    public void Batch_statistics_of_one_row_are_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => DiagonalFlow.WithBatchNorm().Fit(FitTests.Rows(10), new FitOptions { BatchSize = 1 }, cancellationToken: Token));
        Assert.Contains("BatchSize is 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("layer 1 (BatchNorm)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_directory_that_does_not_exist_is_said_at_once()
    {
        string path = Path.Combine(Path.GetTempPath(), "flowgen-" + Guid.NewGuid(), "fit.checkpoint");
        Assert.Throws<DirectoryNotFoundException>(() => DiagonalFlow.Gaussian().Fit(FitTests.Rows(10), new FitOptions { Checkpoint = new CheckpointOptions(path) }, cancellationToken: Token));
    }

    [Fact]
    public void Columns_without_variance_are_named_by_the_layer_that_needs_it()
    {
        float[] data = FlowFixture.Normal(20, 1);
        for (int i = 1; i < 20; i += 2)
        {
            data[i] = 3;
        }

        var degenerate = Assert.Throws<DegenerateDataException>(() => DiagonalFlow.Gaussian().Fit(data, cancellationToken: Token));
        Assert.Contains("1", degenerate.Message, StringComparison.Ordinal);
    }

    private static void Refused(float[] data, FitOptions options, params string[] facts)
    {
        var flow = DiagonalFlow.Gaussian();
        var refused = Assert.Throws<ArgumentException>(() => flow.Fit(data, options, cancellationToken: Token));
        foreach (string fact in facts)
        {
            Assert.Contains(fact, refused.Message, StringComparison.Ordinal);
        }

        Assert.False(flow.IsInitialized);
    }
}
