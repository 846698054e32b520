namespace FlowGen.Layers;

/// <summary>z[i] = x[order[i]] in double precision.</summary>
internal static class ReferencePermutation
{
    public static void Forward(ReadOnlySpan<double> order, Span<double> x)
    {
        double[] source = x.ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = source[(int)order[i]];
        }
    }

    public static void Inverse(ReadOnlySpan<double> order, Span<double> z)
    {
        double[] source = z.ToArray();
        for (int i = 0; i < z.Length; i++)
        {
            z[(int)order[i]] = source[i];
        }
    }

    public static void Store(ReadOnlySpan<int> order, Span<float> buffer)
    {
        for (int i = 0; i < order.Length; i++)
        {
            buffer[i] = order[i];
        }
    }
}
