namespace FlowGen.Verification;

/// <summary>What the bounds on rounding need of square matrices.</summary>
internal static class Matrices
{
    /// <summary>The identity.</summary>
    public static double[,] Identity(int size)
    {
        double[,] identity = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            identity[i, i] = 1;
        }

        return identity;
    }

    /// <summary>The product of two matrices.</summary>
    public static double[,] Multiply(double[,] left, double[,] right)
    {
        int size = left.GetLength(0);
        double[,] product = new double[size, size];
        for (int row = 0; row < size; row++)
        {
            for (int inner = 0; inner < size; inner++)
            {
                double factor = left[row, inner];
                for (int column = 0; column < size && factor != 0; column++)
                {
                    product[row, column] += factor * right[inner, column];
                }
            }
        }

        return product;
    }

    /// <summary>The largest row sum of absolute values: the norm that belongs to the largest coordinate.</summary>
    public static double Norm(double[,] matrix)
    {
        double largest = 0;
        for (int row = 0; row < matrix.GetLength(0); row++)
        {
            double sum = 0;
            for (int column = 0; column < matrix.GetLength(1); column++)
            {
                sum += Math.Abs(matrix[row, column]);
            }

            // Not Math.Max of a number that is none: it must show.
            largest = sum <= largest ? largest : sum;
        }

        return largest;
    }
}
