using FlowGen.Layers;
using FlowGen.Onnx.Building;
using FlowGen.Onnx.Conditioners;

namespace FlowGen.Onnx.Layers;

/// <summary>z = x e^s + t or (x + t) e^s in the changed part: see <see cref="AffineCouplingLayer"/>.</summary>
internal sealed class AffineCouplingExporter : LayerExporter<AffineCouplingLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(AffineCouplingLayer layer, LayerScope scope, GraphValue x)
    {
        var parts = new CouplingParts(scope, layer.Split, x);
        var (shift, scale) = Condition(layer, scope, parts);
        scope.AddLogDet(parts.OfChanged(scale.Log));
        return parts.Join(layer.Form == AffineForm.ScaleThenShift ? scale.Multiply(parts.Changed) + shift : scale.Multiply(parts.Changed + shift));
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(AffineCouplingLayer layer, LayerScope scope, GraphValue z)
    {
        var parts = new CouplingParts(scope, layer.Split, z);
        var (shift, scale) = Condition(layer, scope, parts);
        scope.AddLogDet(parts.OfChanged(-scale.Log));
        return parts.Join(layer.Form == AffineForm.ScaleThenShift ? scale.Divide(parts.Changed - shift) : scale.Divide(parts.Changed) - shift);
    }

    private static (GraphValue Shift, CouplingScale Scale) Condition(AffineCouplingLayer layer, LayerScope scope, CouplingParts parts)
    {
        var output = ConditionerExporters.Export(layer.Conditioner, scope, parts.Condition);
        int outputs = layer.Split.Outputs;
        return (output.Between(0, outputs), CouplingScale.Of(layer, scope, output.Between(outputs, 2 * outputs)));
    }
}
