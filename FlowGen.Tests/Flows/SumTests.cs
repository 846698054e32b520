using FlowGen.Verification;
using Xunit;
using static FlowGen.Tests.Flows.InversionReference;

namespace FlowGen.Tests.Flows;

/// <summary>A triangular matrix.</summary>
[FlowStep]
[MaskedConv(Triangle.Lower)]
public sealed partial class SumMatrix;

/// <summary>A diagonal matrix.</summary>
[FlowStep]
[Rescale]
public sealed partial class SumScale;

/// <summary>Matrices with a bend between.</summary>
[FlowStep]
[MaskedConv(Triangle.Lower), Elementwise(Activation.Elu), MaskedConv(Triangle.Lower)]
public sealed partial class SumBent;

/// <summary>A Mint layer.</summary>
[FlowStep]
[MintLayer(Triangle.Lower, Paths = 4)]
public sealed partial class SumMint;

/// <summary>What comes to an end below.</summary>
[FlowStep]
[MaskedConv(Triangle.Lower), Elementwise(Activation.Elu)]
public sealed partial class SumHalfLine;

#pragma warning disable FLOW2020, FLOW2023, FLOW2024, FLOW2060 // One side of the diagonal, and half a line, to look at.

/// <summary>A sum of matrices: what a hand can compute.</summary>
[Flow(2)]
[Sum<SumMatrix, SumScale>(2, 0.5)]
public sealed partial class SumByHand;

/// <summary>A sum of vectors.</summary>
[Flow(7)]
[Sum<SumBent, SumMint>(0.7, 0.3)]
public sealed partial class VectorSum;

/// <summary>A sum of images.</summary>
[Flow(2, 4, 5)]
[Sum<SumBent, SumMint>(0.7, 0.3)]
public sealed partial class ImageSum;

/// <summary>A sum that does not reach the whole line.</summary>
[Flow(3)]
[Sum<SumHalfLine, SumHalfLine>(1, 0.5)]
public sealed partial class BoundedSum;

#pragma warning restore FLOW2020, FLOW2023, FLOW2024, FLOW2060

/// <summary>Sums of triangular modules: by hand, against differences, and their inverses far from the identity.</summary>
public sealed class SumTests
{
    private const double Tolerance = 4e-6;

    [Fact]
    public void A_sum_is_what_a_hand_computes()
    {
        var flow = new SumByHand();
        Assert.Equal(
            ["layers.0.first.0.weight [1]", "layers.0.first.0.log_diagonal [2]", "layers.0.first.0.bias [2]", "layers.0.second.0.log_scale [2]"],
            SumByHand.Description.Tensors.Select(static tensor => tensor.ToString()));
        flow.Parameters["layers.0.first.0.weight"].Set([3]);
        flow.Parameters["layers.0.first.0.log_diagonal"].Set([MathF.Log(2), 0]);
        flow.Parameters["layers.0.first.0.bias"].Set([1, -1]);
        flow.Parameters["layers.0.second.0.log_scale"].Set([0, MathF.Log(4)]);

        // A(1, 2) = (2 + 1, 3 + 2 - 1), B(1, 2) = (1, 8); diagonals 2 (2, 1) + 0.5 (1, 4).
        float[] z = new float[2];
        float[] logDet = new float[1];
        flow.Forward([1, 2], z, logDet);
        Assert.Equal(6.5f, z[0], 1e-5f);
        Assert.Equal(12f, z[1], 1e-5f);
        Assert.Equal(MathF.Log(18), logDet[0], 1e-5f);

        float[] x = new float[2];
        flow.Inverse([6.5f, 12], x, logDet);
        Assert.Equal(1f, x[0], 1e-5f);
        Assert.Equal(2f, x[1], 1e-5f);
        Assert.Equal(-MathF.Log(18), logDet[0], 1e-5f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_log_det_is_that_of_the_jacobian_of_the_values(int seed)
    {
        AssertLogDet(new VectorSum(), seed);
        AssertLogDet(new ImageSum(), seed);
    }

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.5, 2)]
    [InlineData(1, 3)]
    public void Inverses_meet_their_tolerance_far_from_the_identity(double spread, int seed)
    {
        AssertInverts(new VectorSum(), spread, seed);
        AssertInverts(new ImageSum(), spread / 3, seed);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1.5, 2)]
    [InlineData(2.5, 3)]
    public void Latents_that_no_data_had_are_inverted_or_said_not_to_be(double spread, int seed)
    {
        AssertReported(new VectorSum(), spread, seed);
        AssertReported(new ImageSum(), spread / 3, seed);
    }

    [Fact]
    public void The_report_of_a_sample_does_not_depend_on_its_batch() => AssertReportsAlone(new VectorSum());

    [Fact]
    public void Near_the_identity_a_few_steps_are_enough()
    {
        var flow = new ImageSum(seed: 3);
        float[] z = flow.Forward(FlowFixture.Normal(8 * 40, 5, 1));
        var report = flow.Inverse(z, new float[z.Length], new float[8], new InverseOptions { Tolerance = 1e-5 });
        Assert.All(Enumerable.Range(0, 8), sample =>
        {
            Assert.Equal(InverseGuarantee.Iterated, report.Guarantee(sample));
            Assert.InRange(report.Evaluations(sample), 1, 20);
        });
    }

    [Fact]
    public void Behind_the_end_of_its_range_there_is_no_number()
    {
        var flow = new BoundedSum();
        Disturb(flow, 0.2, 1);
        float[] z = [1, 0.5f, 2, 1, -9, 2, -0.5f, 0, 1];
        float[] x = flow.Inverse(z);
        Assert.All(x[..3], static value => Assert.True(float.IsFinite(value)));
        Assert.Contains(x[3..6], float.IsNaN);
        Assert.All(x[6..], static value => Assert.True(float.IsFinite(value)));
        Assert.Equal(x[..3], flow.Inverse(z[..3]));
        var report = flow.Inverse(z, x, new float[3], new InverseOptions());
        Assert.Equal(InverseGuarantee.NotReached, report.Guarantee(1));
        Assert.False(report.IsConverged);
    }

    private static void AssertLogDet<TFlow>(TFlow flow, int seed)
        where TFlow : class, IFlow<TFlow>
    {
        FlowFixture.Scramble(flow, seed);
        int size = TFlow.Description.EventShape.Size;
        float[] x = FlowFixture.Normal(size, seed);
        float[] logDet = new float[1];
        flow.Forward(x, new float[size], logDet);
        var reference = Reference(flow);
        double[,] jacobian = new double[size, size];
        for (int column = 0; column < size; column++)
        {
            double[] above = Array.ConvertAll(x, static v => (double)v);
            double[] below = [.. above];
            above[column] += 1e-5;
            below[column] -= 1e-5;
            _ = reference.Layer.Forward(reference.Weights, above.AsSpan());
            _ = reference.Layer.Forward(reference.Weights, below.AsSpan());
            for (int row = 0; row < size; row++)
            {
                jacobian[row, column] = (above[row] - below[row]) / 2e-5;
            }
        }

        // By elimination, with nothing known of triangles.
        double expected = 0;
        for (int n = 0; n < size; n++)
        {
            int pivot = Enumerable.Range(n, size - n).MaxBy(row => Math.Abs(jacobian[row, n]));
            for (int column = 0; column < size; column++)
            {
                (jacobian[n, column], jacobian[pivot, column]) = (jacobian[pivot, column], jacobian[n, column]);
            }

            expected += Math.Log(Math.Abs(jacobian[n, n]));
            for (int row = n + 1; row < size; row++)
            {
                double factor = jacobian[row, n] / jacobian[n, n];
                for (int column = n; column < size; column++)
                {
                    jacobian[row, column] -= factor * jacobian[n, column];
                }
            }
        }

        Assert.Equal(expected, logDet[0], 1e-5 * Math.Max(1, size));
    }

    private static void AssertInverts<TFlow>(TFlow flow, double spread, int seed)
        where TFlow : class, IFlow<TFlow>
    {
        Disturb(flow, spread, seed);
        int size = TFlow.Description.EventShape.Size;
        float[] z = flow.Forward(FlowFixture.Normal(19 * size, seed));
        float[] x = new float[z.Length];
        var report = flow.Inverse(z, x, new float[19], new InverseOptions { Tolerance = Tolerance });
        Assert.True(report.IsConverged);
        AssertResiduals(flow, z, x, report);
    }

    private static void AssertReported<TFlow>(TFlow flow, double spread, int seed)
        where TFlow : class, IFlow<TFlow>
    {
        Disturb(flow, spread, seed);
        int size = TFlow.Description.EventShape.Size;
        float[] z = FlowFixture.Normal(19 * size, seed);
        float[] x = new float[z.Length];
        AssertResiduals(flow, z, x, flow.Inverse(z, x, new float[19], new InverseOptions { Tolerance = Tolerance }));
    }

    /// <summary>What the report says is so: residuals in double precision are those of the report, and at the tolerance where it says that they are.</summary>
    private static void AssertResiduals<TFlow>(TFlow flow, float[] z, float[] x, InverseReport report)
        where TFlow : class, IFlow<TFlow>
    {
        int size = TFlow.Description.EventShape.Size;
        var reference = Reference(flow);
        for (int sample = 0; sample < report.Count; sample++)
        {
            double[] target = Array.ConvertAll(z[(sample * size)..((sample + 1) * size)], static v => (double)v);
            double scale = Math.Max(1, target.Max(Math.Abs));
            double residual = Excess(reference, x[(sample * size)..((sample + 1) * size)], target).Max(Math.Abs) / scale;
            Assert.NotEqual(InverseGuarantee.NotReached, report.Guarantee(sample));
            Assert.Equal(residual, report.Residual(sample), 3e-6 + (0.5 * residual));
            if (report.Guarantee(sample) != InverseGuarantee.Rounded)
            {
                Assert.True(residual <= Allowed(2) * Tolerance, $"residual {residual}");
            }
        }
    }
}
