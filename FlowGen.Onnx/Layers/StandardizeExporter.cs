using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>z = (x - mean) / deviation: see <see cref="StandardizeLayer"/>.</summary>
internal sealed class StandardizeExporter : DiagonalExporter<StandardizeLayer>
{
    /// <inheritdoc/>
    protected override (double[] Shift, double[] LogScale) Read(StandardizeLayer layer, LayerScope scope) => (
        Array.ConvertAll(scope.Weights["mean"].ToArray(), static mean => -mean),
        Array.ConvertAll(scope.Weights["deviation"].ToArray(), static deviation => -Math.Log(deviation)));
}
