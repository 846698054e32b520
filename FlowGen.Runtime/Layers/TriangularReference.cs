namespace FlowGen.Layers;

/// <summary>A masked convolution on one image in double precision, tap by tap: what the reference of triangular layers is written with.</summary>
/// <param name="mask">The taps.</param>
/// <param name="height">Rows of the image.</param>
/// <param name="width">Columns of the image.</param>
internal sealed class TriangularReference(TriangularMask mask, int height, int width)
{
    private readonly int reach = mask.Kernel / 2;
    private readonly KeptTap[][] taps = [.. Enumerable.Range(0, mask.Channels).Select(output => KeptTaps(mask, output).ToArray())];

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
        int pixels = height * width;
        var row = weights.Slice(mask.RowStart(output, member), mask.RowLength(output));
        double sum = 0;
        foreach (var tap in taps[output])
        {
            if ((uint)(y + tap.Row) >= (uint)height || (uint)(x + tap.Column) >= (uint)width || (!withOwn && tap.IsOwn))
            {
                continue;
            }

            int at = (tap.Input * mask.Inputs * pixels) + ((y + tap.Row) * width) + x + tap.Column;
            for (int part = 0; part < mask.Inputs; part++)
            {
                sum += row[tap.First + (part * tap.Step)] * values[at + (part * pixels)];
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

    /// <summary>The taps of a channel's outputs: an input of every part is there, or none is.</summary>
    private static IEnumerable<KeptTap> KeptTaps(TriangularMask mask, int output)
    {
        int reach = mask.Kernel / 2;
        int start = mask.RowStart(output, 0);
        for (int input = 0; input < mask.Channels; input++)
        {
            for (int row = -reach; row <= reach; row++)
            {
                for (int column = -reach; column <= reach; column++)
                {
                    int first = mask.Index(output, 0, input, 0, row, column);
                    if (first >= 0)
                    {
                        int step = mask.Inputs > 1 ? mask.Index(output, 0, input, 1, row, column) - first : 0;
                        yield return new KeptTap(input, row, column, first - start, step, input == output && row == 0 && column == 0);
                    }
                }
            }
        }
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

    /// <summary>A tap: where it reads, and where its weights are in the row of an output, from part to part of the input.</summary>
    private readonly record struct KeptTap(int Input, int Row, int Column, int First, int Step, bool IsOwn);
}
