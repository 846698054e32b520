using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>A flow with kinks, of a function and of the slope of another, between maps that round.</summary>
[Flow(4)]
[ActNorm, Elementwise(Activation.LeakyRelu), InvertibleLinear, ActNorm, Repeat<ShiftedElu>(1), InvertibleLinear, AffineCoupling(8, Activation = Activation.Tanh)]
public sealed partial class KinkedFlow;

/// <summary>e^x - 1 below zero, but with a slope of one at least.</summary>
[FlowStep, Elementwise(nameof(Bend))]
public sealed partial class ShiftedElu
{
    private static float Bend(float x) => x < 0f ? x + MathF.Exp(x) - 1f : 2f * x;
}

/// <summary>The same on images.</summary>
[Flow(2, 3, 3)]
[ActNorm, Elementwise(Activation.LeakyRelu), Invertible1x1Conv, ActNorm, Repeat<ShiftedElu>(1), Invertible1x1Conv, AffineCoupling(5, Net = CouplingNet.Conv, Activation = Activation.Tanh)]
public sealed partial class KinkedImage;

/// <summary>A flow whose first layer keeps its input.</summary>
[Flow(3)]
[MintPair(Paths = 2), AffineCoupling(Transforms = Partition.SecondHalf, Scale = ScaleFunction.Exp)]
public sealed partial class MintBeforeCoupling;

/// <summary>What is kept of the forward pass changes the memory, not the gradient.</summary>
public sealed class GradientModeTests
{
    public static TheoryData<string> Flows => FlowZoo.All;

    public static TheoryData<string> VectorFlows => FlowZoo.OfVectors;

    public static TheoryData<string> WithoutSums => [.. VectorFlows.Select(static row => row.Data).Where(static name => FlowZoo.Create(name).Engine.Program.Shape is var shape && shape.GradientFloats == shape.Trainables)];

    /// <summary>
    /// Tiles add to one gradient one after the other, as if each had made a partial sum: so a layer without sums of its own adds to every element once a tile. A share is computed with
    /// twice the weight for each sample, the others having none, and halved, which changes no bit.
    /// </summary>
    [Theory]
    [MemberData(nameof(WithoutSums))]
    public void A_gradient_is_the_sum_of_the_shares_of_its_tiles(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 33);
        int half = TileGeometry.TileLanes;
        float[] x = FlowZoo.Case(name).Samples(2 * half, seed: 34);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        _ = flow.LossGradient(x, gradient);
        float[] first = Share(0);
        float[] second = Share(half);
        for (int i = 0; i < gradient.Length; i++)
        {
            Assert.True(gradient[i] == (0.5f * first[i]) + (0.5f * second[i]), $"{i}: {gradient[i]:R} for {0.5f * first[i]:R} + {0.5f * second[i]:R}, in {FlowZoo.Case(name).Declaration}.");
        }

        float[] Share(int start)
        {
            float[] share = new float[gradient.Length];
            float[] weights = new float[2 * half];
            weights.AsSpan(start, half).Fill(1);
            _ = flow.LossGradient(x, share, new GradientOptions { SampleWeights = weights });
            return share;
        }
    }

    [Theory]
    [MemberData(nameof(VectorFlows))]
    public void A_gradient_is_written_where_it_belongs_and_nowhere_else(string name)
    {
        const int Margin = 64;
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 35);
        foreach (int count in (int[])[1, 5, (2 * TileGeometry.TileLanes) + 3])
        {
            float[] x = FlowZoo.Case(name).Samples(count, seed: 36);
            float[] expected = new float[flow.Parameters.TrainableCount];
            double loss = flow.LossGradient(x, expected);
            float[] block = new float[expected.Length + (2 * Margin)];
            block.AsSpan().Fill(float.NaN);
            Assert.Equal(loss, flow.LossGradient(x, block.AsSpan(Margin, expected.Length)));
            FlowFixture.Identical(expected, block[Margin..^Margin], $"{count} samples");
            Assert.All(block[..Margin].Concat(block[^Margin..]), static value => Assert.True(float.IsNaN(value)));
        }
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void Both_memory_modes_agree(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 31);
        float[] x = FlowZoo.Case(name).Samples(TileGeometry.TileLanes + 9, seed: 32);
        float[] stored = new float[flow.Parameters.TrainableCount];
        float[] recomputed = new float[stored.Length];
        double storedLoss = flow.LossGradient(x, stored, new GradientOptions { Memory = MemoryMode.Stored });
        double recomputedLoss = flow.LossGradient(x, recomputed, new GradientOptions { Memory = MemoryMode.Recompute });
        Assert.Equal(storedLoss, recomputedLoss);
        foreach (var tensor in flow.Parameters.Where(static tensor => tensor.IsTrainable))
        {
            float largest = 1;
            for (int i = 0; i < tensor.Description.Count; i++)
            {
                largest = Math.Max(largest, Math.Abs(stored[tensor.Description.Offset + i]));
            }

            for (int i = 0; i < tensor.Description.Count; i++)
            {
                int at = tensor.Description.Offset + i;
                Assert.True(Math.Abs(stored[at] - recomputed[at]) <= 1e-4f * largest, $"{tensor.Name}[{i}]: {stored[at]} stored, {recomputed[at]} recomputed, in {FlowZoo.Case(name).Declaration}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void The_loss_is_the_mean_of_minus_log_p(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 33);
        int count = TileGeometry.TileLanes + 11;
        float[] x = FlowZoo.Case(name).Samples(count, seed: 34);
        float[] logProb = new float[count];
        flow.LogProb(x, logProb);
        double loss = flow.LossGradient(x, new float[flow.Parameters.TrainableCount]);
        double mean = -logProb.Average(static value => (double)value);
        Assert.Equal(mean, loss, 1e-5 * Math.Max(1, Math.Abs(mean)));
    }

    [Fact]
    public void A_weight_of_two_is_a_sample_twice()
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 35);
        float[] x = FlowFixture.Normal(3 * 40, seed: 36);
        float[] weights = [.. Enumerable.Range(0, 40).Select(static i => (float)(i % 3))];
        float[] repeated = [.. Enumerable.Range(0, 40).SelectMany(i => Enumerable.Repeat(x[(3 * i)..((3 * i) + 3)], i % 3).SelectMany(static row => row))];
        float[] weighted = new float[flow.Parameters.TrainableCount];
        float[] plain = new float[weighted.Length];
        double weightedLoss = flow.LossGradient(x, weighted, new GradientOptions { SampleWeights = weights });
        double plainLoss = flow.LossGradient(repeated, plain);
        Assert.Equal(plainLoss, weightedLoss, 1e-6);
        for (int i = 0; i < plain.Length; i++)
        {
            Assert.Equal(plain[i], weighted[i], 1e-5);
        }
    }

    [Fact]
    public void A_flow_that_inverts_badly_is_done_again_with_stored_activations()
    {
        // Scales of e^-20: what is far below 2^-24 of the shift is gone from z, and x cannot be rebuilt from it.
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 37);
        flow.Parameters.Set("layers.1.scale", [-20]);
        flow.Parameters.Set("layers.1.net.1.bias", [3, 2.5f]);
        float[] x = FlowFixture.Normal(3 * 50, seed: 38);
        float[] stored = new float[flow.Parameters.TrainableCount];
        float[] recomputed = new float[stored.Length];
        _ = flow.LossGradient(x, stored);
        long before = ((IFlow)flow).Engine.RecomputedTiles;
        Assert.Equal(0, before);
        _ = flow.LossGradient(x, recomputed, new GradientOptions { Memory = MemoryMode.Recompute });
        Assert.True(((IFlow)flow).Engine.RecomputedTiles > before);
        FlowFixture.Identical(stored, recomputed, "gradient");
    }

    [Fact]
    public void A_flow_that_inverts_well_is_never_done_again()
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 39);
        _ = flow.LossGradient(FlowFixture.Normal(3 * 300, seed: 40), new float[flow.Parameters.TrainableCount], new GradientOptions { Memory = MemoryMode.Recompute });
        Assert.Equal(0, ((IFlow)flow).Engine.RecomputedTiles);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Beside_a_kink_both_modes_are_on_the_same_side(bool image)
    {
        IFlow flow = FlowFixture.Scramble<IFlow>(image ? new KinkedImage() : new KinkedFlow(), seed: 43);
        int channels = flow.Engine.Description.EventShape.Channels;
        int size = flow.Engine.Description.EventShape.Size;
        flow.Parameters.Set("layers.0.bias", new float[channels]);

        // All channels but the first come to the kink with a hundred millionth, of either sign; the first has what rounds.
        float[] x = FlowFixture.Normal(size * 200, seed: 44);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] *= i % size < size / channels ? 3 : 1e-8f;
        }

        float[] stored = new float[flow.Parameters.TrainableCount];
        float[] recomputed = new float[stored.Length];
        _ = flow.LossGradient(x, stored, new GradientOptions { Memory = MemoryMode.Stored });
        _ = flow.LossGradient(x, recomputed, new GradientOptions { Memory = MemoryMode.Recompute });
        AssertClose(stored, recomputed, "gradient");
        Assert.Equal(0, flow.Engine.RecomputedTiles);
    }

    [Fact]
    public void What_is_rebuilt_badly_behind_a_layer_that_keeps_its_input_is_noticed()
    {
        var flow = FlowFixture.Scramble(new MintBeforeCoupling(), seed: 45);
        flow.Parameters.Set("layers.2.net.0.weight", new float[flow.Parameters["layers.2.net.0.weight"].Description.Count]);
        flow.Parameters.Set("layers.2.net.0.bias", [-20, -20]);
        float[] x = FlowFixture.Normal(3 * 50, seed: 46);
        float[] stored = new float[flow.Parameters.TrainableCount];
        float[] recomputed = new float[stored.Length];
        _ = flow.LossGradient(x, stored);
        _ = flow.LossGradient(x, recomputed, new GradientOptions { Memory = MemoryMode.Recompute });
        Assert.True(((IFlow)flow).Engine.RecomputedTiles > 0);
        FlowFixture.Identical(stored, recomputed, "gradient");
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void Pullback_of_the_loss_is_the_gradient_of_the_loss(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 41);
        int size = FlowZoo.Case(name).Size;
        int count = 37;
        float[] x = FlowZoo.Case(name).Samples(count, seed: 42);
        float[] z = flow.Forward(x);
        bool logistic = flow.Engine.Description.Prior == Prior.StandardLogistic;
        float[] byZ = [.. z.Select(value => (float)((logistic ? Math.Tanh(value / 2.0) : value) / count))];
        float[] byLogDet = new float[count];
        Array.Fill(byLogDet, -1f / count);
        float[] expected = new float[flow.Parameters.TrainableCount];
        float[] pulled = new float[expected.Length];
        float[] byX = new float[count * size];
        _ = flow.LossGradient(x, expected);
        flow.Pullback(x, byZ, byLogDet, byX, pulled);
        float[] score = flow.Score(x);
        AssertClose(expected, pulled, "gradient");
        AssertClose(score, [.. byX.Select(value => -value * count)], "score");
    }

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        float largest = expected.Select(Math.Abs).Append(1).Max();
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4f * largest, $"{what}[{i}] is {actual[i]}, not {expected[i]}.");
        }
    }
}
