using FlowGen.Kernels;
using FlowGen.Layers;
using FlowGen.Tests.Kernels;
using Xunit;

namespace FlowGen.Tests.Layers;

/// <summary>The density of the latent, and the sum of log-determinants that it is added to.</summary>
public sealed class PriorTests
{
    [Theory]
    [InlineData(Prior.StandardNormal, 0f, -0.918938533)]
    [InlineData(Prior.StandardNormal, 2f, -2.918938533)]
    [InlineData(Prior.StandardLogistic, 1.3f, -1.782016)]
    [InlineData(Prior.StandardLogistic, 200f, -200.0)]
    public void LogProb_IsTheKnownValue(Prior prior, float z, double expected) =>
        Assert.Equal(expected, Total(LogProb([[z]], prior)[0]), 1e-6 * Math.Max(1, Math.Abs(expected)));

    [Theory]
    [InlineData(Prior.StandardNormal)]
    [InlineData(Prior.StandardLogistic)]
    public void LogProb_OfASampleAlone_HasTheBitsOfASampleInATile(Prior prior)
    {
        foreach (int size in (int[])[1, 2, 7, 16, 17, 33, 100])
        {
            float[][] z = [.. Enumerable.Range(0, LayerRun.MostLanes).Select(lane => LayerRun.Noise(size, lane))];
            var alone = z.Select(sample => LogProb([sample], prior)[0]).ToArray();
            foreach (int lanes in LayerRun.TileLanes)
            {
                Assert.Equal(alone[..lanes], LogProb(z[..lanes], prior));
            }
        }
    }

    [Theory]
    [InlineData(Prior.StandardNormal)]
    [InlineData(Prior.StandardLogistic)]
    public void LogProb_OfManyCoordinates_IsExactToTheLastBits(Prior prior)
    {
        const int Size = 20_000;
        float[] z = LayerRun.Noise(Size, 1);
        double expected = z.Sum(value => prior == Prior.StandardNormal
            ? (-0.5 * value * value) - (0.5 * Math.Log(2 * Math.PI))
            : -ReferenceFunctions.Softplus(value) - ReferenceFunctions.Softplus(-value));
        Assert.Equal(expected, Total(LogProb([z], prior)[0]), 2e-8 * Math.Abs(expected));
    }

    [Theory]
    [InlineData(Prior.StandardNormal)]
    [InlineData(Prior.StandardLogistic)]
    public void Gradient_IsThatOfTheWeightedNegativeLogProb(Prior prior)
    {
        const int Size = 7;
        foreach (int lanes in (int[])[1, .. LayerRun.TileLanes])
        {
            float[] z = LayerRun.Noise(Size * lanes, 3);
            float[] weights = LayerRun.Noise(lanes, 4);
            var gradient = new float[Size * lanes];
            Tile t = new() { Lanes = lanes, State = ref z[0], GradState = ref gradient[0] };
            PriorKernels.Gradient(ref t, Size, prior, ref weights[0]);
            for (int i = 0; i < gradient.Length; i++)
            {
                double slope = prior == Prior.StandardNormal ? z[i] : Math.Tanh(z[i] / 2.0);
                Assert.Equal(weights[i % lanes] * slope, gradient[i], 1e-6);
            }
        }
    }

    [Fact]
    public void LogProb_OfAnInfiniteLatent_IsMinusInfinityAndNotNaN()
    {
        foreach (int lanes in (int[])[1, .. LayerRun.TileLanes])
        {
            float[][] z = [.. Enumerable.Range(0, lanes).Select(_ => (float[])[float.PositiveInfinity, 1f, 2f])];
            foreach (var prior in Enum.GetValues<Prior>())
            {
                Assert.All(LogProb(z, prior), sum => Assert.Equal(double.NegativeInfinity, Total(sum)));
            }
        }
    }

    [Fact]
    public void LogProb_LeavesTheLatentAsItIs()
    {
        float[] z = LayerRun.Noise(33, 1);
        float[] state = [.. z, .. new float[32]];
        var logDet = new float[2];
        Tile t = new() { Lanes = 1, State = ref state[0], LogDet = ref logDet[0], Weights = ref logDet[0] };
        PriorKernels.AddLogProb(ref t, 33, Prior.StandardLogistic);
        Assert.Equal(z, state[..33]);
    }

    private static double Total((float High, float Low) sum) => (double)sum.High + sum.Low;

    private static (float High, float Low)[] LogProb(float[][] samples, Prior prior)
    {
        int lanes = samples.Length;
        int size = samples[0].Length;
        var state = new GuardedBlock(size * lanes, slack: 0);
        var logDet = new GuardedBlock(2 * lanes, slack: 0);
        for (int lane = 0; lane < lanes; lane++)
        {
            for (int i = 0; i < size; i++)
            {
                state.Span[(i * lanes) + lane] = samples[lane][i];
            }
        }

        Tile t = new() { Lanes = lanes, State = ref state.Start, LogDet = ref logDet.Start, Weights = ref logDet.Start };
        PriorKernels.AddLogProb(ref t, size, prior);
        state.AssertGuards(slackWritten: false);
        logDet.AssertGuards(slackWritten: false);
        return [.. Enumerable.Range(0, lanes).Select(lane => (logDet[lane], logDet[lanes + lane]))];
    }
}
