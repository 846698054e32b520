using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Conditioners;

/// <summary>Dense layers at every pixel: see <see cref="PixelConditioner"/>.</summary>
internal sealed class PixelConditionerExporter : ConditionerExporter<PixelConditioner>
{
    /// <inheritdoc/>
    protected override GraphValue Export(PixelConditioner conditioner, LayerScope scope, GraphValue x) => ConditionerExporters.Export(conditioner.Dense, scope, x);
}
