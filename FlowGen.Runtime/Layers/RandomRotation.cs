using FlowGen.Random;

namespace FlowGen.Layers;

/// <summary>Random orthogonal matrices, and their factors P L U.</summary>
internal static class RandomRotation
{
    /// <summary>
    /// An orthogonal matrix <c>[size, size]</c>, uniformly distributed: independent normal numbers, made orthonormal row by row
    /// (Gram and Schmidt's process, each row twice: Giraud, Langou and Rozloznik, 2005).
    /// </summary>
    public static double[] Create(int size, ParameterRandom random)
    {
        var matrix = new double[size * size];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = random.Normal();
        }

        for (int i = 0; i < size; i++)
        {
            var row = matrix.AsSpan(i * size, size);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < i; k++)
                {
                    var earlier = matrix.AsSpan(k * size, size);
                    AddScaled(-Dot(earlier, row), earlier, row);
                }

                double length = Math.Sqrt(Dot(row, row));
                for (int j = 0; j < size; j++)
                {
                    row[j] /= length;
                }
            }
        }

        return matrix;
    }

    /// <summary>
    /// Replaces a matrix by its factors, unit lower triangular and upper triangular (Gauss' elimination with the largest pivot of
    /// each column), and returns which row of the matrix each row of the product is.
    /// </summary>
    public static int[] Factorize(double[] matrix, int size)
    {
        int[] rows = [.. Enumerable.Range(0, size)];
        for (int k = 0; k < size; k++)
        {
            int largest = k;
            for (int i = k + 1; i < size; i++)
            {
                if (Math.Abs(matrix[(i * size) + k]) > Math.Abs(matrix[(largest * size) + k]))
                {
                    largest = i;
                }
            }

            if (largest != k)
            {
                (rows[k], rows[largest]) = (rows[largest], rows[k]);
                for (int j = 0; j < size; j++)
                {
                    (matrix[(k * size) + j], matrix[(largest * size) + j]) = (matrix[(largest * size) + j], matrix[(k * size) + j]);
                }
            }

            var pivotRow = matrix.AsSpan(k * size, size);
            for (int i = k + 1; i < size; i++)
            {
                var row = matrix.AsSpan(i * size, size);
                double factor = row[k] / pivotRow[k];
                row[k] = factor;
                AddScaled(-factor, pivotRow[(k + 1)..], row[(k + 1)..]);
            }
        }

        return rows;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        // Four chains, in an order that is the same on every processor: so are the starting weights.
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i <= left.Length - 4; i += 4)
        {
            s0 += left[i] * right[i];
            s1 += left[i + 1] * right[i + 1];
            s2 += left[i + 2] * right[i + 2];
            s3 += left[i + 3] * right[i + 3];
        }

        for (; i < left.Length; i++)
        {
            s0 += left[i] * right[i];
        }

        return (s0 + s1) + (s2 + s3);
    }

    private static void AddScaled(double factor, ReadOnlySpan<double> source, Span<double> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] += factor * source[i];
        }
    }
}
