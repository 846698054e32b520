using Xunit;
using static FlowGen.Tests.Flows.InversionReference;

namespace FlowGen.Tests.Flows;

/// <summary>A MintNet of small images.</summary>
[Flow(2, 5, 6)]
[MintPair(Paths = 4, Times = 2)]
public sealed partial class ImageMint;

/// <summary>A MintNet of vectors.</summary>
[Flow(5)]
[MintPair(Paths = 6, Times = 2)]
public sealed partial class VectorMint;

/// <summary>One layer of an image.</summary>
[Flow(1, 5, 6)]
#pragma warning disable FLOW2023, FLOW2060 // One half of a pair, to look at.
[MintLayer(Triangle.Lower, Paths = 4)]
public sealed partial class LowerImageMint;

/// <summary>One layer of an image of two channels.</summary>
[Flow(2, 4, 3)]
#pragma warning disable FLOW2023, FLOW2060 // One half of a pair, to look at.
[MintLayer(Triangle.Upper, Paths = 3, Activation = Activation.Softplus)]
public sealed partial class UpperImageMint;

/// <summary>One layer of a vector.</summary>
[Flow(20)]
#pragma warning disable FLOW2023 // One half of a pair, to look at.
[MintLayer(Triangle.Lower, Paths = 5)]
public sealed partial class LowerVectorMint;

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

    [Theory]
    [InlineData(0.6, 1)]
    [InlineData(0.9, 2)]
    [InlineData(1.2, 3)]
    public void Latents_that_no_data_had_are_inverted_as_far_as_single_precision_goes(double spread, int seed)
    {
        AssertNearest(new LowerImageMint(), spread, seed);
        AssertNearest(new UpperImageMint(), spread, seed);
        AssertNearest(new LowerVectorMint(), spread, seed);
    }

    [Fact]
    public void What_single_precision_cannot_say_is_an_error_or_a_line_of_the_report()
    {
        var flow = new ImageMint();
        Disturb(flow, 1.5, 3);
        float[] z = FlowFixture.Normal(8 * 60, 5, 1);
        var report = flow.Inverse(z, new float[z.Length], new float[8], new InverseOptions());
        Assert.Contains(InverseGuarantee.Rounded, Enumerable.Range(0, 8).Select(report.Guarantee));
        Assert.Throws<InverseNotConvergedException>(() => flow.Inverse(z));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Where_the_authors_hundred_steps_do_not_converge_the_inverse_is_found(int seed)
    {
        AssertBeatsFixedSteps(new LowerImageMint(), seed);
        AssertBeatsFixedSteps(new LowerVectorMint(), seed);
    }

    [Fact]
    public void The_report_of_a_vector_does_not_depend_on_its_batch() => AssertReportsAlone(new VectorMint());

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

    /// <summary>Every latent of the prior has its number, and where that is not within the tolerance the numbers beside it are no better.</summary>
    private static void AssertNearest<TFlow>(TFlow flow, double spread, int seed)
        where TFlow : class, IFlow<TFlow>
    {
        const int Count = 5;
        const double Tolerance = 1e-5;
        Disturb(flow, spread, seed);
        int size = TFlow.Description.EventShape.Size;
        float[] z = FlowFixture.Normal(Count * size, seed, 1);
        float[] x = new float[z.Length];
        var report = flow.Inverse(z, x, new float[Count], new InverseOptions { Tolerance = Tolerance });
        var weights = Reference(flow);
        for (int sample = 0; sample < Count; sample++)
        {
            double[] target = Array.ConvertAll(z[(sample * size)..((sample + 1) * size)], static v => (double)v);
            float[] found = x[(sample * size)..((sample + 1) * size)];
            double scale = Math.Max(1, target.Max(Math.Abs));
            double[] excess = Excess(weights, found, target);
            double residual = excess.Max(Math.Abs) / scale;
            Assert.NotEqual(InverseGuarantee.NotReached, report.Guarantee(sample));
            if (report.Guarantee(sample) != InverseGuarantee.Rounded)
            {
                Assert.True(residual <= Allowed(1.5) * Tolerance, $"residual {residual}");
                continue;
            }

            Assert.Equal(residual, report.Residual(sample), 1e-4 * residual);
            for (int i = 0; i < size; i++)
            {
                float kept = found[i];
                foreach (float beside in (float[])[float.BitIncrement(kept), float.BitDecrement(kept)])
                {
                    found[i] = beside;
                    Assert.True(Math.Abs(Excess(weights, found, target)[i]) >= Math.Abs(excess[i]) * (1 - 1e-6), $"coordinate {i}: {beside} is nearer than {kept}");
                }

                found[i] = kept;
            }
        }
    }

    /// <summary>
    /// x - (f(x) - z) / (3.5 d) from z / t, a hundred times in double precision, as the authors' code samples MNIST, is not there yet, or nowhere; the flow's
    /// inverse is there.
    /// </summary>
    private static void AssertBeatsFixedSteps<TFlow>(TFlow flow, int seed)
        where TFlow : class, IFlow<TFlow>
    {
        Disturb(flow, 3, seed);
        int size = TFlow.Description.EventShape.Size;
        float[] x = FlowFixture.Normal(size, seed, 1.5);
        var weights = Reference(flow);
        double[] target = Excess(weights, x, new double[size]);
        double[] t = [.. flow.Parameters["layers.0.t"].Values.ToArray().Select(static value => Math.Max(Math.Abs((double)value), 1e-12))];
        double[] iterate = [.. target.Zip(t, static (z, slope) => z / slope)];
        for (int n = 0; n < 100; n++)
        {
            double[] excess = Excess(weights, iterate, target);
            double[] next = [.. iterate];
            for (int i = 0; i < size; i++)
            {
                double step = 1e-6 * Math.Max(1, Math.Abs(iterate[i]));
                double[] above = [.. iterate];
                above[i] += step;
                next[i] -= excess[i] / (3.5 * (Excess(weights, above, target)[i] - excess[i]) / step);
            }

            iterate = next;
        }

        double missed = Excess(weights, iterate, target).Max(Math.Abs);
        Assert.False(missed < 1e-2, $"the fixed steps reach {missed}: not the case to look at");
        float[] z = Array.ConvertAll(target, static value => (float)value);
        float[] back = new float[size];
        var report = flow.Inverse(z, back, new float[1], new InverseOptions { Tolerance = 1e-5 });
        Assert.True(report.IsConverged);
        Assert.Equal(InverseGuarantee.Bracketed, report.Guarantee(0));
        Assert.True(Excess(weights, back, target).Max(Math.Abs) <= 2e-5 * Math.Max(1, target.Max(Math.Abs)));
    }
}
