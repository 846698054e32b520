using FlowGen.Kernels;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Hidden layers of every density of zeros, on every path that may skip them.</summary>
public sealed class ReluZeroTests
{
    /// <summary>From nearly all zeros to nearly none.</summary>
    public static TheoryData<double> Shifts => [-3, -0.3, 0, 0.3, 3];

    [Theory, MemberData(nameof(Shifts))]
    public void A_result_is_the_same_in_every_batch_whatever_is_zero(double shift)
    {
        var flow = Shifted(shift);
        int most = (2 * TileGeometry.TileLanes) + 2;
        float[] x = FlowFixture.Normal(9 * most, seed: 22);
        var alone = FlowResults.OneByOne(flow, x);
        for (int count = 1; count <= most; count++)
        {
            alone.Rows([.. Enumerable.Range(0, count)]).AssertIdentical(new FlowResults(flow, x[..(count * 9)]), $"batch of {count}");
        }
    }

    [Theory]
    [InlineData(MemoryMode.Stored, 0)]
    [InlineData(MemoryMode.Stored, -0.3)]
    [InlineData(MemoryMode.Recompute, 0)]
    [InlineData(MemoryMode.Recompute, -0.3)]
    public void A_gradient_is_that_of_batches_too_small_to_skip_zeros(MemoryMode memory, double shift)
    {
        const int few = 64;
        const int batches = 8;
        var flow = Shifted(shift);

        // Whatever pays on the processor at hand.
        ((IFlow)flow).Engine.FewestToSkip = few * batches;
        float[] x = FlowFixture.Normal(9 * few * batches, seed: 25);
        var options = new GradientOptions { Memory = memory };
        float[] whole = new float[flow.Parameters.TrainableCount];
        double loss = flow.LossGradient(x, whole, options);
        double[] sum = new double[whole.Length];
        double parts = 0;
        for (int part = 0; part < batches; part++)
        {
            float[] gradient = new float[whole.Length];
            parts += flow.LossGradient(x.AsSpan(part * 9 * few, 9 * few), gradient, options) / batches;
            for (int i = 0; i < gradient.Length; i++)
            {
                sum[i] += gradient[i] / (double)batches;
            }
        }

        Assert.Equal(parts, loss, 1e-6 * (1 + Math.Abs(parts)));
        double scale = sum.Max(Math.Abs);
        for (int i = 0; i < whole.Length; i++)
        {
            Assert.Equal(sum[i], whole[i], 1e-5 * scale);
        }
    }

    [Theory, MemberData(nameof(Shifts))]
    public void A_gradient_agrees_with_central_differences_whatever_is_zero(double shift)
    {
        const double step = 1e-6;
        const int count = 70;
        var flow = Shifted(shift);
        float[] x = FlowFixture.Normal(9 * count, seed: 26);
        double[] data = Array.ConvertAll(x, static value => (double)value);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        _ = flow.LossGradient(x, gradient, new GradientOptions { Memory = MemoryMode.Stored });
        var reference = new ReferenceInterpreter(((IFlow)flow).Engine.Description, flow.Parameters);
        var random = new System.Random(27);
        foreach (var tensor in flow.Parameters.Where(static tensor => tensor.IsTrainable))
        {
            // Every weight of the tensor at once, each in a direction of its own.
            double[] direction = [.. Enumerable.Range(0, tensor.Description.Count).Select(_ => (2 * random.NextDouble()) - 1)];
            double expected = (Loss(step) - Loss(-step)) / (2 * step);
            double actual = 0;
            double size = 0;
            for (int i = 0; i < direction.Length; i++)
            {
                double term = direction[i] * gradient[tensor.Description.Offset + i];
                actual += term;
                size += term * term;
            }

            Assert.True(Math.Abs(expected - actual) <= 1e-3 * (1 + Math.Sqrt(size)), $"{tensor.Name}: {actual}, expected {expected}");

            double Loss(double by)
            {
                double[] before = [.. reference.Trainables];
                for (int i = 0; i < direction.Length; i++)
                {
                    reference.Trainables[tensor.Description.Offset + i] += by * direction[i];
                }

                double sum = 0;
                for (int sample = 0; sample < count; sample++)
                {
                    sum -= reference.LogProb(data.AsSpan(9 * sample, 9));
                }

                before.CopyTo(reference.Trainables, 0);
                return sum / count;
            }
        }
    }

    [Fact]
    public void A_sample_that_is_not_finite_leaves_the_others_alone()
    {
        var flow = Shifted(0);
        const int count = 69;
        float[] x = FlowFixture.Normal(9 * count, seed: 23);
        float[] expected = flow.LogProb(x);
        x[(9 * 20) + 4] = float.NaN;
        x[(9 * 41) + 3] = float.PositiveInfinity;
        float[] actual = flow.LogProb(x);
        for (int i = 0; i < count; i++)
        {
            if (i is 20 or 41)
            {
                Assert.False(float.IsFinite(actual[i]));
            }
            else
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(actual[i]));
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_weight_that_is_not_finite_shows_in_every_batch(float bad)
    {
        var flow = Shifted(-3);
        var tensor = flow.Parameters.First(static tensor => tensor.Name.EndsWith("net.2.weight", StringComparison.Ordinal));
        flow.Parameters.Update(parameters => parameters[tensor.Description.Offset + tensor.Description.Count - 7] = bad);
        float[] x = FlowFixture.Normal(9 * 70, seed: 24);
        foreach (int count in (int[])[1, 2, 5, 16, 33, 64, 70])
        {
            Assert.All(flow.LogProb(x[..(9 * count)]), static value => Assert.True(float.IsNaN(value)));
        }
    }

    // The hidden biases decide how many outputs of a ReLU are zero.
    private static ZerosFlow Shifted(double shift)
    {
        var flow = FlowFixture.Scramble(new ZerosFlow(), seed: 21);
        foreach (var tensor in flow.Parameters.Where(static tensor => tensor.Name.EndsWith("bias", StringComparison.Ordinal) && !tensor.Name.EndsWith("net.3.bias", StringComparison.Ordinal)))
        {
            tensor.Set([.. tensor.Values.ToArray().Select(value => (float)(value + shift))]);
        }

        return flow;
    }
}
