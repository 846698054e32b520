using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>z = x / bins, without noise: see <see cref="DequantizeLayer"/>.</summary>
internal sealed class DequantizeExporter : LayerExporter<DequantizeLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(DequantizeLayer layer, LayerScope scope, GraphValue x)
    {
        scope.AddLogDet(-scope.Input.Size * Math.Log(layer.Bins!.Value));
        return x / layer.Bins.Value;
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(DequantizeLayer layer, LayerScope scope, GraphValue z)
    {
        scope.AddLogDet(scope.Input.Size * Math.Log(layer.Bins!.Value));
        return layer.Bins.Value * z;
    }
}
