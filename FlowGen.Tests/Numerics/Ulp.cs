namespace FlowGen.Tests.Numerics;

/// <summary>Distances between floats and exact numbers.</summary>
internal static class Ulp
{
    private const double SmallestNormal = 1.1754943508222875e-38;

    private const double SmallestDenormal = 1.401298464324817e-45;

    private const double LargestExponent = 127;

    /// <summary>
    /// How far <paramref name="actual"/> is from <paramref name="exact"/> in units in the last place of the exact number, with
    /// infinity taken for 2^128; infinite where only one is not a number.
    /// </summary>
    public static double Distance(float actual, double exact)
    {
        if (double.IsNaN(exact) || float.IsNaN(actual))
        {
            return double.IsNaN(exact) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        }

        double magnitude = Math.Abs(exact);
        double unit = magnitude < SmallestNormal ? SmallestDenormal : Math.ScaleB(1, (int)Math.Min(Math.ILogB(magnitude), LargestExponent) - 23);
        return actual == (float)exact ? 0 : Math.Abs(Finite(actual) - Finite(exact)) / unit;
    }

    /// <summary>Floats over the whole range, infinities and NaNs among them: every <paramref name="stride"/>-th bit pattern.</summary>
    public static float[] Sweep(int stride)
    {
        var values = new float[(int)((1L << 32) / stride / 16 * 16)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle((uint)((long)i * stride));
        }

        return values;
    }

    /// <summary>Whether the bits are the same, or both are not a number.</summary>
    public static bool Same(float left, float right) =>
        BitConverter.SingleToInt32Bits(left) == BitConverter.SingleToInt32Bits(right) || (float.IsNaN(left) && float.IsNaN(right));

    private static double Finite(double value) => double.IsInfinity(value) ? Math.CopySign(Math.ScaleB(1, 128), value) : value;
}
