using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>z = sinh(e^log_tail asinh(x) - skewness): see <see cref="SinhArcsinhLayer"/>.</summary>
internal sealed class SinhArcsinhExporter : LayerExporter<SinhArcsinhLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(SinhArcsinhLayer layer, LayerScope scope, GraphValue x)
    {
        double[] logTail = scope.Weights["log_tail"].ToArray();
        var outer = x.Map("Asinh");
        var inner = (outer * scope.OfChannels("tail", Array.ConvertAll(logTail, Math.Exp))) - scope.OfChannels("skewness", scope.Weights["skewness"]);
        scope.AddLogDetOfChannels(logTail);
        scope.AddLogDet(LogCosh(inner) - LogCosh(outer));
        return inner.Map("Sinh");
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(SinhArcsinhLayer layer, LayerScope scope, GraphValue z)
    {
        double[] negative = Array.ConvertAll(scope.Weights["log_tail"].ToArray(), static log => -log);
        var inner = z.Map("Asinh");
        var outer = (inner + scope.OfChannels("skewness", scope.Weights["skewness"])) * scope.OfChannels("tail", Array.ConvertAll(negative, Math.Exp));
        scope.AddLogDetOfChannels(negative);
        scope.AddLogDet(LogCosh(outer) - LogCosh(inner));
        return outer.Map("Sinh");
    }

    private static GraphValue LogCosh(GraphValue x)
    {
        var magnitude = x.Abs();
        return magnitude + ((-2 * magnitude).Softplus() - Math.Log(2));
    }
}
