using Xunit;

namespace FlowGen.Tests.Layers;

/// <summary>The layers' definitions in double precision against their own Jacobians.</summary>
public sealed class LayerReferenceTests
{
    public static TheoryData<string, int> Cases => LayerCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void LogDet_IsThatOfTheJacobian(string name, int size)
    {
        var layer = LayerCases.Create(name, size);
        var run = new LayerRun(layer);
        double[] x = Array.ConvertAll(run.Data(1)[0], static v => (double)v);
        double[] z = [.. x];
        double logDet = run.Reference(z);
        Assert.Equal(LogAbsDeterminant(Jacobian(run, x), size), logDet, 1e-8 * Math.Max(size, Math.Abs(logDet)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ZerosOfTheJacobian_AreExact(string name, int size)
    {
        var layer = LayerCases.Create(name, size);
        var run = new LayerRun(layer);
        double[] x = Array.ConvertAll(run.Data(1)[0], static v => (double)v);
        double[] jacobian = Jacobian(run, x);
        for (int output = 0; output < size; output++)
        {
            for (int input = 0; input < size; input++)
            {
                Assert.Equal(layer.Layer.MayDepend(output, input), jacobian[(output * size) + input] != 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ZerosOfTheJacobian_AreExactInTheKernels(string name, int size)
    {
        var layer = LayerCases.Create(name, size);
        var run = new LayerRun(layer);
        float[] x = run.Data(1)[0];
        float[] z = run.Run([x]).Values[0];
        for (int input = 0; input < size; input++)
        {
            float[] moved = [.. x];
            moved[input] *= 1.25f;
            float[] result = run.Run([moved]).Values[0];
            for (int output = 0; output < size; output++)
            {
                if (!layer.Layer.MayDepend(output, input))
                {
                    Assert.Equal(BitConverter.SingleToInt32Bits(z[output]), BitConverter.SingleToInt32Bits(result[output]));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Inverse_UndoesForward(string name, int size)
    {
        var run = new LayerRun(LayerCases.Create(name, size));
        double[] x = Array.ConvertAll(run.Data(1)[0], static v => (double)v);
        double[] values = [.. x];
        double logDet = run.Reference(values);
        Assert.Equal(-logDet, run.Reference(values, inverse: true), 1e-10 * Math.Max(1, Math.Abs(logDet)));
        for (int i = 0; i < size; i++)
        {
            Assert.Equal(x[i], values[i], 1e-9 * Math.Max(1, Math.Abs(x[i])));
        }
    }

    // Five-point differences: their error is of fourth order in the step.
    private static double[] Jacobian(LayerRun run, double[] x)
    {
        const double Step = 1e-3;
        int size = x.Length;
        var jacobian = new double[size * size];
        for (int input = 0; input < size; input++)
        {
            double step = Step * Math.Min(1, Math.Min(Math.Abs(x[input]), Math.Abs(1 - x[input])) + 1e-3);
            double[] At(double offset)
            {
                double[] moved = [.. x];
                moved[input] += offset;
                run.Reference(moved);
                return moved;
            }

            double[] far = At(2 * step);
            double[] near = At(step);
            double[] nearBelow = At(-step);
            double[] farBelow = At(-2 * step);
            for (int output = 0; output < size; output++)
            {
                jacobian[(output * size) + input] = ((8 * (near[output] - nearBelow[output])) - (far[output] - farBelow[output])) / (12 * step);
            }
        }

        return jacobian;
    }

    private static double LogAbsDeterminant(double[] matrix, int size)
    {
        double sum = 0;
        for (int k = 0; k < size; k++)
        {
            int pivot = k;
            for (int i = k; i < size; i++)
            {
                pivot = Math.Abs(matrix[(i * size) + k]) > Math.Abs(matrix[(pivot * size) + k]) ? i : pivot;
            }

            for (int j = 0; j < size; j++)
            {
                (matrix[(k * size) + j], matrix[(pivot * size) + j]) = (matrix[(pivot * size) + j], matrix[(k * size) + j]);
            }

            sum += Math.Log(Math.Abs(matrix[(k * size) + k]));
            for (int i = k + 1; i < size; i++)
            {
                double factor = matrix[(i * size) + k] / matrix[(k * size) + k];
                for (int j = k; j < size; j++)
                {
                    matrix[(i * size) + j] -= factor * matrix[(k * size) + j];
                }
            }
        }

        return sum;
    }
}
