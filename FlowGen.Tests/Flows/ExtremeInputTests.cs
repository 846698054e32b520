using FlowGen.Kernels;
using FlowGen.Tests.Hardening;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Extreme inputs give the right answer, or no number, and only in their own sample.</summary>
public sealed class ExtremeInputTests
{
    private static readonly float[] Extremes =
    [
        0f, -0f, 1e-45f, -1e-40f, 1.17549435e-38f, 1e-20f, 20f, -20f, 1e3f, -1e3f, 1e30f, -1e30f, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    public static TheoryData<string> Flows => FlowZoo.All;

    [Theory]
    [MemberData(nameof(Flows))]
    public void An_extreme_sample_leaves_the_others_as_they_are(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 21);
        int size = FlowZoo.Case(name).Size;
        int count = TileGeometry.TileLanes + TileGeometry.Width + 3;
        float[] x = FlowZoo.Case(name).Samples(count, seed: 22);
        var expected = new FlowResults(flow, x);
        for (int i = 0; i < Extremes.Length; i++)
        {
            int place = i * 5 % count;
            float[] spoiled = (float[])x.Clone();
            spoiled.AsSpan(place * size, size).Fill(Extremes[i]);
            var results = new FlowResults(flow, spoiled);
            int[] others = [.. Enumerable.Range(0, count).Where(row => row != place)];
            expected.Rows(others).AssertIdentical(results.Rows(others), $"beside a sample of {Extremes[i]}");
        }
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void An_extreme_sample_has_the_right_answer_or_none(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 23);
        int size = FlowZoo.Case(name).Size;
        var reference = new ReferenceInterpreter(flow.Engine.Description, flow.Parameters);
        foreach (float extreme in Extremes.Where(static extreme => Math.Abs(extreme) != float.MaxValue))
        {
            float[] x = FlowZoo.Case(name).Samples(1, seed: 24);
            x[size / 2] = extreme;
            var results = new FlowResults(flow, x);
            double[] z = Array.ConvertAll(x, static value => (double)value);
            double logDet = reference.Forward(z, 0, reference.Layers);
            double logProb = logDet + reference.PriorLogProb(z);
            for (int i = 0; i < size; i++)
            {
                AssertRight(z[i], results.Z[i], $"z[{i}] of {extreme}", z);
            }

            // Beside a thousand, what is nearly zero may round to the other side of a kink, where the slope is a hundred times another.
            bool kinked = Math.Abs(extreme) >= 1e3 && name.StartsWith("stack", StringComparison.Ordinal) && FlowZoo.Case(name).Declaration.Contains("LeakyRelu)", StringComparison.Ordinal);
            AssertRight(kinked ? AcrossKinks(logDet, results.LogDet[0]) : logDet, results.LogDet[0], $"log-det of {extreme}", [logDet]);
            AssertRight(kinked ? AcrossKinks(logProb, results.LogProb[0]) : logProb, results.LogProb[0], $"log p of {extreme}", [logProb]);
            if (RandomFlowTests.IsOrdinary(reference, x))
            {
                Assert.True(float.IsFinite(results.LogProb[0]) && results.Z.All(float.IsFinite), $"z of {extreme} is {string.Join(", ", results.Z)}, log p {results.LogProb[0]}, not {logProb}.");
            }

            if (!float.IsFinite(extreme))
            {
                Assert.False(results.LogProb[0] > float.NegativeInfinity, $"log p of {extreme} is {results.LogProb[0]}.");
            }
        }
    }

    private static double AcrossKinks(double expected, float actual)
    {
        double kinks = (actual - expected) / Math.Log(100);
        return double.IsFinite(kinks) ? expected + (Math.Round(kinks) * Math.Log(100)) : expected;
    }

    /// <summary>Close where the reference has a number that leaves room for rounding on the way; where it has none, no number.</summary>
    internal static void AssertRight(double expected, float actual, string what, double[] scale)
    {
        double largest = Math.Max(1, scale.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        if (double.IsNaN(expected))
        {
            Assert.False(float.IsFinite(actual), $"{what} is {actual}; the reference has no number.");
        }
        else if (Math.Abs(expected) < 1e18)
        {
            Assert.True(Math.Abs(expected - actual) <= 1e-3 * largest || !float.IsFinite(actual), $"{what} is {actual}, not {expected}.");
        }
    }
}
