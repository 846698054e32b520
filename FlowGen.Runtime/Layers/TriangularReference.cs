namespace FlowGen.Layers;

/// <summary>A masked convolution on one image in double precision, tap by tap: what the reference of triangular layers is written with.</summary>
/// <param name="mask">The taps.</param>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
internal sealed class TriangularReference(TriangularMask mask, int height, int width)
{
    private readonly int reach = mask.Kernel / 2;

    /// <summary>The sum of one output at one pixel, without bias and, if asked for, without the centre taps of its own channel.</summary>
    /// <param name="weights">The kept taps.</param>
    /// <param name="values">The inputs, <c>[channels * inputs, height * width]</c>.</param>
    /// <param name="output">The output's channel.</param>
    /// <param name="member">The output among those of its channel.</param>
    /// <param name="pixel">The pixel.</param>
    /// <param name="withOwn">Whether the output's own coordinate counts.</param>
    public double Sum(ReadOnlySpan<double> weights, ReadOnlySpan<double> values, int output, int member, int pixel, bool withOwn)
    {
        int y = pixel / width;
        int x = pixel % width;
        double sum = 0;
        for (int input = 0; input < mask.Channels; input++)
        {
            for (int part = 0; part < mask.Inputs; part++)
            {
                var plane = values.Slice(((input * mask.Inputs) + part) * height * width, height * width);
                for (int row = Math.Max(-reach, -y); row <= Math.Min(reach, height - 1 - y); row++)
                {
                    for (int column = Math.Max(-reach, -x); column <= Math.Min(reach, width - 1 - x); column++)
                    {
                        int index = mask.Index(output, member, input, part, row, column);
                        if (index >= 0 && (withOwn || input != output || row != 0 || column != 0))
                        {
                            sum += weights[index] * plane[((y + row) * width) + x + column];
                        }
                    }
                }
            }
        }

        return sum;
    }

    /// <summary>Adds to a set of coordinates, as bits, those that they read.</summary>
    public bool[] Read(bool[] coordinates)
    {
        bool[] result = (bool[])coordinates.Clone();
        for (int coordinate = 0; coordinate < coordinates.Length; coordinate++)
        {
            if (!coordinates[coordinate])
            {
                continue;
            }

            int output = coordinate / (height * width);
            int y = coordinate % (height * width) / width;
            int x = coordinate % width;
            for (int input = 0; input < mask.Channels; input++)
            {
                for (int row = Math.Max(-reach, -y); row <= Math.Min(reach, height - 1 - y); row++)
                {
                    for (int column = Math.Max(-reach, -x); column <= Math.Min(reach, width - 1 - x); column++)
                    {
                        result[(((input * height) + y + row) * width) + x + column] |= mask.Index(output, 0, input, 0, row, column) >= 0;
                    }
                }
            }
        }

        return result;
    }

    /// <summary>The coordinates in the order in which the matrix is triangular: an output comes after every other that it reads.</summary>
    public static IEnumerable<int> InOrder(int channels, int height, int width, Triangle triangle, TriangularOrder order)
    {
        int pixels = height * width;
        int size = channels * pixels;
        for (int n = 0; n < size; n++)
        {
            int position = triangle == Triangle.Lower ? n : size - 1 - n;
            yield return order == TriangularOrder.ChannelMajor ? position : ((position % channels) * pixels) + (position / channels);
        }
    }
}
