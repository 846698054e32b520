using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>Which coordinates a masked convolution reads (MintNet, section 4): those before its own, within the kernel.</summary>
/// <param name="Shape">The shape of its input.</param>
/// <param name="Triangle">Which side is before.</param>
/// <param name="Kernel">Height and width of the kernel on an image.</param>
/// <param name="Order">The order of an image's coordinates.</param>
internal sealed record TriangularReads(EventShape Shape, Triangle Triangle, int Kernel, TriangularOrder Order)
{
    /// <summary>The most that one coordinate reads, times the coordinates.</summary>
    public long Cost => (long)Shape.Size * Shape.Channels * Math.Min(Side(Shape.Height), Shape.Height) * Math.Min(Side(Shape.Width), Shape.Width);

    /// <summary>The other coordinates that one reads.</summary>
    public IEnumerable<int> Of(int coordinate)
    {
        int pixels = Shape.Pixels;
        int channel = coordinate / pixels;
        int row = coordinate % pixels / Shape.Width;
        int column = coordinate % Shape.Width;
        int reach = Side(Shape.Height) / 2;
        for (int y = Math.Max(0, row - reach); y <= Math.Min(Shape.Height - 1, row + reach); y++)
        {
            for (int x = Math.Max(0, column - reach); x <= Math.Min(Shape.Width - 1, column + reach); x++)
            {
                int pixel = Math.Sign(((y - row) * Shape.Width) + (x - column));
                for (int other = 0; other < Shape.Channels; other++)
                {
                    int before = Order == TriangularOrder.ChannelMajor ? Sign(other - channel, pixel) : Sign(pixel, other - channel);
                    if (before == (Triangle == Triangle.Lower ? -1 : 1))
                    {
                        yield return (other * pixels) + (y * Shape.Width) + x;
                    }
                }
            }
        }
    }

    private static int Sign(int first, int second) => Math.Sign(first != 0 ? first : second);

    // A vector has one pixel.
    private int Side(int length) => Shape.IsImage ? Kernel : length;
}
