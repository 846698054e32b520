using FlowGen.Random;

namespace FlowGen.Verification;

/// <summary>A direction in the space of the parameters: one of them, or signs over a whole tensor, of length one.</summary>
internal sealed class ParameterDirection
{
    private readonly int offset;
    private readonly double[] weights;

    private ParameterDirection(int offset, double[] weights)
    {
        this.offset = offset;
        this.weights = weights;
    }

    /// <summary>One parameter.</summary>
    public static ParameterDirection Single(int parameter) => new(parameter, [1]);

    /// <summary>Random signs over a run of parameters, divided by the root of their number.</summary>
    public static ParameterDirection All(int offset, int count, ParameterRandom random) =>
        new(offset, [.. Enumerable.Range(0, count).Select(_ => (random.Uniform(1) < 0 ? -1 : 1) / Math.Sqrt(count))]);

    /// <summary>The gradient along this direction.</summary>
    public float Along(ReadOnlySpan<float> gradient)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * gradient[offset + i];
        }

        return (float)sum;
    }

    /// <summary>Moves the parameters along this direction from where they were.</summary>
    public void Move(double[] parameters, double[] from, double distance)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            parameters[offset + i] = from[offset + i] + (weights[i] * distance);
        }
    }
}
