using FlowGen.Samples.Data;
using Xunit;

namespace FlowGen.Tests.Samples;

public sealed class PlaneDistributionTests
{
    public static TheoryData<string> Names => [.. PlaneDistributions.All.Select(static d => d.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Draws_FollowTheKnownDensity(string name)
    {
        // The mean of -log p over draws is the entropy: it ties the sampler, the density and the quadrature to one another.
        var distribution = PlaneDistributions.Find(name);
        const int Count = 40_000;
        float[] points = distribution.Draw(Count, seed: 5);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < Count; i++)
        {
            double surprise = -distribution.LogDensity(points[2 * i], points[(2 * i) + 1]);
            sum += surprise;
            squares += surprise * surprise;
        }

        double mean = sum / Count;
        double error = Math.Sqrt(Math.Max(0, (squares / Count) - (mean * mean)) / Count);
        Assert.InRange(mean, distribution.Entropy - (4 * error) - 1e-9, distribution.Entropy + (4 * error) + 1e-9);
    }

    [Theory, MemberData(nameof(Names))]
    public void Density_IntegratesToOne(string name)
    {
        var distribution = PlaneDistributions.Find(name);
        double step = 1 / 32.0;
        double sum = 0;
        for (double x = -5 + (step / 2); x < 5; x += step)
        {
            for (double y = -5 + (step / 2); y < 5; y += step)
            {
                sum += Math.Exp(distribution.LogDensity(x, y));
            }
        }

        Assert.Equal(1, sum * step * step, 1e-6);
    }

    [Theory, MemberData(nameof(Names))]
    public void Draws_DependOnTheSeedAlone(string name)
    {
        var distribution = PlaneDistributions.Find(name);
        Assert.Equal(distribution.Draw(100, seed: 3), distribution.Draw(200, seed: 3)[..200]);
        Assert.NotEqual(distribution.Draw(100, seed: 3), distribution.Draw(100, seed: 4));
    }

    [Theory, MemberData(nameof(Names))]
    public void Window_HoldsNearlyEveryDraw(string name)
    {
        var distribution = PlaneDistributions.Find(name);
        float[] points = distribution.Draw(10_000, seed: 1);
        var w = distribution.Window;
        int outside = Enumerable.Range(0, 10_000).Count(i =>
            points[2 * i] < w.Left || points[2 * i] > w.Right || points[(2 * i) + 1] < w.Bottom || points[(2 * i) + 1] > w.Top);
        Assert.InRange(outside, 0, 10);
    }

    [Fact]
    public void EntropyOfEightGaussians_IsThatOfOnePlusLogarithmOfEight()
    {
        // Neighbours are 1.53 = 7.7 deviations apart, so the overlap takes off little: the mixture's entropy is bounded by the sum and nearly reaches it.
        double single = Math.Log(2 * Math.PI * Math.E * 0.2 * 0.2);
        double entropy = PlaneDistributions.Find("eight-gaussians").Entropy;
        Assert.InRange(entropy, single + Math.Log(8) - 1e-3, single + Math.Log(8));
    }

    [Fact]
    public void EntropyOfTwoMoons_IsStableToItsDigits() => Assert.Equal(1.00758483, PlaneDistributions.TwoMoons.Entropy, 1e-7);

    [Fact]
    public void Find_NamesTheDatasets_WhenThereIsNoSuchOne()
    {
        var e = Assert.Throws<SampleException>(static () => PlaneDistributions.Find("moons"));
        Assert.Contains("'moons'", e.Message, StringComparison.Ordinal);
        Assert.Contains("two-moons, rings, checkerboard, spirals, eight-gaussians", e.Message, StringComparison.Ordinal);
    }
}
