using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Samples: reproducible, row by row, and from the density that the flow reports.</summary>
public sealed class SamplingTests
{
    public static TheoryData<string> Deep => FlowZoo.Deep;

    [Theory]
    [MemberData(nameof(Deep))]
    public void A_row_depends_on_the_seed_and_its_number_alone(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 51);
        int size = FlowZoo.Case(name).Size;
        float[] all = flow.Sample((2 * TileGeometry.TileLanes) + 5, seed: 7);
        for (int count = 1; count <= all.Length / size; count++)
        {
            FlowFixture.Identical(all.AsSpan(0, count * size), flow.Sample(count, seed: 7), $"{count} samples");
        }
    }

    [Theory]
    [MemberData(nameof(Deep))]
    public void Another_seed_gives_other_samples(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 52);
        Assert.NotEqual(flow.Sample(20, seed: 1), flow.Sample(20, seed: 2));
    }

    [Theory]
    [MemberData(nameof(Deep))]
    public void Temperature_zero_is_the_centre(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 53);
        int size = FlowZoo.Case(name).Size;
        float[] samples = flow.Sample(40, seed: 3, temperature: 0);
        float[] centre = flow.Inverse(new float[size]);
        for (int row = 0; row < 40; row++)
        {
            // As numbers: zero times a negative number is a negative zero.
            Assert.Equal(centre, samples[(row * size)..((row + 1) * size)]);
        }
    }

    [Theory]
    [MemberData(nameof(Deep))]
    public void Samples_are_the_inverse_of_the_same_latents_at_every_temperature(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 54);
        int size = FlowZoo.Case(name).Size;
        float[] latents = new float[30 * size];
        flow.Engine.SampleLatent(latents, new float[30], seed: 9);
        FlowFixture.Identical(flow.Inverse(latents), flow.Sample(30, seed: 9), "temperature 1");
        FlowFixture.Identical(flow.Inverse([.. latents.Select(static z => 0.5f * z)]), flow.Sample(30, seed: 9, temperature: 0.5f), "temperature 0.5");
    }

    [Theory]
    [MemberData(nameof(Deep))]
    public void Densities_of_samples_are_those_of_the_flow(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 55);
        var (x, logProb) = flow.SampleWithLogProb(50, seed: 4);
        FlowFixture.Identical(flow.Sample(50, seed: 4), x, "samples");
        float[] again = flow.LogProb(x);
        int size = FlowZoo.Case(name).Size;
        float[] latents = new float[x.Length];
        flow.Engine.SampleLatent(latents, new float[again.Length], seed: 4);
        float[] back = flow.Forward(x);
        for (int i = 0; i < again.Length; i++)
        {
            // Where the inverse is not a number, or magnifies rounding so that the latent does not come back, the density is that of another sample.
            bool returns = Enumerable.Range(i * size, size).All(at => Math.Abs(back[at] - latents[at]) <= 1e-3f * Math.Max(1, Math.Abs(latents[at])));
            if (returns && float.IsFinite(again[i]) && Math.Abs(again[i]) < 1e3f)
            {
                Assert.True(Math.Abs(again[i] - logProb[i]) <= 2e-2f * Math.Max(1, Math.Abs(again[i])), $"row {i}: {again[i]}, not {logProb[i]}");
            }
        }
    }

    [Fact]
    public void Latents_have_the_moments_of_the_prior()
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 1);
        float[] latents = new float[3 * 40_000];
        ((IFlow)flow).Engine.SampleLatent(latents, new float[40_000], seed: 5);
        double mean = latents.Average(static z => (double)z);
        double variance = latents.Average(z => (z - mean) * (z - mean));
        Assert.InRange(mean, -0.02, 0.02);
        Assert.InRange(variance, 0.98, 1.02);
    }
}
