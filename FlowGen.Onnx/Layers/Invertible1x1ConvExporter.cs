using FlowGen.Layers;

namespace FlowGen.Onnx.Layers;

/// <summary>z = W x: see <see cref="Invertible1x1ConvLayer"/>.</summary>
internal sealed class Invertible1x1ConvExporter : LinearExporter<Invertible1x1ConvLayer>
{
    /// <inheritdoc/>
    protected override LinearMap MapOf(Invertible1x1ConvLayer layer) => layer.Map;
}
