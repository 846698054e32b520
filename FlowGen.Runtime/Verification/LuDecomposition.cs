namespace FlowGen.Verification;

/// <summary>Gaussian elimination with partial pivoting in double precision.</summary>
internal sealed class LuDecomposition
{
    private readonly double[,] factors;
    private readonly int[] rows;
    private readonly int size;

    /// <summary>Factorises a square matrix, which is not changed.</summary>
    public LuDecomposition(double[,] matrix)
    {
        size = matrix.GetLength(0);
        factors = (double[,])matrix.Clone();
        rows = [.. Enumerable.Range(0, size)];
        for (int column = 0; column < size; column++)
        {
            Pivot(column);
            double pivot = factors[column, column];
            LogAbsDet += Math.Log(Math.Abs(pivot));
            SumOfAbsLogs += Math.Abs(Math.Log(Math.Abs(pivot)));
            for (int row = column + 1; row < size && pivot != 0; row++)
            {
                double multiplier = factors[row, column] / pivot;
                factors[row, column] = multiplier;
                for (int i = column + 1; i < size; i++)
                {
                    factors[row, i] -= multiplier * factors[column, i];
                }
            }
        }
    }

    /// <summary>log|det|; minus infinity for a singular matrix.</summary>
    public double LogAbsDet { get; }

    /// <summary>The sum of the absolute logarithms of the pivots.</summary>
    public double SumOfAbsLogs { get; }

    /// <summary>The inverse.</summary>
    public double[,] Inverse()
    {
        double[,] inverse = new double[size, size];
        double[] column = new double[size];
        for (int unit = 0; unit < size; unit++)
        {
            Solve(unit, column);
            for (int row = 0; row < size; row++)
            {
                inverse[row, unit] = column[row];
            }
        }

        return inverse;
    }

    private void Solve(int unit, double[] x)
    {
        for (int row = 0; row < size; row++)
        {
            double value = rows[row] == unit ? 1 : 0;
            for (int i = 0; i < row; i++)
            {
                value -= factors[row, i] * x[i];
            }

            x[row] = value;
        }

        for (int row = size - 1; row >= 0; row--)
        {
            double value = x[row];
            for (int i = row + 1; i < size; i++)
            {
                value -= factors[row, i] * x[i];
            }

            x[row] = value / factors[row, row];
        }
    }

    private void Pivot(int column)
    {
        int best = column;
        for (int row = column + 1; row < size; row++)
        {
            if (Math.Abs(factors[row, column]) > Math.Abs(factors[best, column]))
            {
                best = row;
            }
        }

        if (best == column)
        {
            return;
        }

        (rows[best], rows[column]) = (rows[column], rows[best]);
        for (int i = 0; i < size; i++)
        {
            (factors[best, i], factors[column, i]) = (factors[column, i], factors[best, i]);
        }
    }
}
