using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Verification;

public sealed class FlowVerifierTests
{
    private static readonly VerificationCheck[] OfMaps =
    [
        VerificationCheck.Reference, VerificationCheck.Forward, VerificationCheck.ForwardLogDet, VerificationCheck.InverseLogDet,
        VerificationCheck.RoundTrip, VerificationCheck.LatentRoundTrip,
    ];

    private static readonly VerificationCheck[] OfGradients =
        [VerificationCheck.StoredGradient, VerificationCheck.RecomputedGradient, VerificationCheck.TrainingGradient];

    private static readonly VerificationCheck[] OfFlows =
        [VerificationCheck.OneAnswer, VerificationCheck.LogProb, VerificationCheck.InputGradient, VerificationCheck.Loss];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_right_flow_passes_every_check(int seed)
    {
        var report = FlowVerifier.Verify(FlowFixture.Scramble(new HandWrittenFlow((ulong)seed), seed), FlowFixture.Normal(3 * 37, seed));
        Assert.True(report.Passed, report.ToString());
        Assert.Empty(report.Failures);
        report.ThrowIfFailed();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Any_number_of_samples_will_do(int count)
    {
        var report = FlowFixture.Scramble(new PlaneGlow(), seed: 1).Verify(FlowFixture.Normal(2 * count, seed: 2));
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public void Every_layer_and_the_flow_have_their_rows()
    {
        var report = FlowFixture.Scramble(new PlaneGlow(), seed: 3).Verify(FlowFixture.Normal(2 * 20, seed: 4));
        Assert.Equal("PlaneGlow", report.Flow);
        for (int layer = 0; layer < PlaneGlow.Description.Layers.Count; layer++)
        {
            var checks = report.Rows.Where(row => row.Layer == layer).Select(static row => row.Check).ToList();
            Assert.Empty(OfMaps.Append(VerificationCheck.Structure).Except(checks));
            if (PlaneGlow.Description.Layers[layer].Kind != "BatchNorm")
            {
                Assert.Empty(OfGradients.Except(checks));
            }
        }

        Assert.Empty(OfMaps.Concat(OfFlows).Except(report.Rows.Where(static row => row.Layer is null).Select(static row => row.Check)));
        Assert.All(report.Rows, static row => Assert.True(row.Compared > 0));
    }

    [Fact]
    public void The_report_is_a_table_that_can_be_read()
    {
        string[] lines = FlowFixture.Scramble(new HandWrittenFlow(), seed: 5).Verify(FlowFixture.Normal(3 * 20, seed: 6)).ToString().Split('\n');
        Assert.Equal("HandWrittenFlow: 28 of 28 checks passed", lines[0]);
        Assert.StartsWith("  layer  kind             check", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("      0  ActNorm          Reference", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("    all  HandWrittenFlow  OneAnswer", lines[16], StringComparison.Ordinal);
        Assert.All(lines[2..30], static line => Assert.Contains("  ok", line, StringComparison.Ordinal));
        Assert.Equal("16 of 20 samples against the reference.", lines[30]);
    }

    [Fact]
    public void Outliers_are_reported_and_nothing_is_thrown()
    {
        float[] x = FlowFixture.Normal(3 * 8, seed: 7);
        x[3] = float.NaN;
        x[7] = float.PositiveInfinity;
        x[9] = 1e38f;
        var report = FlowFixture.Scramble(new HandWrittenFlow(), seed: 8).Verify(x);
        Assert.Contains(report.Rows, static row => row.Check == VerificationCheck.Forward && row.Skipped > 0 && row.Compared > 0);
        Assert.Contains(report.Rows, static row => row.Check == VerificationCheck.Loss && !row.Passed);
        Assert.Contains("skipped", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_that_say_nothing_do_not_pass()
    {
        var report = FlowFixture.Scramble(new HandWrittenFlow(), seed: 9).Verify([float.NaN, float.NaN, float.NaN]);
        Assert.False(report.Passed);
        Assert.Contains("nothing could be compared", Assert.Throws<VerificationException>(report.ThrowIfFailed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_flow_is_verified_by_the_blocks_of_its_structure()
    {
        var flow = FlowFixture.Scramble(new WideFlow(), seed: 10);
        var report = flow.Verify(FlowFixture.Normal(150 * 12, seed: 11), new VerifierOptions { Effort = 50_000_000 });
        Assert.True(report.Passed, report.ToString());
        Assert.Contains("blocks of the claimed structure", report.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Less_effort_looks_at_less_and_says_so()
    {
        var flow = FlowFixture.Scramble(new PlaneRealNvp(), seed: 12);
        var report = flow.Verify(FlowFixture.Normal(2 * 100, seed: 13), new VerifierOptions { Effort = 1 });
        Assert.True(report.Passed, report.ToString());
        Assert.StartsWith("1 of 100 samples", report.Notes[0], StringComparison.Ordinal);
        Assert.StartsWith("Gradients on 1 of 100 samples: up to 1 parameters", report.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_options_give_the_same_report()
    {
        var flow = FlowFixture.Scramble(new PlaneNice(), seed: 14);
        float[] x = FlowFixture.Normal(2 * 30, seed: 15);
        Assert.Equal(flow.Verify(x).ToString(), flow.Verify(x).ToString());
    }

    [Fact]
    public void Verifying_changes_nothing()
    {
        var flow = FlowFixture.Scramble(new PlaneGlow(), seed: 16);
        float[] x = FlowFixture.Normal(2 * 30, seed: 17);
        float[] given = (float[])x.Clone();
        var before = new FlowResults(flow, x);
        _ = flow.Verify(x);
        FlowFixture.Identical(given, x, "samples");
        before.AssertIdentical(new FlowResults(flow, x), "after the verification");
    }

    [Fact]
    public void Options_out_of_range_are_errors()
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 1);
        foreach (var options in (VerifierOptions[])[new() { Samples = 0 }, new() { Coordinates = 0 }, new() { ParametersPerTensor = 0 }, new() { JacobianUpTo = 0 }, new() { Effort = 0 }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => flow.Verify(new float[3], options));
        }
    }
}
