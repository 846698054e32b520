using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>z = x e^log_scale: see <see cref="RescaleLayer"/>.</summary>
internal sealed class RescaleExporter : DiagonalExporter<RescaleLayer>
{
    /// <inheritdoc/>
    protected override (double[] Shift, double[] LogScale) Read(RescaleLayer layer, LayerScope scope) => ([], scope.Weights["log_scale"].ToArray());
}
