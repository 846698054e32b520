namespace FlowGen.Tests.ReferenceVectors;

/// <summary>What the maps of image peers have in common: triangles, permutations, channels in another order.</summary>
internal static class GlowTensors
{
    /// <summary>The entries below the diagonal of a matrix, or above it, row by row.</summary>
    public static ForeignTensor Pack(ForeignTensor matrix, bool lower)
    {
        int size = matrix.Shape[0];
        double[] values = [.. Triangle(size, lower).Select(place => matrix.Values[(place.Row * size) + place.Column])];
        return ForeignTensor.Of(values, values.Length);
    }

    /// <summary>The matrix of such entries, zero elsewhere.</summary>
    public static ForeignTensor Unpack(ForeignTensor packed, int size, bool lower)
    {
        double[] values = new double[size * size];
        int next = 0;
        foreach (var (row, column) in Triangle(size, lower))
        {
            values[(row * size) + column] = packed.Values[next++];
        }

        return ForeignTensor.Of(values, size, size);
    }

    /// <summary>For each row of a permutation matrix the column of its one.</summary>
    public static ForeignTensor Order(ForeignTensor permutation)
    {
        int size = permutation.Shape[0];
        double[] order = [.. Enumerable.Range(0, size).Select(row => (double)permutation.Values.Slice(row * size, size).IndexOf(1))];
        return ForeignTensor.Of(order, size);
    }

    /// <summary>The columns of a matrix times numbers.</summary>
    public static ForeignTensor ScaleColumns(ForeignTensor matrix, ForeignTensor factors)
    {
        int size = matrix.Shape[1];
        double[] values = matrix.Values.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= factors.Values[i % size];
        }

        return ForeignTensor.Of(values, [.. matrix.Shape]);
    }

    /// <summary>Any shape as a vector.</summary>
    public static ForeignTensor Flat(ForeignTensor tensor) => tensor.Reshape(tensor.Count);

    /// <summary>Parts of a latent <c>[N, ...]</c> side by side, in the order in which they leave the flow.</summary>
    public static ForeignTensor Latent(params ReadOnlySpan<ForeignTensor> parts)
    {
        var flat = new ForeignTensor[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            flat[i] = parts[i].Reshape(parts[i].Shape[0], parts[i].Count / parts[i].Shape[0]);
        }

        return ForeignTensor.Concat(1, flat);
    }

    /// <summary>Data to latent, with the log-dets.</summary>
    public static (float[] Z, float[] LogDet) Forward(IFlow flow, float[] x)
    {
        float[] z = new float[x.Length];
        float[] logDet = new float[x.Length / flow.Engine.Description.EventShape.Size];
        flow.Forward(x, z, logDet);
        return (z, logDet);
    }

    /// <summary>Latent to data, with the log-dets of the inverse.</summary>
    public static (float[] X, float[] LogDet) Inverse(IFlow flow, float[] z)
    {
        float[] x = new float[z.Length];
        float[] logDet = new float[z.Length / flow.Engine.Description.EventShape.Size];
        flow.Inverse(z, x, logDet);
        return (x, logDet);
    }

    private static IEnumerable<(int Row, int Column)> Triangle(int size, bool lower) =>
        from row in Enumerable.Range(0, size)
        from column in Enumerable.Range(0, size)
        where lower ? column < row : column > row
        select (row, column);
}
