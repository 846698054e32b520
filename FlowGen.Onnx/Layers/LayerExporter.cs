using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>Writes layers of one kind as nodes.</summary>
internal abstract class LayerExporter
{
    /// <summary>The description of the layers.</summary>
    public abstract Type Kind { get; }

    /// <summary>Data to latent; the log-determinant goes to the scope.</summary>
    public abstract GraphValue Forward(LayerDescription layer, LayerScope scope, GraphValue x);

    /// <summary>Latent to data; the log-determinant of the inverse goes to the scope.</summary>
    /// <exception cref="NotSupportedException">The inverse is no formula.</exception>
    public abstract GraphValue Inverse(LayerDescription layer, LayerScope scope, GraphValue z);
}
