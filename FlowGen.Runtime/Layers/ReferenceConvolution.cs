namespace FlowGen.Layers;

/// <summary>A convolution in double precision, by definition: cross-correlation with zeros around the image.</summary>
internal static class ReferenceConvolution
{
    /// <summary>y[o, r, c] = b[o] + sum over i, dr, dc of w[o, i, dr, dc] x[i, r + dr - k / 2, c + dc - k / 2].</summary>
    /// <param name="shape">The input: channels and size.</param>
    /// <param name="x">The input, <c>[C, H, W]</c>.</param>
    /// <param name="weight">The weights, <c>[outputs, C, kernel, kernel]</c>.</param>
    /// <param name="bias">The bias, one for each output.</param>
    /// <param name="kernel">The size of the kernel: odd.</param>
    public static double[] Apply(EventShape shape, double[] x, ReadOnlySpan<double> weight, ReadOnlySpan<double> bias, int kernel)
    {
        int reach = kernel / 2;
        double[] y = new double[bias.Length * shape.Pixels];
        for (int i = 0; i < y.Length; i++)
        {
            int output = i / shape.Pixels;
            int row = i % shape.Pixels / shape.Width;
            int column = i % shape.Width;
            double sum = bias[output];
            for (int input = 0; input < shape.Channels; input++)
            {
                for (int dr = Math.Max(-reach, -row); dr <= Math.Min(reach, shape.Height - 1 - row); dr++)
                {
                    for (int dc = Math.Max(-reach, -column); dc <= Math.Min(reach, shape.Width - 1 - column); dc++)
                    {
                        double w = weight[(((((output * shape.Channels) + input) * kernel) + dr + reach) * kernel) + dc + reach];
                        sum += w * x[(((input * shape.Height) + row + dr) * shape.Width) + column + dc];
                    }
                }
            }

            y[i] = sum;
        }

        return y;
    }
}
