using FlowGen.Layers;
using FlowGen.Onnx.Building;
using FlowGen.Verification;

namespace FlowGen.Onnx.Layers;

/// <summary>A triangular map: see <see cref="MaskedConvLayer"/>. Of a vector, the inverse is the inverse of its matrix; of an image, that would be as large as all pixels squared.</summary>
internal sealed class MaskedConvExporter : LayerExporter<MaskedConvLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(MaskedConvLayer layer, LayerScope scope, GraphValue x)
    {
        scope.AddLogDetOfChannels(scope.Weights["log_diagonal"]);
        double[] kernel = TriangularKernel.Expand(layer.Mask, layer.Taps(scope.Weights));
        var bias = scope.Weights["bias"];
        int channels = layer.Mask.Channels;
        return scope.Input.IsImage
            ? x.Convolve(scope.Graph.Tensor("weight", kernel, channels, channels, layer.Kernel, layer.Kernel), scope.Graph.Tensor("bias", bias, channels), layer.Kernel)
            : scope.Linear(x, "weight", kernel, bias);
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(MaskedConvLayer layer, LayerScope scope, GraphValue z)
    {
        if (scope.Input.IsImage)
        {
            throw scope.NoInverse("a masked convolution of an image is inverted pixel after pixel");
        }

        int size = layer.Size;
        double[] kernel = TriangularKernel.Expand(layer.Mask, layer.Taps(scope.Weights));
        double[,] matrix = new double[size, size];
        Buffer.BlockCopy(kernel, 0, matrix, 0, kernel.Length * sizeof(double));
        scope.AddLogDetOfChannels(Array.ConvertAll(scope.Weights["log_diagonal"].ToArray(), static log => -log));
        double[] inverse = [.. new LuDecomposition(matrix).Inverse().Cast<double>()];
        return scope.Linear(z - scope.OfChannels("bias", scope.Weights["bias"]), "inverse", inverse, new double[size]);
    }
}
