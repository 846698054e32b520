using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>A coupling whose convolutions are normalised.</summary>
[Flow(2, 6, 5)]
[AffineCoupling(7, 5, Net = CouplingNet.NormalizedConv, Transforms = Partition.SecondHalf)]
[AdditiveCoupling(4, Net = CouplingNet.NormalizedConv, Transforms = Partition.EvenPixels)]
[AdditiveCoupling(4, Net = CouplingNet.NormalizedConv, Transforms = Partition.OddPixels)]
public sealed partial class NormalizedImages;

/// <summary>What convolutions with an ActNorm take from data. That they are what they are is in the mathematics of all flows.</summary>
public sealed class NormalizedConvolutionTests
{
    private const int Count = 40;
    private readonly NormalizedImages flow = new(seed: 3);
    private readonly float[] data = [.. FlowFixture.Normal(60 * Count, seed: 5).Select(static value => 3 + (2 * value))];

    [Fact]
    public void Is_not_ready_before_it_saw_data()
    {
        Assert.False(flow.IsInitialized);
        Assert.Throws<FlowNotInitializedException>(() => flow.LogProb(data));
        flow.Initialize(data);
        Assert.True(flow.IsInitialized);
        Assert.All(flow.LogProb(data), static value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void What_goes_into_activations_has_mean_zero_and_deviation_one()
    {
        flow.Initialize(data);
        double[][] first = Pixels(data, channels: 2, only: 0);
        double[][] hidden = Convolve("layers.0.net.0", first, kernel: 3, outputs: 7);
        AssertNormal(hidden, 7);
        AssertNormal(Convolve("layers.0.net.1", Relu(hidden), kernel: 1, outputs: 5), 5);

        // The last convolutions start at zero, so the second coupling sees the same images, with zeros where it changes them.
        double[][] checkerboard = Pixels(data, channels: 2, only: -1);
        foreach (double[] image in checkerboard)
        {
            for (int i = 0; i < image.Length; i++)
            {
                image[i] *= ((i % 30 / 5) + (i % 5)) % 2;
            }
        }

        AssertNormal(Convolve("layers.1.net.0", checkerboard, kernel: 3, outputs: 4), 4);
    }

    [Fact]
    public void A_channel_without_variance_is_named()
    {
        var error = Assert.Throws<DegenerateDataException>(() => flow.Initialize(new float[60 * 4]));
        Assert.Contains("Layer 0 (AffineCoupling)", error.Message, StringComparison.Ordinal);
        Assert.Contains("channel 0 of hidden convolution 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_trained_saved_and_loaded()
    {
        var history = flow.Fit(data, new FitOptions { Epochs = 3, BatchSize = 8 }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(history.Epochs[^1].TrainingLoss < history.Epochs[0].TrainingLoss);
        using var stream = new MemoryStream();
        flow.Save(stream);
        stream.Position = 0;
        var loaded = NormalizedImages.FromStream(stream);
        FlowFixture.Identical(flow.LogProb(data), loaded.LogProb(data), "log-prob");
    }

    private static void AssertNormal(double[][] planes, int channels)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            double[] values = [.. planes.SelectMany(image => image.Skip(channel * 30).Take(30))];
            double mean = values.Average();
            Assert.Equal(0, mean, 1e-5);
            Assert.Equal(1, values.Average(value => (value - mean) * (value - mean)), 1e-4);
        }
    }

    private static double[][] Relu(double[][] planes) => [.. planes.Select(static image => image.Select(static value => Math.Max(value, 0)).ToArray())];

    private static double[][] Pixels(float[] data, int channels, int only) =>
        [.. data.Chunk(channels * 30).Select(image => image.Where((_, i) => only < 0 || i / 30 == only).Select(static value => (double)value).ToArray())];

    private double[][] Convolve(string name, double[][] images, int kernel, int outputs)
    {
        var weight = flow.Parameters[$"{name}.weight"].Values;
        var bias = flow.Parameters[$"{name}.bias"].Values;
        var logScale = flow.Parameters[$"{name}.log_scale"].Values;
        double[][] made = [.. images.Select(_ => new double[outputs * 30])];
        for (int n = 0; n < images.Length; n++)
        {
            for (int i = 0; i < made[n].Length; i++)
            {
                var (output, row, column) = (i / 30, i % 30 / 5, i % 5);
                double sum = bias[output];
                int inputs = images[n].Length / 30;
                for (int tap = 0; tap < inputs * kernel * kernel; tap++)
                {
                    int y = row + (tap / kernel % kernel) - (kernel / 2);
                    int x = column + (tap % kernel) - (kernel / 2);
                    if (y is >= 0 and < 6 && x is >= 0 and < 5)
                    {
                        sum += weight[(output * inputs * kernel * kernel) + tap] * images[n][(tap / (kernel * kernel) * 30) + (y * 5) + x];
                    }
                }

                made[n][i] = sum * Math.Exp(logScale[output]);
            }
        }

        return made;
    }
}
