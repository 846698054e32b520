using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>A strictly monotone function of each coordinate: see <see cref="ElementwiseLayer"/>. A user's function is run on lanes that write down what is done to them.</summary>
internal sealed class ElementwiseExporter : LayerExporter<ElementwiseLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(ElementwiseLayer layer, LayerScope scope, GraphValue x)
    {
        scope.AddLogDet(LogDerivative(layer, x));
        return layer.Function is { } function
            ? function.Apply<TracedLanes, TracedMath>(new TracedLanes(x)).In(x)
            : x.Apply(layer.Activation!.Value);
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(ElementwiseLayer layer, LayerScope scope, GraphValue z)
    {
        var x = layer.Function is { } function
            ? function.Inverse<TracedLanes, TracedMath>(new TracedLanes(z)).In(z)
            : z.Invert(layer.Activation!.Value);
        scope.AddLogDet(-LogDerivative(layer, x));
        return x;
    }

    private static GraphValue LogDerivative(ElementwiseLayer layer, GraphValue x) => layer.Function is { } function
        ? function.LogDerivative<TracedLanes, TracedMath>(new TracedLanes(x)).In(x)
        : x.LogDerivative(layer.Activation!.Value);
}
