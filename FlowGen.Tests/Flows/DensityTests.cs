using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>A density is one: its integral over the plane is 1, and over a part of the plane the share of its samples there.</summary>
public sealed class DensityTests
{
    // The integral is as exact with fewer: narrow processes, which are slow, have a quarter of them.
    private static readonly int Points = TestProcess.IsNarrow ? 750 : 1500;

    public static TheoryData<int, int> Planes => new MatrixTheoryData<int, int>([0, 1, 2], [1, 2, 3]);

    [Theory]
    [MemberData(nameof(Planes))]
    public void Integrates_to_one(int which, int seed)
    {
        IFlow flow = which switch
        {
            0 => new PlaneRealNvp(),
            1 => new PlaneNice(),
            _ => new PlaneGlow(),
        };
        FlowFixture.Scramble(flow, seed);

        // A grid in u = asinh(x): fine near the origin, and it reaches far.
        var (total, left) = Integrate(flow, Math.Asinh(400), Math.Sinh, Math.Cosh);
        Assert.Equal(1, total, 2e-3);
        Assert.Equal(ShareOnTheLeft(flow, 0), left, 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Integrates_to_one_over_its_square(int seed)
    {
        var flow = FlowFixture.Scramble(new SquareFlow(), seed);

        // With a margin of 0.01 the logit's domain is a little more than the square.
        double reach = 0.5 / 0.98;
        var (total, left) = Integrate(flow, 16, u => 0.5 + (reach * Math.Tanh(u / 2)), u => reach / 2 / Math.Pow(Math.Cosh(u / 2), 2));
        Assert.Equal(1, total, 5e-3);
        Assert.Equal(ShareOnTheLeft(flow, 0.5f), left, 0.01);
    }

    private static (double Total, double Left) Integrate(IFlow flow, double limit, Func<double, double> coordinate, Func<double, double> slope)
    {
        double step = 2 * limit / Points;
        float[] row = new float[2 * Points];
        float[] logProb = new float[Points];
        double total = 0;
        double left = 0;
        for (int i = 0; i < Points; i++)
        {
            double u = -limit + ((i + 0.5) * step);
            for (int j = 0; j < Points; j++)
            {
                row[2 * j] = (float)coordinate(u);
                row[(2 * j) + 1] = (float)coordinate(-limit + ((j + 0.5) * step));
            }

            flow.LogProb(row, logProb);
            for (int j = 0; j < Points; j++)
            {
                double mass = Math.Exp(logProb[j]) * slope(u) * slope(-limit + ((j + 0.5) * step)) * step * step;
                total += double.IsNaN(mass) ? 0 : mass;
                left += u < 0 && !double.IsNaN(mass) ? mass : 0;
            }
        }

        return (total, left);
    }

    private static double ShareOnTheLeft(IFlow flow, float middle)
    {
        float[] samples = flow.Sample(40_000, seed: 11);
        return Enumerable.Range(0, 40_000).Count(i => samples[2 * i] < middle) / 40_000.0;
    }
}
