using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>The pixels that a coupling of a checkerboard changes, as a mask over the lanes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PixelMask
{
    /// <summary>The floats that a mask takes in the prepared weights.</summary>
    /// <param name="pixels">H W.</param>
    public static int PreparedSize(int pixels) => (pixels + 15) & ~15;

    /// <summary>All bits set in the lanes of the pixels whose row and column add up to an even number, or to an odd one.</summary>
    public static void Prepare(ref Preparation p, int height, int width, Partition changes, int weights)
    {
        var mask = p.Prepared.Slice(weights, PreparedSize(height * width));
        mask.Clear();
        int parity = changes == Partition.EvenPixels ? 0 : 1;
        for (int pixel = 0; pixel < height * width; pixel++)
        {
            if (((pixel / width) + (pixel % width)) % 2 == parity)
            {
                mask[pixel] = BitConverter.Int32BitsToSingle(-1);
            }
        }
    }
}
