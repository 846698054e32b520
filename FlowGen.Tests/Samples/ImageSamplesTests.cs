using FlowGen.Samples.Data;
using FlowGen.Samples.Plots;
using Xunit;

namespace FlowGen.Tests.Samples;

public sealed class ImageSamplesTests
{
    [Theory]
    [InlineData(new double[] { 3, 4 }, new double[] { 1, 2 }, 1)]
    [InlineData(new double[] { 1, 2 }, new double[] { 3, 4 }, 0)]
    [InlineData(new double[] { 1, 1, 1 }, new double[] { 1, 1 }, 0.5)]
    [InlineData(new double[] { 2, 4 }, new double[] { 1, 3 }, 0.75)]
    [InlineData(new double[] { 2 }, new double[] { 2, 1, 5 }, 0.5)]
    [InlineData(new double[] { 1 }, new double[] { }, double.NaN)]
    public void AreaUnderTheCurve_IsTheShareOfPairsInOrder(double[] higher, double[] lower, double area) => Assert.Equal(area, RocCurve.Area(higher, lower), 1e-12);

    [Fact]
    public void AreaUnderTheCurve_IsThatOfAllPairs()
    {
        var random = new System.Random(5);
        double[] higher = [.. Enumerable.Range(0, 83).Select(_ => (double)random.Next(3, 20))];
        double[] lower = [.. Enumerable.Range(0, 61).Select(_ => (double)random.Next(0, 15))];
        double pairs = higher.Sum(h => lower.Sum(l => h > l ? 1 : h == l ? 0.5 : 0)) / (higher.Length * lower.Length);
        Assert.Equal(pairs, RocCurve.Area(higher, lower), 1e-12);
    }

    [Fact]
    public void Noise_KeepsTheLevel()
    {
        float[] levels = [.. Enumerable.Range(0, 256 * 64).Select(static i => (float)(i % 256))];
        float[] noisy = PixelNoise.Add(levels, seed: 3);
        Assert.Equal(levels, noisy.Select(MathF.Floor));
        Assert.InRange(noisy.Zip(levels, static (n, l) => n - l).Average(), 0.49f, 0.51f);
        Assert.Equal(noisy, PixelNoise.Add(levels, seed: 3));
        Assert.NotEqual(noisy, PixelNoise.Add(levels, seed: 4));
    }

    [Fact]
    public void WayBetweenLatents_StaysOnTheSphere()
    {
        float[] from = [3, 0, 0, 4];
        float[] to = [0, 5, 0, 0];
        Assert.Equal(from, DigitPictures.Between(from, to, 0));
        Assert.Equal(to.Select(static v => (double)v), DigitPictures.Between(from, to, 1).Select(static v => (double)v), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.All(Enumerable.Range(0, 11), step => Assert.Equal(25, DigitPictures.Between(from, to, step / 10.0).Sum(static v => v * v), 1e-4));
        Assert.Equal([4.5f, 0, 0, 6], DigitPictures.Between(from, [6, 0, 0, 8], 0.5));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 2, 7 }, "the header promises 2 labels, the file holds 1")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7, 8 }, "the header promises 1 labels, the file holds 2")]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 7 }, "found 0x00000803 (those are images)")]
    [InlineData(new byte[] { 0, 0, 9, 1, 0, 0, 0, 1, 7 }, "magic number 0x00000801, found 0x00000901")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0 }, "expected the 8 bytes of an idx header, found 5")]
    public void WrongLabels_AreTold(byte[] file, string message) =>
        Assert.Contains(message, Assert.Throws<SampleException>(() => IdxImages.ReadLabels(new MemoryStream(file), "labels")).Message, StringComparison.Ordinal);

    [Fact]
    public void Labels_AreRead() => Assert.Equal([7, 0], IdxImages.ReadLabels(new MemoryStream([0, 0, 8, 1, 0, 0, 0, 2, 7, 0]), "labels"));
}
