using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>A density is one: its integral over the plane is 1.</summary>
public sealed class DensityTests
{
    private const double Reach = 40;
    private const int Points = 2400;

    public static TheoryData<string> Planes => [.. FlowZoo.Deep.Select(static row => row.Data).Where(static name => FlowZoo.Case(name) is { Size: 2, Data: FlowData.Real })];

    [Theory]
    [MemberData(nameof(Planes))]
    public void Integrates_to_one(string name)
    {
        // Coordinates u = asinh(x) make a grid that is fine near the origin and reaches e^Reach / 2 at its ends.
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 61);
        double limit = Math.Asinh(Reach * 50);
        double step = 2 * limit / Points;
        float[] row = new float[2 * Points];
        float[] logProb = new float[Points];
        double integral = 0;
        for (int i = 0; i < Points; i++)
        {
            double u = -limit + ((i + 0.5) * step);
            for (int j = 0; j < Points; j++)
            {
                double v = -limit + ((j + 0.5) * step);
                row[2 * j] = (float)Math.Sinh(u);
                row[(2 * j) + 1] = (float)Math.Sinh(v);
            }

            flow.LogProb(row, logProb);
            for (int j = 0; j < Points; j++)
            {
                double v = -limit + ((j + 0.5) * step);
                integral += Math.Exp(logProb[j]) * Math.Cosh(u) * Math.Cosh(v) * step * step;
            }
        }

        Assert.Equal(1, integral, 2e-3);
    }
}
