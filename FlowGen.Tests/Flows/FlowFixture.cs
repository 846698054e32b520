using System.Globalization;
using FlowGen.Random;

namespace FlowGen.Tests.Flows;

/// <summary>Weights and data for flows under test, fixed by seeds.</summary>
internal static class FlowFixture
{
    /// <summary>Gives a flow weights that are far from the identity, and says that they are final.</summary>
    public static T Scramble<T>(T flow, int seed)
        where T : IFlow
    {
        Scramble(flow.Parameters, seed);
        return flow;
    }

    /// <summary>
    /// Gives every tensor values that are far from where it starts: matrices of variance near 1 / inputs, so that activations keep their size,
    /// offsets and log-scales of about a half, scales of either sign, statistics of another distribution. Indices stay as they are.
    /// </summary>
    public static void Scramble(FlowParameters parameters, int seed)
    {
        // What deep stacks do to a sample must stay within single precision.
        double gain = Math.Min(1, 2 / Math.Sqrt(parameters.Select(static tensor => int.Parse(tensor.Name.Split('.')[1], CultureInfo.InvariantCulture)).Append(0).Max() + 1));
        var random = new ParameterRandom((ulong)seed, 77);
        foreach (var tensor in parameters)
        {
            string name = tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..];
            (double center, double spread) = name switch
            {
                // Kept taps of a triangle: what one passes on grows along the whole order of the coordinates.
                "weight" when tensor.Shape.Count == 1 => (0, 0.3 * gain / Math.Sqrt(Math.Sqrt(tensor.Description.Count))),
                "weight1" or "weight2" or "weight3" => (0, 0.6 * gain / Math.Sqrt(Math.Sqrt(tensor.Description.Count))),
                "t" => (1, 0.3),
                "weight" => (0, 2 * gain / Math.Sqrt(tensor.Shape.Skip(1).Aggregate(1, static (product, length) => product * length))),
                "weight_g" => (0.7 * gain, 0.6 * gain),
                "log_scale" when tensor.Name.Contains(".net.", StringComparison.Ordinal) => (0, 0.2),
                "lower" or "upper" => (0, gain / Math.Sqrt(Math.Sqrt(tensor.Description.Count))),
                "scale" => (1, 0.4),
                "running_var" or "deviation" => (1.2, 0.9),
                _ => (0, 0.6 * gain),
            };
            if (tensor.Description.Element != TensorElement.Single || name == "sign")
            {
                continue;
            }

            float[] values = [.. Enumerable.Range(0, tensor.Description.Count).Select(_ => (float)center + random.Uniform(spread))];
            tensor.Set(name == "scale" && random.Uniform(1) < 0 ? [-values[0]] : values);
        }

        parameters.MarkInitialized();
    }

    /// <summary>Normal numbers.</summary>
    public static float[] Normal(int count, int seed, double deviation = 1)
    {
        var random = new ParameterRandom((ulong)seed, 78);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * random.Normal()))];
    }

    /// <summary>Numbers in an interval.</summary>
    public static float[] Uniform(int count, int seed, double from, double to)
    {
        var random = new ParameterRandom((ulong)seed, 79);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(from + ((random.Uniform(0.5) + 0.5) * (to - from))))];
    }

    /// <summary>The same bits, or both not a number.</summary>
    public static void Identical(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Xunit.Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(expected[i]) != BitConverter.SingleToUInt32Bits(actual[i]) && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
            {
                Xunit.Assert.Fail($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}.");
            }
        }
    }
}
