using FlowGen.Kernels;
using FlowGen.Layers;

namespace FlowGen.Tests.Layers;

/// <summary>The triangular layers of vectors.</summary>
internal static class TriangularCase
{
    private const int W = LayerCase.Weights;

    public static LayerCase MaskedConv(int size, Triangle triangle)
    {
        var layer = new MaskedConvLayer(size, 1, 1, triangle, 1, TriangularOrder.ChannelMajor, LayerCase.Certificate);
        int sums = (2 * size) + (size * (size + 1) / 2) + size;
        return new LayerCase(layer, FlowGen.Kernels.MaskedConv.PreparedSize(size), LayerCases.Pad(size), (size * (size + 1) / 2) + 1)
        {
            Disturbance = 0.5f / MathF.Sqrt(size),
            Prepare = (ref Preparation p) => FlowGen.Kernels.MaskedConv.Prepare(ref p, 2 * size, 1, size, triangle, W),
            Forward = (ref Tile t) => FlowGen.Kernels.MaskedConv.Forward(ref t, size, triangle, W),
            Inverse = (ref Tile t) => FlowGen.Kernels.MaskedConv.Inverse(ref t, size, triangle, W),
            Backward = (ref Tile t) => FlowGen.Kernels.MaskedConv.Backward(ref t, size, triangle, W, 2 * size, sums),
            Finish = (ref GradientSums s) => FlowGen.Kernels.MaskedConv.Finish(ref s, 2 * size, 1, size, triangle, sums),
            Disturb = (buffers, random) =>
            {
                for (int i = 0; i < size; i++)
                {
                    buffers[1 + i] = random.Next(2) == 0 ? -1 : 1;
                }
            },
        };
    }

    public static LayerCase Mint(int size, Triangle triangle, int paths, Activation activation)
    {
        var layer = new MintLayer(size, 1, 1, triangle, paths, 1, activation, TriangularOrder.ChannelMajor, LayerCase.Certificate);
        int sums = (2 * size) + FlowGen.Kernels.Mint.ParameterCount(size, paths);
        return new LayerCase(layer, FlowGen.Kernels.Mint.PreparedSize(size, paths), FlowGen.Kernels.Mint.WorkRows(size, paths), size * paths * paths)
        {
            Disturbance = 0.7f / MathF.Sqrt(size * paths),
            Prepare = (ref Preparation p) => FlowGen.Kernels.Mint.Prepare(ref p, 2 * size, size, paths, triangle, W),
            Forward = (ref Tile t) => FlowGen.Kernels.Mint.Forward(ref t, size, paths, triangle, activation, W),
            Inverse = (ref Tile t) => FlowGen.Kernels.Mint.Inverse(ref t, size, paths, triangle, activation, W),
            Backward = (ref Tile t) => FlowGen.Kernels.Mint.Backward(ref t, size, paths, triangle, activation, W, 2 * size, sums),
            Finish = (ref GradientSums s) => FlowGen.Kernels.Mint.Finish(ref s, 2 * size, size, paths, triangle, sums),
        };
    }
}
