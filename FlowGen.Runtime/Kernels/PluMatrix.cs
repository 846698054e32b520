using System.Buffers;
using System.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// W = P L U in double precision, from its factors: L unit lower triangular, U upper triangular with the diagonal
/// sign e^logDiagonal, (P v)[i] = v[permutation[i]].
/// </summary>
/// <remarks>Its arrays are rented: weights are prepared after every step of a training, which allocates nothing.</remarks>
internal readonly ref struct PluMatrix : IDisposable
{
    private readonly int size;
    private readonly double[] lower;
    private readonly double[] upper;
    private readonly double[] scratch;
    private readonly int[] permutation;

    /// <param name="size">D.</param>
    /// <param name="parameters">The strictly lower triangle row by row, the strictly upper one, the logarithms of the diagonal.</param>
    /// <param name="buffers">The permutation, then the signs of the diagonal.</param>
    public PluMatrix(int size, ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers)
    {
        this.size = size;
        lower = ArrayPool<double>.Shared.Rent(size * size);
        upper = ArrayPool<double>.Shared.Rent(size * size);
        scratch = ArrayPool<double>.Shared.Rent(size * (size + 1));
        permutation = ArrayPool<int>.Shared.Rent(size);
        lower.AsSpan(0, size * size).Clear();
        upper.AsSpan(0, size * size).Clear();
        int triangle = size * (size - 1) / 2;
        var below = parameters[..triangle];
        var above = parameters[triangle..(2 * triangle)];
        var logDiagonal = parameters.Slice(2 * triangle, size);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                lower[(i * size) + j] = below[j];
            }

            below = below[i..];
            lower[(i * size) + i] = 1;
            upper[(i * size) + i] = buffers[size + i] * Math.Exp(logDiagonal[i]);
            LogDet += logDiagonal[i];
            for (int j = i + 1; j < size; j++)
            {
                upper[(i * size) + j] = above[j - i - 1];
            }

            above = above[(size - i - 1)..];
            permutation[i] = (int)buffers[i];
        }
    }

    /// <summary>log|det W|: the sum of the logarithms of the diagonal.</summary>
    public double LogDet { get; }

    /// <summary>Gives the arrays back.</summary>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(lower);
        ArrayPool<double>.Shared.Return(upper);
        ArrayPool<double>.Shared.Return(scratch);
        ArrayPool<int>.Shared.Return(permutation);
    }

    /// <summary>W <c>[D, D]</c>, row-major.</summary>
    public void Multiply(Span<double> product)
    {
        product[..(size * size)].Clear();
        for (int i = 0; i < size; i++)
        {
            int source = permutation[i];
            var row = product.Slice(i * size, size);
            for (int k = 0; k <= source; k++)
            {
                AddScaled(lower[(source * size) + k], Row(upper, k)[k..], row[k..]);
            }
        }
    }

    /// <summary>The inverse of W <c>[D, D]</c>, row-major: U^-1 L^-1 P^T.</summary>
    public void Invert(Span<double> inverse)
    {
        // L X = I, then U Y = X in place, row after row; then the columns go to where P takes them.
        double[] solution = scratch;
        solution.AsSpan(0, size * size).Clear();
        for (int i = 0; i < size; i++)
        {
            var row = Row(solution, i);
            row[i] = 1;
            for (int k = 0; k < i; k++)
            {
                AddScaled(-lower[(i * size) + k], Row(solution, k)[..(k + 1)], row);
            }
        }

        for (int i = size - 1; i >= 0; i--)
        {
            var row = Row(solution, i);
            for (int k = i + 1; k < size; k++)
            {
                AddScaled(-upper[(i * size) + k], Row(solution, k), row);
            }

            double pivot = upper[(i * size) + i];
            for (int j = 0; j < size; j++)
            {
                row[j] /= pivot;
            }
        }

        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                inverse[(i * size) + j] = solution[(i * size) + permutation[j]];
            }
        }
    }

    /// <summary>Adds the gradients of the factors, laid out like the parameters, given that of W by the data and of the log-det.</summary>
    /// <param name="matrix">Sum of dL/dz x^T <c>[D, D]</c>.</param>
    /// <param name="logDet">Sum of dL/dlog-det.</param>
    /// <param name="gradient">Receives the gradients.</param>
    public void AddGradients(ReadOnlySpan<float> matrix, double logDet, Span<float> gradient)
    {
        // A = P^T G; dL/dL = A U^T below the diagonal; dL/dU = L^T A on it and above.
        double[] permuted = scratch;
        for (int i = 0; i < size; i++)
        {
            var row = Row(permuted, permutation[i]);
            for (int j = 0; j < size; j++)
            {
                row[j] = matrix[(i * size) + j];
            }
        }

        int triangle = size * (size - 1) / 2;
        int next = 0;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                gradient[next++] += (float)Dot(Row(permuted, i)[j..], Row(upper, j)[j..]);
            }
        }

        var upperRow = scratch.AsSpan(size * size, size);
        for (int i = 0; i < size; i++)
        {
            upperRow.Clear();
            for (int k = i; k < size; k++)
            {
                AddScaled(lower[(k * size) + i], Row(permuted, k)[i..], upperRow[i..]);
            }

            for (int j = i + 1; j < size; j++)
            {
                gradient[next++] += (float)upperRow[j];
            }

            gradient[(2 * triangle) + i] += (float)((upperRow[i] * upper[(i * size) + i]) + logDet);
        }
    }

    private static void AddScaled(double factor, ReadOnlySpan<double> source, Span<double> destination)
    {
        int i = 0;
        var factors = new Vector<double>(factor);
        for (; i <= source.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            ((factors * new Vector<double>(source[i..])) + new Vector<double>(destination[i..])).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] += factor * source[i];
        }
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        int i = 0;
        var sums = Vector<double>.Zero;
        for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sums += new Vector<double>(left[i..]) * new Vector<double>(right[i..]);
        }

        double sum = Vector.Sum(sums);
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private Span<double> Row(double[] matrix, int row) => matrix.AsSpan(row * size, size);
}
