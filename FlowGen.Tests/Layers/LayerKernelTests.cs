using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Layers;

/// <summary>The kernels of each layer against the layer's definition in double precision.</summary>
public sealed class LayerKernelTests
{
    /// <summary>How many samples a gradient is checked on: prime to the lanes of every vector that this process has.</summary>
    private static int Distinct => Math.Max(TileGeometry.Width, 2) + 1;

    public static TheoryData<string, int> Cases => LayerCases.All;

    public static TheoryData<string, int> Couplings => LayerCases.Couplings;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_GivesTheValuesAndLogDetOfTheReference(string name, int size) => AgreesWithReference(name, size, inverse: false);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Inverse_GivesTheValuesAndLogDetOfTheReference(string name, int size) => AgreesWithReference(name, size, inverse: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ASampleAlone_HasTheBitsOfASampleInATile(string name, int size)
    {
        var run = new LayerRun(LayerCases.Create(name, size));
        float[][] data = run.Data(LayerRun.MostLanes);
        foreach (bool inverse in (bool[])[false, true])
        {
            float[][] samples = inverse ? Latents(run, data) : data;
            var alone = samples.Select(sample => run.Run([sample], inverse)).ToArray();
            foreach (int lanes in LayerRun.TileLanes)
            {
                var tile = run.Run(samples[..lanes], inverse);
                for (int lane = 0; lane < lanes; lane++)
                {
                    Assert.Equal(Bits(alone[lane].Values[0]), Bits(tile.Values[lane]));
                    Assert.Equal(alone[lane].LogDetParts[0], tile.LogDetParts[lane]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_GivesTheDifferencesOfTheReference(string name, int size)
    {
        var run = new LayerRun(LayerCases.Create(name, size));
        int most = LayerRun.MostLanes;

        // Samples come back after as many lanes as no vector has: each is at every place of one, and its differences are taken once.
        int distinct = Math.Min(most, Distinct);
        float[][] data = Again(run.Data(distinct), most);
        float[][] gradZ = Again([.. Enumerable.Range(0, distinct).Select(lane => LayerRun.Noise(size, 100 + lane))], most);
        float[] gradLogDet = Again(LayerRun.Noise(distinct, 5), most);

        double Loss(int lane, int coordinate, int parameter, double step)
        {
            double[] x = Array.ConvertAll(data[lane], static v => (double)v);
            if (coordinate >= 0)
            {
                x[coordinate] += step;
            }

            double loss = gradLogDet[lane] * run.Reference(x, parameter: parameter, step: step);
            for (int i = 0; i < size; i++)
            {
                loss += gradZ[lane][i] * x[i];
            }

            return loss;
        }

        // Small, so that it reaches over no kink: of |w| in the centre taps of Mint layers at 0, of the slope of Elu.
        const double Step = 1e-6;
        double Slope(int lane, int coordinate, int parameter) =>
            (Loss(lane, coordinate, parameter, Step) - Loss(lane, coordinate, parameter, -Step)) / (2 * Step);

        double[][] byInput = Again([.. Enumerable.Range(0, distinct).Select(lane => Enumerable.Range(0, size).Select(i => Slope(lane, i, -1)).ToArray())], most);
        double[][] byParameter = Again([.. Enumerable.Range(0, distinct).Select(lane => Enumerable.Range(0, run.ParameterCount).Select(p => Slope(lane, -1, p)).ToArray())], most);
        foreach (int lanes in (int[])[1, .. LayerRun.TileLanes])
        {
            var result = run.Gradient(data[..lanes], gradZ[..lanes], gradLogDet[..lanes]);
            for (int lane = 0; lane < lanes; lane++)
            {
                AssertClose(byInput[lane], result.GradX[lane], 2e-5, $"gradient of the input, {lanes} lanes, lane {lane}");
            }

            for (int p = 0; p < run.ParameterCount; p++)
            {
                double expected = 0;
                double scale = 1;
                for (int lane = 0; lane < lanes; lane++)
                {
                    expected += byParameter[lane][p];
                    scale += Math.Abs(byParameter[lane][p]);
                }

                Assert.True(
                    Math.Abs(expected - result.Gradient[p]) <= 2e-5 * scale,
                    $"gradient of parameter {p}, {lanes} lanes: expected {expected}, was {result.Gradient[p]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_AreAdded(string name, int size)
    {
        // Twice the samples in one tile, all pairs equal: a sum and no overwriting within the tile.
        var run = new LayerRun(LayerCases.Create(name, size));
        int lanes = LayerRun.MostLanes;
        float[][] one = run.Data(1);
        float[][] gradZ = [LayerRun.Noise(size, 9)];
        var single = run.Gradient(one, gradZ, [0.5f]);
        var tile = run.Gradient(
            [.. Enumerable.Repeat(one[0], lanes)], [.. Enumerable.Repeat(gradZ[0], lanes)], [.. Enumerable.Repeat(0.5f, lanes)]);
        for (int p = 0; p < run.ParameterCount; p++)
        {
            Assert.Equal(single.Gradient[p] * (double)lanes, tile.Gradient[p], 1e-4 * Math.Max(1, Math.Abs(single.Gradient[p]) * lanes));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void NaNAndInfinity_StayInTheirLane(string name, int size)
    {
        var run = new LayerRun(LayerCases.Create(name, size));
        foreach (bool inverse in (bool[])[false, true])
        {
            foreach (int lanes in LayerRun.TileLanes)
            {
                float[][] clean = run.Data(lanes);
                clean = inverse ? Latents(run, clean) : clean;
                float[][] dirty = [.. clean];
                dirty[1] = [.. Enumerable.Repeat(float.NaN, size)];
                dirty[lanes - 1] = [.. Enumerable.Repeat(float.PositiveInfinity, size)];
                var expected = run.Run(clean, inverse);
                var actual = run.Run(dirty, inverse);
                for (int lane = 0; lane < lanes; lane++)
                {
                    if (lane != 1 && lane != lanes - 1)
                    {
                        Assert.Equal(Bits(expected.Values[lane]), Bits(actual.Values[lane]));
                        Assert.Equal(expected.LogDetParts[lane], actual.LogDetParts[lane]);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsOfTheInput_StayInTheirLane(string name, int size)
    {
        var run = new LayerRun(LayerCases.Create(name, size));
        int lanes = LayerRun.TileLanes[^1];
        float[][] gradZ = [.. Enumerable.Range(0, lanes).Select(lane => LayerRun.Noise(size, lane))];
        float[] gradLogDet = LayerRun.Noise(lanes, 5);
        float[][] clean = run.Data(lanes);
        float[][] dirty = [.. clean];
        dirty[2] = [.. Enumerable.Repeat(float.NaN, size)];
        var expected = run.Gradient(clean, gradZ, gradLogDet);
        var actual = run.Gradient(dirty, gradZ, gradLogDet);
        for (int lane = 0; lane < lanes; lane++)
        {
            if (lane != 2)
            {
                Assert.Equal(Bits(expected.GradX[lane]), Bits(actual.GradX[lane]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void RecordingInverse_LeavesTheWorkRowsOfForward(string name, int size)
    {
        var run = new LayerRun(LayerCases.Create(name, size));
        int lanes = LayerRun.TileLanes[^1];
        var forward = run.Run(run.Data(lanes), recording: true);
        var inverse = run.Run(forward.Values, inverse: true, recording: true);
        Assert.Equal(Bits(forward.Work), Bits(inverse.Work));
    }

    private static T[] Again<T>(T[] items, int count) => [.. Enumerable.Range(0, count).Select(i => items[i % items.Length])];

    private static void AgreesWithReference(string name, int size, bool inverse)
    {
        var run = new LayerRun(LayerCases.Create(name, size));
        float[][] data = run.Data(LayerRun.MostLanes);
        float[][] samples = inverse ? Latents(run, data) : data;
        foreach (int lanes in (int[])[1, .. LayerRun.TileLanes])
        {
            var result = run.Run(samples[..lanes], inverse);
            for (int lane = 0; lane < lanes; lane++)
            {
                double[] expected = Array.ConvertAll(samples[lane], static v => (double)v);
                double logDet = run.Reference(expected, inverse);
                AssertClose(expected, result.Values[lane], 1e-5, $"{lanes} lanes, lane {lane}");
                Assert.Equal(logDet, result.LogDet[lane], 1e-5 * Math.Max(1, Math.Abs(logDet)));
            }
        }
    }

    private static float[][] Latents(LayerRun run, float[][] data) =>
    [
        .. data.Select(sample =>
        {
            double[] z = Array.ConvertAll(sample, static v => (double)v);
            run.Reference(z);
            return Array.ConvertAll(z, static v => (float)v);
        }),
    ];

    private static void AssertClose(double[] expected, float[] actual, double tolerance, string where)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"{where}, coordinate {i}: expected {expected[i]}, was {actual[i]}");
        }
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
