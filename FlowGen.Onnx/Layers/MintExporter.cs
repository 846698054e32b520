using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>
/// z = t x + W3 h(W2 h(W1 x + b1) + b2) + b3, and the slopes of its diagonal t + w3 h'(v) w2 h'(u) w1, over the paths of each channel: see
/// <see cref="MintLayer"/>. A vector is an image of one pixel.
/// </summary>
internal sealed class MintExporter : LayerExporter<MintLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(MintLayer layer, LayerScope scope, GraphValue x)
    {
        var (weights, graph) = (scope.Weights, scope.Graph);
        var (channels, paths, shape) = (layer.Channels, layer.Paths, scope.Input);
        var image = shape.IsImage ? x : x.Reshape(channels, 1, 1);
        double[] w1 = weights["weight1"].ToArray();
        double[] w2 = layer.SignedSecond(weights);
        double[] w3 = weights["weight3"].ToArray();
        var u = Convolve(image, scope, "weight1", layer.First, w1, weights["bias1"]);
        var v = Convolve(u.Activate(layer.Activation), scope, "weight2", layer.Second, w2, weights["bias2"]);
        var sum = Convolve(v.Activate(layer.Activation), scope, "weight3", layer.Third, w3, weights["bias3"]);
        double[] slopes = Array.ConvertAll(weights["t"].ToArray(), static value => Math.Max(Math.Abs(value), MintLayer.Floor));
        var t = graph.Tensor("t", slopes, channels, shape.Height, shape.Width);

        double[] inner = new double[channels * paths * paths];
        double[] outer = new double[channels * paths];
        for (int i = 0; i < channels * paths; i++)
        {
            var (channel, path) = (i / paths, i % paths);
            outer[i] = w3[layer.Third.Centre(channel, 0, path)];
            for (int j = 0; j < paths; j++)
            {
                inner[(i * paths) + j] = w2[layer.Second.Centre(channel, path, j)] * w1[layer.First.Centre(channel, j, 0)];
            }
        }

        var through = u.Derivative(layer.Activation).Convolve(graph.Tensor("inner", inner, channels * paths, paths, 1, 1), null, 1, channels);
        var slope = (v.Derivative(layer.Activation) * through).Convolve(graph.Tensor("outer", outer, channels, paths, 1, 1), null, 1, channels) + t;
        var (z, logs) = ((t * image) + sum, slope.Log());
        scope.AddLogDet(shape.IsImage ? logs : logs.Reshape(shape));
        return shape.IsImage ? z : z.Reshape(shape);
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(MintLayer layer, LayerScope scope, GraphValue z) => throw scope.NoInverse("a Mint layer is inverted by iteration");

    private static GraphValue Convolve(GraphValue x, LayerScope scope, string name, TriangularMask mask, double[] taps, ReadOnlySpan<double> bias)
    {
        int kernel = mask.Kernel;
        var weight = scope.Graph.Tensor(name, TriangularKernel.Expand(mask, taps), mask.Channels * mask.Outputs, mask.Channels * mask.Inputs, kernel, kernel);
        return x.Convolve(weight, scope.Graph.Tensor(name + "_bias", bias, bias.Length), kernel);
    }
}
