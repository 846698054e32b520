using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>A learned square matrix in one of its parameterizations: tensors, starting weights, and the map in double precision.</summary>
/// <param name="size">The number of coordinates.</param>
internal abstract class LinearMap(int size)
{
    /// <summary>The number of coordinates.</summary>
    protected int Size { get; } = size;

    /// <summary>The matrix in a parameterization.</summary>
    public static LinearMap Create(int size, LinearParameterization parameterization) =>
        parameterization == LinearParameterization.Plu ? new PluMap(size) : new DenseMap(size);

    /// <inheritdoc cref="LayerDescription.DeclareTensors"/>
    public abstract void DeclareTensors(TensorList list);

    /// <inheritdoc cref="LayerDescription.Start"/>
    public abstract void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random);

    /// <summary>W itself.</summary>
    public abstract double[,] Matrix(ReferenceWeights weights);

    /// <inheritdoc cref="LayerDescription.Forward(ReferenceWeights, Span{double})"/>
    public abstract double Forward(ReferenceWeights weights, Span<double> x);

    /// <inheritdoc cref="LayerDescription.Inverse"/>
    public abstract double Inverse(ReferenceWeights weights, Span<double> z);
}
