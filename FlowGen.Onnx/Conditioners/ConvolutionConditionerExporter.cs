using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Conditioners;

/// <summary>Convolutions; learned scales become part of the weights: see <see cref="ConvolutionConditioner"/>.</summary>
internal sealed class ConvolutionConditionerExporter : ConditionerExporter<ConvolutionConditioner>
{
    /// <inheritdoc/>
    protected override GraphValue Export(ConvolutionConditioner conditioner, LayerScope scope, GraphValue x)
    {
        var h = x;
        int last = conditioner.Count - 1;
        for (int k = 0; k < last; k++)
        {
            h = Scaled(conditioner.IsNormalized ? 1 : 0, h, scope, k, kernel: k == 0 ? 3 : 1).Activate(conditioner.Activation);
        }

        return Scaled(3, h, scope, last, kernel: 3);
    }

    // (W * h + b) e^(factor log_scale).
    private static GraphValue Scaled(double factor, GraphValue h, LayerScope scope, int k, int kernel)
    {
        double[] weight = scope.Weights[$"net.{k}.weight"].ToArray();
        double[] bias = scope.Weights[$"net.{k}.bias"].ToArray();
        int fan = weight.Length / bias.Length;
        for (int output = 0; output < bias.Length && factor != 0; output++)
        {
            double scale = Math.Exp(factor * scope.Weights[$"net.{k}.log_scale"][output]);
            bias[output] *= scale;
            foreach (ref double value in weight.AsSpan(output * fan, fan))
            {
                value *= scale;
            }
        }

        return Convolve(h, scope, $"net_{k}", weight, bias, kernel);
    }
}
