using FlowGen.Layers;
using FlowGen.Onnx.Building;
using FlowGen.Verification;

namespace FlowGen.Onnx.Layers;

/// <summary>A learned matrix, applied to a vector or at every pixel: it, its inverse and its determinant are made in double precision.</summary>
internal abstract class LinearExporter<TLayer> : LayerExporter<TLayer>
    where TLayer : LayerDescription
{
    /// <summary>The matrix of a layer.</summary>
    protected abstract LinearMap MapOf(TLayer layer);

    /// <inheritdoc/>
    protected sealed override GraphValue Forward(TLayer layer, LayerScope scope, GraphValue x)
    {
        double[,] matrix = MapOf(layer).Matrix(scope.Weights);
        scope.AddLogDet(scope.Input.Pixels * new LuDecomposition(matrix).LogAbsDet);
        return Apply(scope, x, matrix);
    }

    /// <inheritdoc/>
    protected sealed override GraphValue Inverse(TLayer layer, LayerScope scope, GraphValue z)
    {
        var factors = new LuDecomposition(MapOf(layer).Matrix(scope.Weights));
        scope.AddLogDet(-scope.Input.Pixels * factors.LogAbsDet);
        return Apply(scope, z, factors.Inverse());
    }

    private static GraphValue Apply(LayerScope scope, GraphValue x, double[,] matrix)
    {
        int size = matrix.GetLength(0);
        return scope.Linear(x, "matrix", [.. matrix.Cast<double>()], new double[size]);
    }
}
