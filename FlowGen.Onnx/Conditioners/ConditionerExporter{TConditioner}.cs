using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Conditioners;

/// <summary>Writes conditioners of one kind as nodes.</summary>
/// <typeparam name="TConditioner">The description of the conditioners.</typeparam>
internal abstract class ConditionerExporter<TConditioner> : ConditionerExporter
    where TConditioner : ConditionerDescription
{
    /// <inheritdoc/>
    public sealed override Type Kind => typeof(TConditioner);

    /// <inheritdoc/>
    public sealed override GraphValue Export(ConditionerDescription conditioner, LayerScope scope, GraphValue x) => Export((TConditioner)conditioner, scope, x);

    /// <inheritdoc cref="ConditionerExporter.Export"/>
    protected abstract GraphValue Export(TConditioner conditioner, LayerScope scope, GraphValue x);

    /// <summary>A convolution with weights <c>[outputs, inputs, kernel, kernel]</c>.</summary>
    protected static GraphValue Convolve(GraphValue x, LayerScope scope, string name, double[] weight, ReadOnlySpan<double> bias, int kernel)
    {
        int outputs = bias.Length;
        int inputs = weight.Length / (outputs * kernel * kernel);
        return x.Convolve(scope.Graph.Tensor($"{name}_weight", weight, outputs, inputs, kernel, kernel), scope.Graph.Tensor($"{name}_bias", bias, outputs), kernel);
    }
}
