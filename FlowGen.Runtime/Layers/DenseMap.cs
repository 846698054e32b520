using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>W itself (Glow, equation 9).</summary>
/// <param name="size">The number of coordinates.</param>
internal sealed class DenseMap(int size) : LinearMap(size)
{
    /// <inheritdoc/>
    public override void DeclareTensors(TensorList list) => list.Trainable("weight", Size, Size);

    /// <summary>A random rotation.</summary>
    public override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random)
    {
        double[] matrix = RandomRotation.Create(Size, random);
        for (int i = 0; i < matrix.Length; i++)
        {
            trainables[i] = (float)matrix[i];
        }
    }

    /// <inheritdoc/>
    public override double Forward(ReferenceWeights weights, Span<double> x)
    {
        double[,] matrix = Matrix(weights);
        Multiply(matrix, x);
        return new LuDecomposition(matrix).LogAbsDet;
    }

    /// <inheritdoc/>
    public override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        var factors = new LuDecomposition(Matrix(weights));
        Multiply(factors.Inverse(), z);
        return -factors.LogAbsDet;
    }

    /// <inheritdoc/>
    public override double[,] Matrix(ReferenceWeights weights)
    {
        var weight = weights["weight"];
        double[,] matrix = new double[Size, Size];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                matrix[i, j] = weight[(i * Size) + j];
            }
        }

        return matrix;
    }

    private static void Multiply(double[,] matrix, Span<double> x)
    {
        double[] before = x.ToArray();
        for (int i = 0; i < before.Length; i++)
        {
            x[i] = 0;
            for (int j = 0; j < before.Length; j++)
            {
                x[i] += matrix[i, j] * before[j];
            }
        }
    }
}
