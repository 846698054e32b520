using FlowGen.Layers;
using FlowGen.Onnx.Building;
using FlowGen.Onnx.Conditioners;

namespace FlowGen.Onnx.Layers;

/// <summary>Half of the channels to the latent, with the learned prior as (x + t) e^s: see <see cref="SplitLayer"/>.</summary>
internal sealed class SplitExporter : LayerExporter<SplitLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(SplitLayer layer, LayerScope scope, GraphValue x)
    {
        var parts = new CouplingParts(scope, layer.Division, x);
        var leaving = parts.Changed;
        if (layer.Conditioner is { } conditioner)
        {
            var (shift, scale) = Condition(layer, conditioner, scope, parts.Condition);
            scope.AddLogDet(scale.Log);
            leaving = scale.Multiply(leaving + shift);
        }

        scope.Emit(leaving);
        return parts.Condition;
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(SplitLayer layer, LayerScope scope, GraphValue z)
    {
        var coming = scope.Absorb();
        if (layer.Conditioner is { } conditioner)
        {
            var (shift, scale) = Condition(layer, conditioner, scope, z);
            scope.AddLogDet(-scale.Log);
            coming = scale.Divide(coming) - shift;
        }

        return layer.Keeps == Half.First ? Shaping.Join(z, coming) : Shaping.Join(coming, z);
    }

    private static (GraphValue Shift, CouplingScale Scale) Condition(SplitLayer layer, ConditionerDescription conditioner, LayerScope scope, GraphValue x)
    {
        var output = ConditionerExporters.Export(conditioner, scope, x);
        int outputs = layer.Division.Outputs;
        return (output.Between(0, outputs), CouplingScale.Exponential(output.Between(outputs, 2 * outputs)));
    }
}
