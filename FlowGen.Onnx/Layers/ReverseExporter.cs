using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>The last first: see <see cref="ReverseLayer"/>.</summary>
internal sealed class ReverseExporter : PermutationExporter<ReverseLayer>
{
    /// <inheritdoc/>
    protected override int[] OrderOf(ReverseLayer layer, LayerScope scope) => [.. Enumerable.Range(0, scope.Input.Channels).Reverse()];
}
