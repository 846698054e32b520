using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>Writes layers of one kind as nodes.</summary>
/// <typeparam name="TLayer">The description of the layers.</typeparam>
internal abstract class LayerExporter<TLayer> : LayerExporter
    where TLayer : LayerDescription
{
    /// <inheritdoc/>
    public sealed override Type Kind => typeof(TLayer);

    /// <inheritdoc/>
    public sealed override GraphValue Forward(LayerDescription layer, LayerScope scope, GraphValue x) => Forward((TLayer)layer, scope, x);

    /// <inheritdoc/>
    public sealed override GraphValue Inverse(LayerDescription layer, LayerScope scope, GraphValue z) => Inverse((TLayer)layer, scope, z);

    /// <inheritdoc cref="LayerExporter.Forward"/>
    protected abstract GraphValue Forward(TLayer layer, LayerScope scope, GraphValue x);

    /// <inheritdoc cref="LayerExporter.Inverse"/>
    protected abstract GraphValue Inverse(TLayer layer, LayerScope scope, GraphValue z);
}
