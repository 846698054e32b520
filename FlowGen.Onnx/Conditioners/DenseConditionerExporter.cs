using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Conditioners;

/// <summary>Dense layers of a vector, or at every pixel: see <see cref="DenseConditioner"/>.</summary>
internal sealed class DenseConditionerExporter : ConditionerExporter<DenseConditioner>
{
    /// <inheritdoc/>
    protected override GraphValue Export(DenseConditioner conditioner, LayerScope scope, GraphValue x)
    {
        var h = x;
        for (int k = 0; k < conditioner.Hidden.Count; k++)
        {
            var next = Layer(scope, h, k).Activate(conditioner.Activation);
            h = conditioner.IsResidual && k > 0 ? h + next : next;
        }

        return Layer(scope, h, conditioner.Hidden.Count);
    }

    private static GraphValue Layer(LayerScope scope, GraphValue x, int k) =>
        scope.Linear(x, $"net_{k}_weight", scope.Weights[$"net.{k}.weight"].ToArray(), scope.Weights[$"net.{k}.bias"]);
}
