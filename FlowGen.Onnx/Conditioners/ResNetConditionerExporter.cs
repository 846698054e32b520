using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Conditioners;

/// <summary>A residual network of convolutions, with its normalised weights: see <see cref="ResNetConditioner"/>.</summary>
internal sealed class ResNetConditionerExporter : ConditionerExporter<ResNetConditioner>
{
    /// <inheritdoc/>
    protected override GraphValue Export(ResNetConditioner conditioner, LayerScope scope, GraphValue x)
    {
        var h = Apply(scope, "net.input", x, 3);
        var s = Apply(scope, "net.skips.0", h, 1);
        for (int block = 0; block < conditioner.Blocks; block++)
        {
            var inner = Apply(scope, $"net.blocks.{block}.0", h.Activate(conditioner.Activation), 3);
            h += Apply(scope, $"net.blocks.{block}.1", inner.Activate(conditioner.Activation), 3);
            s += Apply(scope, $"net.skips.{block + 1}", h, 1);
        }

        return Apply(scope, "net.output", s.Activate(conditioner.Activation), 1);
    }

    private static GraphValue Apply(LayerScope scope, string name, GraphValue x, int kernel) =>
        Convolve(x, scope, name, ResNetConditioner.Kernel(scope.Weights, name), scope.Weights[$"{name}.bias"], kernel);
}
