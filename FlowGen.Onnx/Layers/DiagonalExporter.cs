using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>Layers that shift and scale each coordinate, or each channel: z = (x + shift) e^logScale.</summary>
internal abstract class DiagonalExporter<TLayer> : LayerExporter<TLayer>
    where TLayer : LayerDescription
{
    /// <summary>The shift, none if empty, and the logarithm of the scale.</summary>
    protected abstract (double[] Shift, double[] LogScale) Read(TLayer layer, LayerScope scope);

    /// <inheritdoc/>
    protected sealed override GraphValue Forward(TLayer layer, LayerScope scope, GraphValue x)
    {
        var (shift, logScale) = Read(layer, scope);
        scope.AddLogDetOfChannels(logScale);
        var shifted = shift.Length == 0 ? x : x + scope.OfChannels("shift", shift);
        return shifted * scope.OfChannels("scale", Array.ConvertAll(logScale, Math.Exp));
    }

    /// <inheritdoc/>
    protected sealed override GraphValue Inverse(TLayer layer, LayerScope scope, GraphValue z)
    {
        var (shift, logScale) = Read(layer, scope);
        double[] negative = Array.ConvertAll(logScale, static log => -log);
        scope.AddLogDetOfChannels(negative);
        var scaled = z * scope.OfChannels("scale", Array.ConvertAll(negative, Math.Exp));
        return shift.Length == 0 ? scaled : scaled - scope.OfChannels("shift", shift);
    }
}
