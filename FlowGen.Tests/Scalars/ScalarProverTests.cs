using System.Diagnostics;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification.Scalars;
using Xunit;

namespace FlowGen.Tests.Scalars;

public sealed class ScalarProverTests
{
    private static readonly Lazy<IReadOnlyList<(ScalarTree Tree, ScalarProof Proof)>> Proofs = new(static () =>
        [.. ScalarSource.Read([.. ScalarTable.All.Select(static entry => entry.Body)]).Select(static function => (function.Body!, ScalarProver.Conclude(function.Body!)))]);

    public static TheoryData<int, string> Table
    {
        get
        {
            TheoryData<int, string> data = [];
            for (int i = 0; i < ScalarTable.All.Count; i++)
            {
                data.Add(i, ScalarTable.All[i].Body);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void The_verdict_is_the_known_one(int index, string body)
    {
        var entry = ScalarTable.All[index];
        var proof = Proofs.Value[index].Proof;
        Assert.True(entry.Verdict == proof.Verdict, $"{body}: {proof.Verdict}, not {entry.Verdict}; {proof.First:R} {proof.Second:R} {proof.Detail}");
        if (entry.First is { } first)
        {
            Assert.InRange(first, proof.First - 1e-9, Math.Max(proof.First, proof.Second) + 1e-9);
        }

        if (proof.Verdict == ScalarVerdict.MayReachZero)
        {
            Assert.InRange(proof.Second - proof.First, 0, 1e-6);
        }
    }

    [Fact]
    public void The_table_is_large_and_half_of_it_is_refused()
    {
        int refused = ScalarTable.All.Count(static entry => entry.Verdict is not (ScalarVerdict.Increasing or ScalarVerdict.Decreasing));
        Assert.True(ScalarTable.All.Count >= 120);
        Assert.True(2 * refused >= ScalarTable.All.Count, $"{refused} of {ScalarTable.All.Count}");
        Assert.Equal(ScalarTable.All.Count, ScalarTable.All.Select(static entry => entry.Body).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void No_sample_contradicts_it(int index, string body)
    {
        var (tree, proof) = Proofs.Value[index];
        double F(double x) => ScalarEvaluation.Value(tree, x);
        if (proof.IsInvertible)
        {
            double before = double.NaN;
            double at = double.NaN;
            foreach (double x in ScalarEvaluation.Samples())
            {
                double y = F(x);
                if (double.IsNaN(y) || double.IsInfinity(y))
                {
                    continue;
                }

                Assert.InRange(y, proof.Range.Low - 1e-9, proof.Range.High + 1e-9);
                if (!double.IsNaN(before))
                {
                    double noise = 8e-16 * (Math.Abs(y) + Math.Abs(before) + ScalarEvaluation.Roughness(tree, x));
                    double slope = (y - before) / (x - at);
                    double slack = noise / (x - at);
                    Assert.True(proof.Sign * slope > -slack, $"{body} does not rise from {at:R} to {x:R}");
                    Assert.True(slope >= proof.Slope.Low - slack - (1e-9 * Math.Abs(slope)) && slope <= proof.Slope.High + slack + (1e-9 * Math.Abs(slope)), $"{body}: slope {slope:R} at {x:R} is not in [{proof.Slope.Low}, {proof.Slope.High}]");
                }

                (before, at) = (y, x);
            }

            return;
        }

        const double Step = 1e-6;
        double Slope(double x) => (F(x + Step) - F(x - Step)) / (2 * Step);
        switch (proof.Verdict)
        {
            case ScalarVerdict.SignChange:
                Assert.True(Slope(proof.First) > -1e-6, $"{body} falls at {proof.First:R}");
                Assert.True(Slope(proof.Second) < 1e-6, $"{body} rises at {proof.Second:R}");
                break;
            case ScalarVerdict.ReachesZero or ScalarVerdict.MayReachZero:
                // One-sided, where pieces meet.
                double at = (proof.First + proof.Second) / 2;
                double right = (F(at + Step) - F(at)) / Step;
                double left = (F(at) - F(at - Step)) / Step;
                Assert.True(Math.Min(Math.Abs(right), Math.Abs(left)) < 1e-4, $"{body}: slopes {left:R}, {right:R} at {at:R}");
                break;
            case ScalarVerdict.NotContinuous:
                Assert.True(Math.Abs(F(proof.First + 1e-12) - F(proof.First - 1e-12)) > 1e-9 || F(proof.First) != F(proof.First + 1e-12), body);
                break;
            case ScalarVerdict.Undefined:
                double[] points = [proof.First, proof.Second, (proof.First + proof.Second) / 2];
                double largest = points.Max(x => Math.Abs(F(x)));
                Assert.True(points.Any(x => double.IsNaN(F(x)) || double.IsInfinity(F(x))) || Math.Sign(F(proof.First)) != Math.Sign(F(proof.Second)) || largest > 1e3, body);
                break;
        }
    }

    [Theory]
    [InlineData("x + 0.5f * MathF.Tanh(x)", 1, 1.5, 2)]
    [InlineData("2f * x - MathF.Tanh(x)", 1, 2, 2)]
    [InlineData("x + x * x * x", 1, double.PositiveInfinity, 2)]
    [InlineData("MathF.Sinh(x)", 1, double.PositiveInfinity, 2)]
    [InlineData("x + 0.5f * MathF.Sin(x)", 0.5, 1.5, 2)]
    [InlineData("x < 0f ? x : x + x * x", 1, double.PositiveInfinity, 1)]
    [InlineData("x < 0f ? x : x + x * x * x", 1, double.PositiveInfinity, 2)]
    [InlineData("x > 0f ? x : 0.25f * x", 0.25, 1, 0)]
    [InlineData("-3f * x", -3, -3, 2)]
    public void Bounds_of_the_derivative_and_smoothness(string body, double low, double high, int smoothness)
    {
        var proof = ScalarProver.Prove(ScalarSource.Tree(body));
        Assert.True(proof.IsInvertible);
        Assert.InRange(proof.Slope.Low, low - (2e-3 * Math.Abs(low)), low);
        Assert.True(proof.Slope.High >= high && (double.IsInfinity(high) || proof.Slope.High <= high + (2e-3 * Math.Abs(high))), $"{proof.Slope.High}");
        Assert.Equal(smoothness, proof.Smoothness);
    }

    [Theory]
    [InlineData("MathF.Tanh(x)", -1, 1)]
    [InlineData("MathF.Exp(x)", 0, double.PositiveInfinity)]
    [InlineData("-MathF.Exp(x)", double.NegativeInfinity, 0)]
    [InlineData("MathF.Log(1f + MathF.Exp(x))", 0, double.PositiveInfinity)]
    [InlineData("MathF.Atan(x)", -Math.PI / 2, Math.PI / 2)]
    [InlineData("3f + MathF.Tanh(0.5f * x)", 2, 4)]
    [InlineData("x > 0f ? x : MathF.Exp(x) - 1f", -1, double.PositiveInfinity)]
    public void The_range_has_the_known_ends(string body, double low, double high)
    {
        var proof = ScalarProver.Prove(ScalarSource.Tree(body));
        Assert.Equal(ScalarVerdict.RangeNotLine, proof.Verdict);
        Assert.Equal(low, proof.Range.Low, 1e-9);
        Assert.Equal(high, proof.Range.High, 1e-9);
    }

    [Fact]
    public void A_proof_is_remembered_by_value()
    {
        var one = ScalarSource.Tree("x + 0.375f * MathF.Tanh(x)");
        var other = ScalarSource.Tree("x + 0.375f * MathF.Tanh(x)");
        Assert.NotSame(one, other);
        Assert.Same(ScalarProver.Prove(one), ScalarProver.Prove(other));
    }

    [Fact]
    public void Proofs_are_quick()
    {
        // Compiled code, and a machine that others use as well: the best of three.
        _ = Proofs.Value;
        double best = double.PositiveInfinity;
        for (int i = 0; i < 3; i++)
        {
            var watch = Stopwatch.StartNew();
            foreach (var (tree, _) in Proofs.Value)
            {
                _ = ScalarProver.Conclude(tree);
            }

            best = Math.Min(best, watch.Elapsed.TotalMilliseconds / Proofs.Value.Count);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{best:F2} ms for a proof on average");
        Assert.InRange(best, 0, 10);
    }
}
