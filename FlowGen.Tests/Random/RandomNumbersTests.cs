using FlowGen.Random;
using Xunit;

namespace FlowGen.Tests.Random;

public sealed class RandomNumbersTests
{
    private const ulong Seed = 7;

    [Fact]
    public void Stream_DiffersByPurposeAndNumber()
    {
        var streams = new HashSet<uint>();
        foreach (RandomPurpose purpose in Enum.GetValues<RandomPurpose>())
        {
            foreach (int number in new[] { 0, 1, 2, 1000, (1 << 24) - 1 })
            {
                Assert.True(streams.Add(RandomNumbers.Stream(purpose, number)));
            }
        }
    }

    [Fact]
    public void Shuffle_IsAPermutation_FixedBySeedAndStream()
    {
        int[] first = Shuffled(1000, Seed, 0);

        Assert.Equal(Enumerable.Range(0, 1000), first.Order());
        Assert.Equal(first, Shuffled(1000, Seed, 0));
        Assert.NotEqual(first, Shuffled(1000, Seed, 1));
        Assert.NotEqual(first, Shuffled(1000, Seed + 1, 0));
        Assert.NotEqual(Enumerable.Range(0, 1000), first);
        Assert.Equal([0], Shuffled(1, Seed, 0));
        Assert.Empty(Shuffled(0, Seed, 0));
    }

    [Fact]
    public void Shuffle_GivesEveryOrderEquallyOften()
    {
        const int Draws = 24000;
        var counts = new Dictionary<string, int>();
        for (int draw = 0; draw < Draws; draw++)
        {
            string order = string.Join(',', Shuffled(4, Seed, (uint)draw));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        // Chi squared with 23 degrees of freedom: above 49.7 once in 1000 times.
        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Values.Sum(static count => Math.Pow(count - (Draws / 24), 2) / (Draws / 24)), 5, 49.7);
    }

    [Fact]
    public void BoundedWords_AreEquallyLikely_AlsoWhereTheBoundIsLarge()
    {
        // Without rejection, half of the results for this bound would be multiples of 3.
        const uint Bound = 3u << 30;
        var words = new WordSequence(Seed, 0);
        int multiples = 0;
        for (int i = 0; i < 30000; i++)
        {
            uint word = words.Next(Bound);
            Assert.InRange(word, 0u, Bound - 1);
            multiples += word % 3 == 0 ? 1 : 0;
        }

        Assert.InRange(multiples, 9600, 10400);
    }

    [Fact]
    public void Noise_IsAMultipleOfItsStep_AndNeverRoundsUpAByte()
    {
        var noise = new float[10007];
        RandomNumbers.FillNoise(noise, Seed, row: 3, stream: 5);

        foreach (float value in noise)
        {
            Assert.InRange(value, 0f, 1f - MathF.ScaleB(1, -16));
            Assert.Equal(MathF.Truncate(value * 65536), value * 65536);
            Assert.Equal(255f, MathF.Floor(255f + value));
            Assert.Equal(value, 255f + value - 255f);
        }

        Assert.InRange(KolmogorovSmirnov.Statistic(noise, static x => x), 0.2, 1.95);
        Assert.True(noise.Distinct().Count() > 9000);
    }

    [Fact]
    public void Noise_DependsOnSeedStreamRowAndElementAlone()
    {
        float[] noise = Noise(100, Seed, 3, 5);

        for (int length = 0; length < 20; length++)
        {
            Assert.Equal(noise[..length], Noise(length, Seed, 3, 5));
        }

        Assert.NotEqual(noise, Noise(100, Seed + 1, 3, 5));
        Assert.NotEqual(noise, Noise(100, Seed, 4, 5));
        Assert.NotEqual(noise, Noise(100, Seed, 3, 6));

        static float[] Noise(int length, ulong seed, ulong row, uint stream)
        {
            var noise = new float[length];
            RandomNumbers.FillNoise(noise, seed, row, stream);
            return noise;
        }
    }

    [Fact]
    public void Sequences_AreThoseOfATileWithOneLane()
    {
        var normal = new float[37];
        var uniform = new float[37];
        RandomNumbers.FillNormal(normal, Seed, 2, 1);
        RandomNumbers.FillUniform(uniform, Seed, 2, 1);

        var tile = new float[37 * 16];
        TileRandom.FillNormal(ref tile[0], 37, 16, Seed, 0, 1);
        Assert.Equal(normal, Enumerable.Range(0, 37).Select(row => tile[(row * 16) + 2]));
        TileRandom.FillUniform(ref tile[0], 37, 16, Seed, 0, 1);
        Assert.Equal(uniform, Enumerable.Range(0, 37).Select(row => tile[(row * 16) + 2]));

        RandomNumbers.FillNormal([], Seed, 0, 0);
    }

    private static int[] Shuffled(int length, ulong seed, uint stream)
    {
        int[] elements = [.. Enumerable.Range(0, length)];
        RandomNumbers.Shuffle(elements, seed, stream);
        return elements;
    }
}
