using FlowGen.Numerics;
using FlowGen.Random;
using FlowGen.Tests.Numerics;
using Xunit;

namespace FlowGen.Tests.Random;

public sealed class TileRandomTests
{
    private const ulong Seed = 42;

    private delegate void Filler(ref float destination, int rows, int lanes, ulong seed, ulong firstRow, uint stream);

    public static TheoryData<string> Distributions => ["normal", "logistic", "uniform"];

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Element_DependsOnItsSampleAndRowAlone(string distribution)
    {
        // Sample numbers cross 2^32, where the counter's upper half changes within a vector.
        const ulong FirstRow = uint.MaxValue - 20UL;
        const int Rows = 11;
        const int Lanes = 64;
        float[] whole = Fill(distribution, Rows, Lanes, FirstRow, stream: 3);

        for (int lane = 0; lane < Lanes; lane++)
        {
            float[] alone = Fill(distribution, Rows, 1, FirstRow + (ulong)lane, stream: 3);
            for (int row = 0; row < Rows; row++)
            {
                Assert.Equal(whole[(row * Lanes) + lane], alone[row]);
            }
        }

        foreach ((int rows, int lanes, int start) in new[] { (1, 16, 0), (2, 32, 16), (3, 17, 5), (6, 40, 24), (4, 3, 61) })
        {
            float[] part = Fill(distribution, rows, lanes, FirstRow + (ulong)start, stream: 3);
            for (int i = 0; i < part.Length; i++)
            {
                Assert.Equal(whole[(i / lanes * Lanes) + start + (i % lanes)], part[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Sample_IsTheSameAloneAndAmongOthers(string distribution)
    {
        const int Rows = 151;
        float[] whole = Fill(distribution, Rows, 16, firstRow: 5, stream: 2);
        for (int lane = 0; lane < 16; lane++)
        {
            float[] alone = Fill(distribution, Rows, 1, firstRow: 5UL + (ulong)lane, stream: 2);
            for (int row = 0; row < Rows; row++)
            {
                Assert.Equal(whole[(row * 16) + lane], alone[row]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Seed_Stream_AndRow_EachChangeEverything(string distribution)
    {
        float[] numbers = Fill(distribution, 8, 16, firstRow: 0, stream: 0);

        AssertUnlike(numbers, Fill(distribution, 8, 16, firstRow: 0, stream: 1));
        AssertUnlike(numbers, Fill(distribution, 8, 16, firstRow: 16, stream: 0));
        AssertUnlike(numbers, Fill(distribution, 8, 16, firstRow: 0, stream: 0, seed: Seed + 1));
        Assert.Equal(numbers.Length, numbers.Distinct().Count());

        static void AssertUnlike(float[] left, float[] right) =>
            Assert.All(left.Zip(right), static pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void EveryWidth_GivesTheSameBits()
    {
        Check<NormalDistribution>();
        Check<LogisticDistribution>();
        Check<UniformDistribution>();

        static void Check<TDistribution>()
            where TDistribution : struct, IRandomDistribution
        {
            CheckBlock<TDistribution>(7, 2064);
            CheckBlock<TDistribution>(151, 1);
        }

        static void CheckBlock<TDistribution>(int rows, int lanes)
            where TDistribution : struct, IRandomDistribution
        {
            var widest = new float[rows * lanes];
            var other = new float[rows * lanes];
            TileRandom.Fill<Vec512, TDistribution>(ref widest[0], rows, lanes, Seed, 0, 0);

            TileRandom.Fill<Vec256, TDistribution>(ref other[0], rows, lanes, Seed, 0, 0);
            Assert.Equal(widest, other);
            TileRandom.Fill<Vec128, TDistribution>(ref other[0], rows, lanes, Seed, 0, 0);
            Assert.Equal(widest, other);
            TileRandom.Fill<VecScalar, TDistribution>(ref other[0], rows, lanes, Seed, 0, 0);
            Assert.Equal(widest, other);
        }
    }

    /// <summary>Numbers of a seed are part of what FlowGen promises: a change of any bit would change users' results.</summary>
    [Theory]
    [InlineData("normal", 2033246218u)]
    [InlineData("logistic", 1768302648u)]
    [InlineData("uniform", 2953922681u)]
    public void NumbersOfASeed_NeverChange(string distribution, uint expected)
    {
        float[] numbers = Fill(distribution, 64, 1024, firstRow: 0, stream: 0);

        // The hash of Fowler, Noll and Vo over the numbers' bits.
        uint hash = 2166136261;
        foreach (float number in numbers)
        {
            hash = unchecked((hash ^ BitConverter.SingleToUInt32Bits(number)) * 16777619);
        }

        Assert.Equal(expected, hash);
    }

    [Fact]
    public void Normal_IsNearTheExactQuantile_UpToTheEnds()
    {
        for (long word = 0; word <= int.MaxValue; word += word < 4096 ? 1 : 3000017)
        {
            // The probability as the generator rounds it, and half a step around it.
            double p = (float)(((float)word) + 0.5f) * Math.ScaleB(1, -31);
            float z = Transform<NormalDistribution>((uint)word);

            Assert.InRange(z, 0, 6.35f);
            double tail = 2 * DoubleReference.NormalTail(z);
            double error = Math.Abs(tail - p) / (2 * DoubleReference.NormalDensity(z));
            if (error > 4e-7 * Math.Max(z, 0.1))
            {
                Assert.Fail($"word {word}: {z:G9} is {error:G3} from the quantile");
            }

            Assert.Equal(-z, Transform<NormalDistribution>((uint)word | 0x80000000u));
        }

        Assert.Equal(6.33, Transform<NormalDistribution>(0), 0.011);
    }

    [Fact]
    public void Logistic_IsNearTheExactQuantile_UpToTheEnds()
    {
        for (long word = 0; word <= int.MaxValue; word += word < 4096 ? 1 : 3000017)
        {
            double p = (float)(((float)word) + 0.5f) * Math.ScaleB(1, -31);
            double exact = Math.Log((2 - p) / p);
            float z = Transform<LogisticDistribution>((uint)word);

            Assert.Equal(exact, z, 4e-7 * Math.Max(1, exact));
            Assert.Equal(-z, Transform<LogisticDistribution>((uint)word | 0x80000000u));
        }
    }

    [Fact]
    public void Uniform_IsAMultipleOfAStep_BelowOne()
    {
        Assert.Equal(0f, Transform<UniformDistribution>(0));
        Assert.Equal(1 - MathF.ScaleB(1, -24), Transform<UniformDistribution>(uint.MaxValue));
        Assert.Equal(0.5f, Transform<UniformDistribution>(0x80000000));
        Assert.Equal(MathF.ScaleB(1, -24), Transform<UniformDistribution>(0x1FF));
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Numbers_PassKolmogorovAndSmirnov_WithinAndAcrossSamples(string distribution)
    {
        Func<double, double> exact = distribution switch
        {
            "normal" => static x => DoubleReference.NormalTail(-x),
            "logistic" => DoubleReference.Sigmoid,
            _ => static x => x,
        };

        Assert.InRange(KolmogorovSmirnov.Statistic(Fill(distribution, 4, 25600, firstRow: 0, stream: 0), exact), 0.2, 1.95);
        Assert.InRange(KolmogorovSmirnov.Statistic(Fill(distribution, 100000, 1, firstRow: 9, stream: 1), exact), 0.2, 1.95);
    }

    [Fact]
    public void Normal_HasTheMomentsAndTailsOfANormal()
    {
        float[] numbers = Fill("normal", 16, 65536, firstRow: 0, stream: 0);
        double n = numbers.Length;

        // Four standard errors each.
        Assert.Equal(0, numbers.Average(static z => (double)z), 4 / Math.Sqrt(n));
        Assert.Equal(1, numbers.Average(static z => (double)z * z), 4 * Math.Sqrt(2 / n));
        Assert.Equal(0, numbers.Average(static z => Math.Pow(z, 3)), 4 * Math.Sqrt(15 / n));
        Assert.Equal(3, numbers.Average(static z => Math.Pow(z, 4)), 4 * Math.Sqrt(96 / n));
        foreach (double bound in new[] { 2, 3, 3.5, 4 })
        {
            double expected = 2 * n * DoubleReference.NormalTail(bound);
            Assert.Equal(expected, numbers.Count(z => Math.Abs(z) > bound), 4 * Math.Sqrt(expected));
        }
    }

    [Fact]
    public void Neighbours_AreUncorrelated()
    {
        const int Rows = 8;
        const int Lanes = 16384;
        float[] numbers = Fill("normal", Rows, Lanes, firstRow: 0, stream: 0);
        float[] otherStream = Fill("normal", Rows, Lanes, firstRow: 0, stream: 1);
        float[] otherSeed = Fill("normal", Rows, Lanes, firstRow: 0, stream: 0, seed: Seed + 1);

        Assert.Equal(0, Correlation(numbers, numbers, 1), 4 / Math.Sqrt(numbers.Length));
        Assert.Equal(0, Correlation(numbers, numbers, Lanes), 4 / Math.Sqrt(numbers.Length));
        Assert.Equal(0, Correlation(numbers, numbers, 4 * Lanes), 6 / Math.Sqrt(numbers.Length));
        Assert.Equal(0, Correlation(numbers, otherStream, 0), 4 / Math.Sqrt(numbers.Length));
        Assert.Equal(0, Correlation(numbers, otherSeed, 0), 4 / Math.Sqrt(numbers.Length));

        static double Correlation(float[] left, float[] right, int shift)
        {
            double sum = 0;
            for (int i = 0; i + shift < right.Length; i++)
            {
                sum += (double)left[i] * right[i + shift];
            }

            return sum / (right.Length - shift);
        }
    }

    private static float[] Fill(string distribution, int rows, int lanes, ulong firstRow, uint stream, ulong seed = Seed)
    {
        Filler filler = distribution switch
        {
            "normal" => TileRandom.FillNormal,
            "logistic" => TileRandom.FillLogistic,
            _ => TileRandom.FillUniform,
        };

        const int Slack = 16;
        const float Guard = 777f;
        var numbers = new float[(rows * lanes) + Slack];
        Array.Fill(numbers, Guard);
        filler(ref numbers[0], rows, lanes, seed, firstRow, stream);
        Assert.All(numbers[^Slack..], static value => Assert.Equal(Guard, value));
        return numbers[..^Slack];
    }

    private static float Transform<TDistribution>(uint word)
        where TDistribution : struct, IRandomDistribution
    {
        float value = 0;
        VecScalar.Store(TDistribution.Transform(VecScalar.CreateBits(unchecked((int)word))), ref value);
        return value;
    }
}
