using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Wrong use says what was expected and what was found.</summary>
public sealed class FlowErrorTests
{
    private static readonly HandWrittenFlow Flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 1);

    private delegate void Use(float[] buffer);

    [Fact]
    public void A_length_that_is_no_multiple_of_the_size_names_both()
    {
        var error = Assert.Throws<ArgumentException>(() => Flow.Forward(new float[7], new float[7], new float[2]));
        Assert.Contains("3", error.Message, StringComparison.Ordinal);
        Assert.Contains("7", error.Message, StringComparison.Ordinal);
        Assert.Equal("x", error.ParamName);
        Assert.Throws<ArgumentException>(() => Flow.Inverse(new float[7], new float[7], new float[2]));
        Assert.Throws<ArgumentException>(() => Flow.LogProb(new float[7], new float[2]));
        Assert.Throws<ArgumentException>(() => Flow.Sample(new float[7], 1));
        Assert.Throws<ArgumentException>(() => Flow.Initialize(new float[7]));
        Assert.Throws<ArgumentException>(() => Flow.LossGradient(new float[7], new float[49]));
        Assert.Throws<ArgumentException>(() => FlowVerifier.Verify(Flow, new float[7]));
        Assert.Throws<ArgumentException>(() => FlowVerifier.Verify(Flow, []));
    }

    [Fact]
    public void An_output_of_the_wrong_length_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Flow.Forward(new float[6], new float[9], new float[2]));
        Assert.Equal("z", error.ParamName);
        Assert.Contains("9", error.Message, StringComparison.Ordinal);
        Assert.Equal("logDet", Assert.Throws<ArgumentException>(() => Flow.Forward(new float[6], new float[6], new float[3])).ParamName);
        Assert.Equal("x", Assert.Throws<ArgumentException>(() => Flow.Inverse(new float[6], new float[3], new float[2])).ParamName);
        Assert.Equal("logProb", Assert.Throws<ArgumentException>(() => Flow.LogProb(new float[6], new float[1])).ParamName);
        Assert.Equal("gradient", Assert.Throws<ArgumentException>(() => Flow.LossGradient(new float[6], new float[48])).ParamName);
        Assert.Equal("gradZ", Assert.Throws<ArgumentException>(() => Flow.Pullback(new float[6], new float[3], new float[2], [], [])).ParamName);
        Assert.Equal("gradLogDet", Assert.Throws<ArgumentException>(() => Flow.Pullback(new float[6], new float[6], new float[3], [], [])).ParamName);
        Assert.Equal("gradX", Assert.Throws<ArgumentException>(() => Flow.Pullback(new float[6], new float[6], new float[2], new float[3], [])).ParamName);
    }

    [Fact]
    public void Spans_that_overlap_in_part_are_an_error()
    {
        AssertOverlap(static buffer => Flow.Forward(buffer.AsSpan(0, 6), buffer.AsSpan(3, 6), new float[2]));
        AssertOverlap(static buffer => Flow.Inverse(buffer.AsSpan(3, 6), buffer.AsSpan(0, 6), new float[2]));
        AssertOverlap(static buffer => Flow.Forward(buffer.AsSpan(0, 6), new float[6], buffer.AsSpan(5, 2)));
        AssertOverlap(static buffer => Flow.Forward(new float[6], buffer.AsSpan(0, 6), buffer.AsSpan(5, 2)));
        AssertOverlap(static buffer => Flow.LogProb(buffer.AsSpan(0, 6), buffer.AsSpan(0, 2)));
        AssertOverlap(static buffer => Flow.Pullback(buffer.AsSpan(0, 6), new float[6], new float[2], buffer.AsSpan(0, 6), []));
        AssertOverlap(static buffer => Flow.LossGradient(buffer.AsSpan(47, 6), buffer.AsSpan(0, 49)), "gradient overlaps x, -47 elements");
        AssertOverlap(static buffer => Flow.Pullback(buffer.AsSpan(3, 6), new float[6], new float[2], [], buffer.AsSpan(0, 49)), "gradient overlaps x");
        AssertOverlap(static buffer => Flow.Pullback(new float[6], buffer.AsSpan(48, 6), new float[2], [], buffer.AsSpan(0, 49)), "gradient overlaps gradZ");
        AssertOverlap(static buffer => Flow.Pullback(new float[6], new float[6], buffer.AsSpan(48, 2), [], buffer.AsSpan(0, 49)), "gradient overlaps gradLogDet");
        AssertOverlap(static buffer => Flow.Pullback(new float[6], new float[6], new float[2], buffer.AsSpan(48, 6), buffer.AsSpan(0, 49)), "gradient overlaps gradX");

        static void AssertOverlap(Use use, string what = "overlap")
        {
            var error = Assert.Throws<ArgumentException>(() => use(new float[64]));
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flow_that_waits_for_data_says_which_layer_and_what_to_do()
    {
        var flow = new HandWrittenFlow();
        Assert.False(flow.IsInitialized);
        float[] x = FlowFixture.Normal(3 * 8, seed: 3);
        foreach (Action use in (Action[])
        [
            () => flow.Forward(x, new float[24], new float[8]),
            () => flow.Inverse(x, new float[24], new float[8]),
            () => flow.LogProb(x, new float[8]),
            () => flow.Sample(new float[24], 1),
            () => flow.LossGradient(x, new float[49]),
            () => flow.Pullback(x, x, new float[8], [], []),
            () => flow.Score(x, new float[24]),
            () => flow.SampleWithLogProb(4, 1),
            () => FlowVerifier.Verify(flow, x),
        ])
        {
            var error = Assert.Throws<FlowNotInitializedException>(use);
            Assert.Contains("layer 0 (ActNorm)", error.Message, StringComparison.Ordinal);
            Assert.Contains("Initialize", error.Message, StringComparison.Ordinal);
        }

        flow.Initialize(x);
        Assert.True(flow.IsInitialized);
        _ = flow.LogProb(x);
    }

    [Fact]
    public void Initialisation_gives_zero_mean_and_unit_variance_and_happens_once()
    {
        var flow = new HandWrittenFlow();
        float[] x = [.. FlowFixture.Normal(3 * 500, seed: 4).Select(static (value, i) => (value * (1 + (i % 3))) + (10 * (i % 3)))];
        flow.Initialize(x);
        float[] z = new float[x.Length];
        ((IFlow)flow).Engine.Run(x, z, new float[500], 0, 1, inverse: false);
        for (int i = 0; i < 3; i++)
        {
            double mean = Enumerable.Range(0, 500).Average(row => (double)z[(3 * row) + i]);
            double variance = Enumerable.Range(0, 500).Average(row => (z[(3 * row) + i] - mean) * (z[(3 * row) + i] - mean));
            Assert.Equal(0, mean, 1e-5);
            Assert.Equal(1, variance, 1e-4);
        }

        float[] weights = flow.Parameters.Trainables.ToArray();
        flow.Initialize([.. x.Select(static value => 5 * value)]);
        FlowFixture.Identical(weights, flow.Parameters.Trainables, "parameters");
    }

    [Fact]
    public void Data_without_variance_or_with_no_numbers_cannot_initialise()
    {
        float[] constant = FlowFixture.Normal(3 * 10, seed: 5);
        for (int row = 0; row < 10; row++)
        {
            constant[(3 * row) + 1] = 4;
        }

        var error = Assert.Throws<DegenerateDataException>(() => new HandWrittenFlow().Initialize(constant));
        Assert.Contains("1", error.Message, StringComparison.Ordinal);
        float[] spoiled = FlowFixture.Normal(3 * 10, seed: 6);
        spoiled[7] = float.NaN;
        var flow = new HandWrittenFlow();
        Assert.Throws<DegenerateDataException>(() => flow.Initialize(spoiled));
        Assert.False(flow.IsInitialized);
        Assert.Throws<ArgumentException>(() => new HandWrittenFlow().Initialize(new float[3]));
    }

    [Fact]
    public void Parameters_that_are_no_numbers_are_refused_with_their_place()
    {
        var flow = new HandWrittenFlow();
        var error = Assert.Throws<ArgumentException>(() => flow.Parameters.Set("layers.0.bias", [1, float.NaN, 2]));
        Assert.Contains("layers.0.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("at 1", error.Message, StringComparison.Ordinal);
        Assert.Equal([0, 0, 0], flow.Parameters["layers.0.bias"].Values.ToArray());
        Assert.Throws<ArgumentException>(() => flow.Parameters.Set("layers.0.bias", [1, 2]));
        Assert.Contains("layers.0.bias", Assert.Throws<KeyNotFoundException>(() => flow.Parameters.Set("layers.0.biases", [1])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_temperature_that_is_none_is_an_error(float temperature) =>
        Assert.Equal("temperature", Assert.Throws<ArgumentException>(() => Flow.Sample(new float[3], 1, temperature)).ParamName);

    [Fact]
    public void A_loss_over_nothing_is_an_error_and_everything_else_over_nothing_is_nothing()
    {
        Assert.Throws<ArgumentException>(() => Flow.LossGradient([], new float[49]));
        Flow.Forward([], [], []);
        Flow.Inverse([], [], []);
        Flow.LogProb([], []);
        Flow.Sample([], 1);
        float[] gradient = FlowFixture.Normal(49, seed: 1);
        Flow.Pullback([], [], [], [], gradient);
        Assert.All(gradient, static value => Assert.Equal(0, value));
    }

    [Fact]
    public void Sample_weights_are_checked()
    {
        float[] x = FlowFixture.Normal(6, seed: 2);
        foreach (float[] weights in (float[][])[[1], [1, -1], [1, float.NaN], [0, 0], [1, float.PositiveInfinity]])
        {
            Assert.Throws<ArgumentException>(() => Flow.LossGradient(x, new float[49], new GradientOptions { SampleWeights = weights }));
        }
    }

    [Fact]
    public void Written_parameters_take_effect_at_once()
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 8);
        float[] x = FlowFixture.Normal(3 * 5, seed: 9);
        float[] before = flow.LogProb(x);
        flow.Parameters.Update(static trainables => trainables[0] += 1);
        float[] after = flow.LogProb(x);
        Assert.NotEqual(before, after);
        flow.Parameters.Update(static trainables => trainables[0] -= 1);
        FlowFixture.Scramble(flow, seed: 8);
        FlowFixture.Identical(before, flow.LogProb(x), "log p");
    }
}
