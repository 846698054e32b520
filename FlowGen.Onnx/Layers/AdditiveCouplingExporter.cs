using FlowGen.Layers;
using FlowGen.Onnx.Building;
using FlowGen.Onnx.Conditioners;

namespace FlowGen.Onnx.Layers;

/// <summary>z = x + t in the changed part: see <see cref="AdditiveCouplingLayer"/>.</summary>
internal sealed class AdditiveCouplingExporter : LayerExporter<AdditiveCouplingLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(AdditiveCouplingLayer layer, LayerScope scope, GraphValue x)
    {
        var parts = new CouplingParts(scope, layer.Split, x);
        return parts.Join(parts.Changed + ConditionerExporters.Export(layer.Conditioner, scope, parts.Condition));
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(AdditiveCouplingLayer layer, LayerScope scope, GraphValue z)
    {
        var parts = new CouplingParts(scope, layer.Split, z);
        return parts.Join(parts.Changed - ConditionerExporters.Export(layer.Conditioner, scope, parts.Condition));
    }
}
