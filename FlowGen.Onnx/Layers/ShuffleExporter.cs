using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>The order that is saved with the weights: see <see cref="ShuffleLayer"/>.</summary>
internal sealed class ShuffleExporter : PermutationExporter<ShuffleLayer>
{
    /// <inheritdoc/>
    protected override int[] OrderOf(ShuffleLayer layer, LayerScope scope) => Array.ConvertAll(scope.Weights["order"].ToArray(), static index => (int)index);
}
