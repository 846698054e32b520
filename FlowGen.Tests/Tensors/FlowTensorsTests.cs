using System.Numerics.Tensors;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Tensors;

/// <summary>Tensors get the answers that spans get, in place or not.</summary>
public sealed class FlowTensorsTests
{
    private const int Count = 37;

    private static readonly nint[] Shape = [Count, 2];

    private readonly PlaneGlow flow = FlowFixture.Scramble(new PlaneGlow(), seed: 3);
    private readonly float[] x = FlowFixture.Normal(2 * Count, seed: 4);

    [Fact]
    public void Row_major_tensors_are_used_in_place()
    {
        float[] z = new float[2 * Count], back = new float[2 * Count], logDet = new float[Count], logProb = new float[Count], score = new float[2 * Count];
        var expected = new FlowResults(flow, x);
        flow.Forward(new ReadOnlyTensorSpan<float>(x, Shape), new TensorSpan<float>(z, Shape), new TensorSpan<float>(logDet));
        FlowFixture.Identical(expected.Z, z, "z");
        FlowFixture.Identical(expected.LogDet, logDet, "log-det");
        flow.Inverse(new ReadOnlyTensorSpan<float>(z, Shape), new TensorSpan<float>(back, Shape), new TensorSpan<float>(logDet));
        FlowFixture.Identical(expected.X, back, "x");
        FlowFixture.Identical(expected.InverseLogDet, logDet, "log-det of the inverse");
        flow.LogProb(new ReadOnlyTensorSpan<float>(x, Shape), new TensorSpan<float>(logProb));
        FlowFixture.Identical(expected.LogProb, logProb, "log p");
        flow.Score(new ReadOnlyTensorSpan<float>(x, Shape), new TensorSpan<float>(score, Shape));
        FlowFixture.Identical(expected.Score, score, "score");
        flow.Sample(new TensorSpan<float>(back, Shape), seed: 5);
        FlowFixture.Identical(flow.Sample(Count, seed: 5), back, "samples");

        float[] gradient = new float[flow.Parameters.TrainableCount], expectedGradient = new float[flow.Parameters.TrainableCount];
        Assert.Equal(flow.LossGradient(x, expectedGradient), flow.LossGradient(new ReadOnlyTensorSpan<float>(x, Shape), gradient));
        FlowFixture.Identical(expectedGradient, gradient, "gradient");
    }

    [Fact]
    public void Nothing_is_allocated_for_them()
    {
        float[] logProb = new float[Count];
        flow.LogProb(new ReadOnlyTensorSpan<float>(x, Shape), new TensorSpan<float>(logProb));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            flow.LogProb(new ReadOnlyTensorSpan<float>(x, Shape), new TensorSpan<float>(logProb));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Tensors_with_other_strides_are_read_and_written_where_they_are()
    {
        var expected = new FlowResults(flow, x);

        // Columns first, and with a gap: element (n, d) is at d * (Count + 3) + n.
        float[] columns = new float[2 * (Count + 3)];
        for (int n = 0; n < Count; n++)
        {
            columns[n] = x[2 * n];
            columns[Count + 3 + n] = x[(2 * n) + 1];
        }

        float[] result = new float[columns.Length];
        Array.Fill(result, 99);
        float[] logDet = new float[2 * Count];
        nint[] strides = [1, Count + 3];
        flow.Forward(
            new ReadOnlyTensorSpan<float>(columns, Shape, strides), new TensorSpan<float>(result, Shape, strides), new TensorSpan<float>(logDet, [Count], [2]));
        for (int n = 0; n < Count; n++)
        {
            Assert.Equal(expected.Z[2 * n], result[n]);
            Assert.Equal(expected.Z[(2 * n) + 1], result[Count + 3 + n]);
            Assert.Equal(expected.LogDet[n], logDet[2 * n]);
        }

        Assert.Equal([99, 99, 99], result[Count..(Count + 3)]);
    }

    [Fact]
    public void Empty_tensors_are_fine()
    {
        // The library makes no empty tensor of empty memory.
        float[] results = [7, 7];
        flow.Forward(new ReadOnlyTensorSpan<float>(x, [0, 2]), new TensorSpan<float>(results, [0, 2]), new TensorSpan<float>(results, [0]));
        flow.LogProb(new ReadOnlyTensorSpan<float>(x, [0, 2]), new TensorSpan<float>(results, [0]));
        Assert.Equal([7, 7], results);
    }

    [Fact]
    public void Log_determinants_are_optional()
    {
        float[] z = new float[2 * Count];
        flow.Forward(new ReadOnlyTensorSpan<float>(x, Shape), new TensorSpan<float>(z, Shape), default);
        FlowFixture.Identical(flow.Forward(x), z, "z");
    }

    [Fact]
    public void Data_dependent_layers_are_initialised_from_tensors()
    {
        var (one, other) = (new PlaneGlow(seed: 1), new PlaneGlow(seed: 1));
        one.Initialize(x);
        other.Initialize(new ReadOnlyTensorSpan<float>(x, Shape));
        FlowFixture.Identical(one.LogProb(x), other.LogProb(x), "log p");
    }

    [Fact]
    public void Arrays_still_mean_spans()
    {
        float[] score = new float[x.Length];
        flow.Score(x, score);
        FlowFixture.Identical(new FlowResults(flow, x).Score, score, "score");
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused_with_both_shapes()
    {
        Assert.Equal(
            "PlaneGlow takes samples of shape (2), N of them as the first dimension; x is [2, 37]. (Parameter 'x')",
            Assert.Throws<ArgumentException>(() => flow.LogProb(new ReadOnlyTensorSpan<float>(x, [2, Count]), new float[Count])).Message);
        Assert.Equal(
            "PlaneGlow takes samples of shape (2), N of them as the first dimension; x is [74]. (Parameter 'x')",
            Assert.Throws<ArgumentException>(() => flow.LogProb(new ReadOnlyTensorSpan<float>(x), new float[Count])).Message);
        Assert.Equal(
            "There are 37 samples, and logProb is [36]: one number for each was expected. (Parameter 'logProb')",
            Assert.Throws<ArgumentException>(() => flow.LogProb(new ReadOnlyTensorSpan<float>(x, Shape), new float[Count - 1])).Message);
        Assert.Equal(
            "There are 37 samples, and z has room for 36. (Parameter 'z')",
            Assert.Throws<ArgumentException>(() => flow.Forward(new ReadOnlyTensorSpan<float>(x, Shape), new TensorSpan<float>(new float[72], [36, 2]), default)).Message);
    }
}
