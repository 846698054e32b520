using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>z = log p - log q, p = alpha + (1 - 2 alpha) x, q = 1 - p: see <see cref="LogitLayer"/>.</summary>
internal sealed class LogitExporter : LayerExporter<LogitLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(LogitLayer layer, LayerScope scope, GraphValue x)
    {
        double inner = 1 - (2 * layer.Alpha);
        scope.AddLogDet(scope.Input.Size * Math.Log(inner));

        // From 1 - x, which is exact where it matters: 1 - p has few digits left near x = 1.
        var p = (inner * x) + layer.Alpha;
        var q = (inner * (1 - x)) + layer.Alpha;
        scope.AddLogDet(-(p * q).Log());
        return (p / q).Log();
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(LogitLayer layer, LayerScope scope, GraphValue z)
    {
        double inner = 1 - (2 * layer.Alpha);
        scope.AddLogDet(-scope.Input.Size * Math.Log(inner));
        scope.AddLogDet(z.LogLogisticDensity());
        return (z.Sigmoid() - layer.Alpha) / inner;
    }
}
