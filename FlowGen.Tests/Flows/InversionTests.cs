using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>A MintNet of small images.</summary>
[Flow(2, 5, 6)]
[MintPair(Paths = 4, Times = 2)]
public sealed partial class ImageMint;

/// <summary>A MintNet of vectors.</summary>
[Flow(5)]
[MintPair(Paths = 6, Times = 2)]
public sealed partial class VectorMint;

/// <summary>Inverses by iteration: they meet their tolerance far from the identity, and say what they reached.</summary>
public sealed class InversionTests
{
    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.3, 2)]
    [InlineData(0.45, 3)]
    [InlineData(0.45, 4)]
    public void Inverses_of_images_meet_their_tolerance_far_from_the_identity(double spread, int seed) => AssertInverts(new ImageMint(), spread, seed);

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.5, 2)]
    [InlineData(1.5, 3)]
    public void Inverses_of_vectors_meet_their_tolerance_far_from_the_identity(double spread, int seed) => AssertInverts(new VectorMint(), spread, seed);

    [Fact]
    public void Where_iterations_do_not_suffice_coordinates_are_solved_one_by_one()
    {
        var flow = new ImageMint();
        Disturb(flow, 0.3, 3);
        float[] z = flow.Forward(FlowFixture.Normal(8 * 60, 5, 1));
        var report = flow.Inverse(z, new float[z.Length], new float[8], new InverseOptions { Tolerance = 1e-5, MaximumIterations = 1 });
        Assert.True(report.IsConverged);
        Assert.Contains(InverseGuarantee.Bracketed, Enumerable.Range(0, 8).Select(report.Guarantee));
    }

    [Fact]
    public void Near_the_identity_a_few_steps_are_enough()
    {
        var flow = new ImageMint(seed: 3);
        float[] z = flow.Forward(FlowFixture.Normal(8 * 60, 5, 1));
        var report = flow.Inverse(z, new float[z.Length], new float[8], new InverseOptions { Tolerance = 1e-5 });
        Assert.All(Enumerable.Range(0, 8), sample =>
        {
            Assert.Equal(InverseGuarantee.Iterated, report.Guarantee(sample));
            Assert.InRange(report.Evaluations(sample), 4, 4 * 12);
        });
    }

    [Fact]
    public void A_tolerance_beyond_single_precision_is_not_met_and_said_so()
    {
        var flow = new ImageMint();
        Disturb(flow, 0.5, 3);
        float[] z = flow.Forward(FlowFixture.Normal(4 * 60, 5, 1));
        var report = flow.Inverse(z, new float[z.Length], new float[4], new InverseOptions { Tolerance = 1e-12 });
        Assert.False(report.IsConverged);
        Assert.All(Enumerable.Range(0, 4), sample => Assert.InRange(report.Residual(sample), 1e-12, 1e-4));
    }

    [Fact]
    public void A_sample_that_is_not_a_number_harms_no_other()
    {
        var flow = new ImageMint();
        Disturb(flow, 0.5, 3);
        float[] z = flow.Forward(FlowFixture.Normal(3 * 60, 5, 1));
        float[] clean = flow.Inverse(z);
        z[70] = float.NaN;
        float[] dirty = flow.Inverse(z);
        Assert.Equal(clean[..60], dirty[..60]);
        Assert.Equal(clean[120..], dirty[120..]);
    }

    [Fact]
    public void A_flow_of_formulas_needs_no_iteration()
    {
        var flow = new PlaneNice();
        var report = flow.Inverse(new float[4], new float[4], new float[2], new InverseOptions());
        Assert.Equal(InverseGuarantee.Closed, report.Guarantee(1));
        Assert.True(report.IsConverged);
        Assert.Throws<ArgumentOutOfRangeException>(() => report.Residual(2));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1e-5, 0, 1)]
    [InlineData(1e-5, 10, 0)]
    [InlineData(1e-5, 10, 1.5)]
    [InlineData(double.NaN, 10, 1)]
    public void Options_out_of_range_are_refused(double tolerance, int iterations, double step) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new VectorMint().Inverse(new float[5], new float[5], new float[1], new InverseOptions { Tolerance = tolerance, MaximumIterations = iterations, Step = step }));

    private static void AssertInverts<TFlow>(TFlow flow, double spread, int seed)
        where TFlow : class, IFlow<TFlow>
    {
        const int Count = 21;
        Disturb(flow, spread, seed);
        int size = TFlow.Description.EventShape.Size;
        float[] x = FlowFixture.Normal(Count * size, seed, 1);
        float[] z = new float[x.Length];
        float[] logDet = new float[Count];
        flow.Forward(x, z, logDet);
        float[] back = new float[x.Length];
        float[] inverseLogDet = new float[Count];
        var report = flow.Inverse(z, back, inverseLogDet, new InverseOptions { Tolerance = 1e-5 });
        Assert.True(report.IsConverged);
        float[] again = flow.Forward(back);
        for (int sample = 0; sample < Count; sample++)
        {
            double scale = Math.Max(1, Enumerable.Range(sample * size, size).Max(i => Math.Abs(z[i])));
            for (int i = sample * size; i < (sample + 1) * size; i++)
            {
                // The residual of each layer grows in those after it.
                Assert.Equal(z[i], again[i], 2e-3 * scale);
            }
        }
    }

    private static void Disturb<TFlow>(TFlow flow, double spread, int seed)
        where TFlow : class, IFlow<TFlow>
    {
        var random = new System.Random(seed);
        flow.Parameters.Update(trainables =>
        {
            for (int i = 0; i < trainables.Length; i++)
            {
                trainables[i] += (float)(spread * ((2 * random.NextDouble()) - 1));
            }
        });
    }
}
