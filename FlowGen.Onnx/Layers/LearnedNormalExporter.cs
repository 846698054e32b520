using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>z = (x + bias) e^log_scale: see <see cref="LearnedNormalLayer"/>.</summary>
internal sealed class LearnedNormalExporter : DiagonalExporter<LearnedNormalLayer>
{
    /// <inheritdoc/>
    protected override (double[] Shift, double[] LogScale) Read(LearnedNormalLayer layer, LayerScope scope) =>
        (scope.Weights["bias"].ToArray(), scope.Weights["log_scale"].ToArray());
}
