using FlowGen.Layers;

namespace FlowGen.Onnx.Layers;

/// <summary>Taps of a masked convolution as a whole kernel, with zeros where there is none.</summary>
internal static class TriangularKernel
{
    /// <summary>The kernel <c>[outputs, inputs, kernel, kernel]</c>.</summary>
    /// <param name="mask">Which taps there are.</param>
    /// <param name="taps">The taps.</param>
    public static double[] Expand(TriangularMask mask, ReadOnlySpan<double> taps)
    {
        int outputs = mask.Channels * mask.Outputs;
        int inputs = mask.Channels * mask.Inputs;
        int reach = mask.Kernel / 2;
        double[] kernel = new double[outputs * inputs * mask.Kernel * mask.Kernel];
        int next = 0;
        for (int output = 0; output < outputs; output++)
        {
            for (int input = 0; input < inputs; input++)
            {
                for (int row = -reach; row <= reach; row++)
                {
                    for (int column = -reach; column <= reach; column++)
                    {
                        int index = mask.Index(output / mask.Outputs, output % mask.Outputs, input / mask.Inputs, input % mask.Inputs, row, column);
                        kernel[next++] = index < 0 ? 0 : taps[index];
                    }
                }
            }
        }

        return kernel;
    }
}
