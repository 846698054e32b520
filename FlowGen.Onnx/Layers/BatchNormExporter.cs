using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>z = (x - running_mean) / sqrt(running_var + epsilon): see <see cref="BatchNormLayer"/>.</summary>
internal sealed class BatchNormExporter : DiagonalExporter<BatchNormLayer>
{
    /// <inheritdoc/>
    protected override (double[] Shift, double[] LogScale) Read(BatchNormLayer layer, LayerScope scope) => (
        Array.ConvertAll(scope.Weights["running_mean"].ToArray(), static mean => -mean),
        Array.ConvertAll(scope.Weights["running_var"].ToArray(), variance => -0.5 * Math.Log(variance + layer.Epsilon)));
}
