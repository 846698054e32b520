namespace FlowGen.Layers;

/// <summary>
/// Which taps of a masked convolution are kept, so that its matrix is triangular in an order of the coordinates, and where each is stored: only
/// kept ones are, row-major over <c>[output, input, kernel row, kernel column]</c>.
/// </summary>
/// <remarks>
/// Outputs and inputs come in groups, one group of equal size for each channel: hidden channel <c>channel * paths + path</c>. All members of two
/// groups share the mask of their channels. A vector is an image of one pixel, whose channels are its coordinates.
/// </remarks>
internal sealed class TriangularMask
{
    private readonly int[] kept;
    private readonly int[] rank;
    private readonly int[] rowStart;
    private readonly int[] rowLength;
    private readonly int[] groupStart;
    private readonly int area;

    /// <param name="channels">The channels.</param>
    /// <param name="kernel">The height and width of the kernel, odd.</param>
    /// <param name="triangle">Which triangle is kept.</param>
    /// <param name="order">The order of the coordinates.</param>
    /// <param name="inputs">Inputs for each channel.</param>
    /// <param name="outputs">Outputs for each channel.</param>
    public TriangularMask(int channels, int kernel, Triangle triangle, TriangularOrder order, int inputs, int outputs)
    {
        Channels = channels;
        Kernel = kernel;
        Inputs = inputs;
        Outputs = outputs;
        area = kernel * kernel;
        kept = new int[channels * channels];
        rank = new int[channels * channels * area];
        groupStart = new int[channels * channels];
        rowStart = new int[channels];
        rowLength = new int[channels];
        int next = 0;
        for (int output = 0; output < channels; output++)
        {
            rowStart[output] = next;
            int length = 0;
            for (int input = 0; input < channels; input++)
            {
                int pair = (output * channels) + input;
                groupStart[pair] = length;
                for (int tap = 0; tap < area; tap++)
                {
                    bool keep = Keeps(output, input, (tap / kernel) - (kernel / 2), (tap % kernel) - (kernel / 2), triangle, order);
                    rank[(pair * area) + tap] = keep ? kept[pair]++ : -1;
                }

                length += kept[pair] * inputs;
            }

            rowLength[output] = length;
            next += outputs * length;
        }

        Count = next;
    }

    /// <summary>The channels.</summary>
    public int Channels { get; }

    /// <summary>The height and width of the kernel.</summary>
    public int Kernel { get; }

    /// <summary>Inputs for each channel.</summary>
    public int Inputs { get; }

    /// <summary>Outputs for each channel.</summary>
    public int Outputs { get; }

    /// <summary>The taps that are stored.</summary>
    public int Count { get; }

    /// <summary>The taps that one output of a channel has: they are stored side by side.</summary>
    public int RowLength(int output) => rowLength[output];

    /// <summary>Where the first tap of an output is.</summary>
    public int RowStart(int output, int member) => rowStart[output] + (member * rowLength[output]);

    /// <summary>Where a tap is, or -1 if it is not kept; rows and columns are counted from the centre.</summary>
    public int Index(int output, int outputMember, int input, int inputMember, int row, int column)
    {
        int pair = (output * Channels) + input;
        int within = rank[(pair * area) + ((row + (Kernel / 2)) * Kernel) + column + (Kernel / 2)];
        return within < 0 ? -1 : RowStart(output, outputMember) + groupStart[pair] + (inputMember * kept[pair]) + within;
    }

    /// <summary>Where the centre tap of a channel's own input is.</summary>
    public int Centre(int channel, int outputMember, int inputMember) => Index(channel, outputMember, channel, inputMember, 0, 0);

    /// <summary>Whether an output sees an input so many rows below and columns to the right of it.</summary>
    private static bool Keeps(int output, int input, int row, int column, Triangle triangle, TriangularOrder order)
    {
        // The upper triangle is the lower one seen from the other end.
        if (triangle == Triangle.Upper)
        {
            (output, input, row, column) = (-output, -input, -row, -column);
        }

        return order == TriangularOrder.ChannelMajor
            ? input < output || (input == output && (row < 0 || (row == 0 && column <= 0)))
            : row < 0 || (row == 0 && (column < 0 || (column == 0 && input <= output)));
    }
}
