using System.Buffers;

namespace FlowGen.Kernels;

/// <summary>A square matrix with its inverse and determinant in double precision (Gauss' elimination with the largest pivot of each column).</summary>
/// <remarks>Its arrays are rented: weights are prepared after every step of a training, which allocates nothing.</remarks>
internal ref struct DenseMatrix : IDisposable
{
    // Where the condition is the reciprocal of half a unit in the last place, rounding the input alone may change every digit of the result.
    private const double WorstCondition = 1 << 24;

    private readonly int size;
    private readonly double[] values;
    private readonly double[] inverse;

    /// <summary>Inverts a matrix.</summary>
    /// <param name="size">D.</param>
    /// <param name="weight">W <c>[D, D]</c>, row-major.</param>
    /// <exception cref="SingularMatrixException">It has no inverse, or one that leaves no digit in single precision.</exception>
    public DenseMatrix(int size, ReadOnlySpan<float> weight)
    {
        this.size = size;
        values = ArrayPool<double>.Shared.Rent(size * size);
        inverse = ArrayPool<double>.Shared.Rent(size * size);
        for (int i = 0; i < size * size; i++)
        {
            values[i] = weight[i];
        }

        inverse.AsSpan(0, size * size).Clear();
        for (int i = 0; i < size; i++)
        {
            inverse[(i * size) + i] = 1;
        }

        double[] left = ArrayPool<double>.Shared.Rent(size * size);
        Values.CopyTo(left);
        for (int column = 0; column < size; column++)
        {
            Eliminate(left, column);
        }

        double condition = Condition(left);
        ArrayPool<double>.Shared.Return(left);
        if (!(condition <= WorstCondition))
        {
            throw new SingularMatrixException(
                $"A learned matrix of {size} x {size} has become all but singular: its condition is {condition:G3}, and above {WorstCondition:G3} single precision keeps no digit of its inverse. A smaller learning rate, or LinearParameterization.Plu, keeps it invertible.");
        }
    }

    /// <summary>W.</summary>
    public readonly ReadOnlySpan<double> Values => values.AsSpan(0, size * size);

    /// <summary>The inverse of W.</summary>
    public readonly ReadOnlySpan<double> Inverse => inverse.AsSpan(0, size * size);

    /// <summary>log|det W|.</summary>
    public double LogDet { get; private set; }

    /// <summary>Gives the arrays back.</summary>
    public readonly void Dispose()
    {
        ArrayPool<double>.Shared.Return(values);
        ArrayPool<double>.Shared.Return(inverse);
    }

    /// <summary>Adds dL/dW = sum of dL/dz x^T + (sum of dL/dlog-det) W^-T.</summary>
    public readonly void AddGradient(ReadOnlySpan<float> matrix, double logDet, Span<float> gradient)
    {
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                gradient[(i * size) + j] += (float)(matrix[(i * size) + j] + (logDet * inverse[(j * size) + i]));
            }
        }
    }

    private void Eliminate(double[] left, int column)
    {
        int largest = column;
        for (int row = column + 1; row < size; row++)
        {
            if (Math.Abs(left[(row * size) + column]) > Math.Abs(left[(largest * size) + column]))
            {
                largest = row;
            }
        }

        double pivot = left[(largest * size) + column];
        if (!(Math.Abs(pivot) > 0) || !double.IsFinite(pivot))
        {
            throw new SingularMatrixException(
                $"A learned matrix of {size} x {size} has become singular: its pivot {column} is {pivot}. A smaller learning rate, or LinearParameterization.Plu, keeps it invertible.");
        }

        SwapRows(left, column, largest);
        SwapRows(inverse, column, largest);
        LogDet += Math.Log(Math.Abs(pivot));
        ScaleRow(left, column, 1 / pivot);
        ScaleRow(inverse, column, 1 / pivot);
        for (int row = 0; row < size; row++)
        {
            double factor = left[(row * size) + column];
            if (row != column && factor != 0)
            {
                AddRow(left, row, column, -factor);
                AddRow(inverse, row, column, -factor);
            }
        }
    }

    // The largest row sum of |W^-1| |W| (Skeel): how much relative errors grow, whatever the units of the coordinates.
    private readonly double Condition(double[] sums)
    {
        Array.Clear(sums, 0, size);
        for (int i = 0; i < size * size; i++)
        {
            sums[i / size] += Math.Abs(values[i]);
        }

        double worst = 0;
        for (int row = 0; row < size; row++)
        {
            double sum = 0;
            for (int j = 0; j < size; j++)
            {
                sum += Math.Abs(inverse[(row * size) + j]) * sums[j];
            }

            worst = Math.Max(worst, sum);
        }

        return worst;
    }

    private readonly void SwapRows(double[] matrix, int first, int second)
    {
        for (int j = 0; j < size && first != second; j++)
        {
            (matrix[(first * size) + j], matrix[(second * size) + j]) = (matrix[(second * size) + j], matrix[(first * size) + j]);
        }
    }

    private readonly void ScaleRow(double[] matrix, int row, double factor)
    {
        foreach (ref double value in matrix.AsSpan(row * size, size))
        {
            value *= factor;
        }
    }

    private readonly void AddRow(double[] matrix, int to, int from, double factor)
    {
        for (int j = 0; j < size; j++)
        {
            matrix[(to * size) + j] += factor * matrix[(from * size) + j];
        }
    }
}
