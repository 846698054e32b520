using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>The order that is saved with the weights: see <see cref="PermuteLayer"/>.</summary>
internal sealed class PermuteExporter : PermutationExporter<PermuteLayer>
{
    /// <inheritdoc/>
    protected override int[] OrderOf(PermuteLayer layer, LayerScope scope) => Array.ConvertAll(scope.Weights["order"].ToArray(), static index => (int)index);
}
