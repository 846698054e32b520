using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>Channels to 2 x 2 blocks: see <see cref="UnsqueezeLayer"/>.</summary>
internal sealed class UnsqueezeExporter : LayerExporter<UnsqueezeLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(UnsqueezeLayer layer, LayerScope scope, GraphValue x) => BlockChannels.Unsqueeze(x, layer.Output(layer.Input), layer.Order);

    /// <inheritdoc/>
    protected override GraphValue Inverse(UnsqueezeLayer layer, LayerScope scope, GraphValue z) => BlockChannels.Squeeze(z, layer.Output(layer.Input), layer.Order);
}
