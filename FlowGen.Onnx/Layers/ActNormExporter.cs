using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>z = (x + bias) e^log_scale: see <see cref="ActNormLayer"/>.</summary>
internal sealed class ActNormExporter : DiagonalExporter<ActNormLayer>
{
    /// <inheritdoc/>
    protected override (double[] Shift, double[] LogScale) Read(ActNormLayer layer, LayerScope scope) =>
        (scope.Weights["bias"].ToArray(), scope.Weights["log_scale"].ToArray());
}
