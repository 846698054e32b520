using FlowGen.Layers;

namespace FlowGen.Onnx.Layers;

/// <summary>z = W x: see <see cref="InvertibleLinearLayer"/>.</summary>
internal sealed class InvertibleLinearExporter : LinearExporter<InvertibleLinearLayer>
{
    /// <inheritdoc/>
    protected override LinearMap MapOf(InvertibleLinearLayer layer) => layer.Map;
}
