using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Conditioners;

/// <summary>Convolutions; the learned scale of the last becomes part of its weights: see <see cref="ConvolutionConditioner"/>.</summary>
internal sealed class ConvolutionConditionerExporter : ConditionerExporter<ConvolutionConditioner>
{
    /// <inheritdoc/>
    protected override GraphValue Export(ConvolutionConditioner conditioner, LayerScope scope, GraphValue x)
    {
        var h = x;
        int last = conditioner.Count - 1;
        for (int k = 0; k < last; k++)
        {
            h = Convolve(h, scope, $"net_{k}", scope.Weights[$"net.{k}.weight"].ToArray(), scope.Weights[$"net.{k}.bias"], k == 0 ? 3 : 1).Activate(conditioner.Activation);
        }

        double[] weight = scope.Weights[$"net.{last}.weight"].ToArray();
        double[] bias = scope.Weights[$"net.{last}.bias"].ToArray();
        var logScale = scope.Weights[$"net.{last}.log_scale"];
        int fan = weight.Length / bias.Length;
        for (int output = 0; output < bias.Length; output++)
        {
            double scale = Math.Exp(3 * logScale[output]);
            bias[output] *= scale;
            foreach (ref double value in weight.AsSpan(output * fan, fan))
            {
                value *= scale;
            }
        }

        return Convolve(h, scope, $"net_{last}", weight, bias, 3);
    }
}
