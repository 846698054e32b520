using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>2 x 2 blocks to channels: see <see cref="SqueezeLayer"/>.</summary>
internal sealed class SqueezeExporter : LayerExporter<SqueezeLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(SqueezeLayer layer, LayerScope scope, GraphValue x) => BlockChannels.Squeeze(x, layer.Input, layer.Order);

    /// <inheritdoc/>
    protected override GraphValue Inverse(SqueezeLayer layer, LayerScope scope, GraphValue z) => BlockChannels.Unsqueeze(z, layer.Input, layer.Order);
}
