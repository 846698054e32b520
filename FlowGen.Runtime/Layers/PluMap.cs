using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>W = P L U, with a diagonal that cannot vanish (Glow, equation 10).</summary>
/// <param name="size">The number of coordinates.</param>
internal sealed class PluMap(int size) : LinearMap(size)
{
    public override void DeclareTensors(TensorList list)
    {
        int triangle = Size * (Size - 1) / 2;
        if (triangle > 0)
        {
            list.Trainable("lower", triangle);
            list.Trainable("upper", triangle);
        }

        list.Trainable("log_diagonal", Size);
        list.Buffer("permutation", TensorElement.Index, Size);
        list.Buffer("sign", TensorElement.Single, Size);
    }

    public override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random)
    {
        var matrix = RandomRotation.Create(Size, random);
        int[] rows = RandomRotation.Factorize(matrix, Size);
        int triangle = Size * (Size - 1) / 2;
        int lower = 0;
        int upper = triangle;
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                trainables[lower++] = (float)matrix[(i * Size) + j];
            }

            for (int j = i + 1; j < Size; j++)
            {
                trainables[upper++] = (float)matrix[(i * Size) + j];
            }

            double pivot = matrix[(i * Size) + i];
            trainables[(2 * triangle) + i] = (float)Math.Log(Math.Abs(pivot));

            // Row rows[i] of W is row i of L U.
            buffers[rows[i]] = i;
            buffers[Size + i] = Math.Sign(pivot);
        }
    }

    public override double[,] Matrix(ReferenceWeights weights)
    {
        double[,] matrix = new double[Size, Size];
        double[] column = new double[Size];
        for (int j = 0; j < Size; j++)
        {
            Array.Clear(column);
            column[j] = 1;
            _ = Forward(weights, column);
            for (int i = 0; i < Size; i++)
            {
                matrix[i, j] = column[i];
            }
        }

        return matrix;
    }

    public override double Forward(ReferenceWeights weights, Span<double> x)
    {
        var logDiagonal = weights["log_diagonal"];
        var sign = weights["sign"];
        var upper = Size > 1 ? weights["upper"] : default;
        var lower = Size > 1 ? weights["lower"] : default;
        double logDet = 0;

        // U x, whose rows only look ahead; L of it, whose rows only look back; then P.
        int next = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double sum = sign[i] * Math.Exp(logDiagonal[i]) * x[i];
            for (int j = i + 1; j < x.Length; j++)
            {
                sum += upper[next++] * x[j];
            }

            x[i] = sum;
            logDet += logDiagonal[i];
        }

        for (int i = x.Length - 1; i > 0; i--)
        {
            var row = lower.Slice(i * (i - 1) / 2, i);
            for (int j = 0; j < i; j++)
            {
                x[i] += row[j] * x[j];
            }
        }

        ReferencePermutation.Forward(weights["permutation"], x);
        return logDet;
    }

    public override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        var logDiagonal = weights["log_diagonal"];
        var sign = weights["sign"];
        var upper = Size > 1 ? weights["upper"] : default;
        var lower = Size > 1 ? weights["lower"] : default;
        double logDet = 0;
        ReferencePermutation.Inverse(weights["permutation"], z);
        for (int i = 1; i < z.Length; i++)
        {
            var row = lower.Slice(i * (i - 1) / 2, i);
            for (int j = 0; j < i; j++)
            {
                z[i] -= row[j] * z[j];
            }
        }

        int end = z.Length * (z.Length - 1) / 2;
        for (int i = z.Length - 1; i >= 0; i--)
        {
            int count = z.Length - 1 - i;
            end -= count;
            for (int j = 0; j < count; j++)
            {
                z[i] -= upper[end + j] * z[i + 1 + j];
            }

            z[i] *= sign[i] * Math.Exp(-logDiagonal[i]);
            logDet -= logDiagonal[i];
        }

        return logDet;
    }
}
