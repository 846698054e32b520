using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>Comparison with a reference: |a - b| at most the tolerance times max(1, largest |reference| of the tensor).</summary>
internal static class Close
{
    public static void Assert(string what, ForeignTensor expected, ReadOnlySpan<float> actual, double tolerance)
    {
        double[] values = new double[actual.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = actual[i];
        }

        Assert(what, expected, values, tolerance);
    }

    public static void Assert(string what, ForeignTensor expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Xunit.Assert.Equal(expected.Count, actual.Length);
        double scale = 1;
        foreach (double value in expected.Values)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        int worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            // Not-a-number is never close.
            double error = Math.Abs(actual[i] - expected.Values[i]);
            if (!(error <= Math.Abs(actual[worst] - expected.Values[worst])))
            {
                worst = i;
            }
        }

        Xunit.Assert.True(
            actual.Length == 0 || Math.Abs(actual[worst] - expected.Values[worst]) <= tolerance * scale,
            actual.Length == 0 ? what : $"{what}: at {worst} expected {expected.Values[worst]}, found {actual[worst]}; {Math.Abs(actual[worst] - expected.Values[worst]):g3} apart, {tolerance * scale:g3} allowed.");
    }
}
