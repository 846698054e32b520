using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Layers;

namespace FlowGen.Kernels;

/// <summary>
/// An image <c>[C, H, W]</c> to <c>[4 C, H / 2, W / 2]</c>, every 2 x 2 block to four channels of one pixel (Real NVP, section 3.6); log-det 0. The sizes are those
/// of the image before.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Squeeze
{
    /// <summary>x to z, by way of the work area, which takes C H W floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int channels, int height, int width, SqueezeOrder order)
    {
        Pack(ref t.State, ref t.Work, t.Lanes, channels, height, width);
        ImageTile.Reshape(ref t, height * width / 4);
        Divide(ref t.Work, ref t.State, t.Lanes, channels, height, width, order, fill: true);
    }

    /// <summary>z to x, by way of the work area, which takes C H W floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int channels, int height, int width, SqueezeOrder order)
    {
        Gather(ref t.State, ref t.Work, t.Lanes, channels, height, width, order);
        ImageTile.Reshape(ref t, height * width);
        ImageTile.LoadRows(ref t.Work, ref t.State, channels, height * width, t.Lanes, fill: true);
    }

    /// <summary>dL/dz to dL/dx, by way of the gradient of the work area.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int channels, int height, int width, SqueezeOrder order)
    {
        Gather(ref t.GradState, ref t.GradWork, TileGeometry.PadTile(height * width / 4), channels, height, width, order);
        ImageTile.LoadRows(ref t.GradWork, ref t.GradState, channels, height * width, t.Lanes, fill: false);
    }

    /// <summary>The gradient of <see cref="Inverse"/>: that of a layer that puts blocks back together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void InverseBackward(ref Tile t, int channels, int height, int width, SqueezeOrder order)
    {
        Pack(ref t.GradState, ref t.GradWork, TileGeometry.PadTile(height * width), channels, height, width);
        Divide(ref t.GradWork, ref t.GradState, t.Lanes, channels, height, width, order, fill: false);
    }

    private static void Pack(ref float rows, ref float flat, int lanes, int channels, int height, int width) =>
        ImageTile.StoreRows(ref rows, ref flat, channels, height * width, lanes);

    /// <summary>A flat image to the rows of the squeezed one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(ref float flat, ref float rows, int lanes, int channels, int height, int width, SqueezeOrder order, bool fill)
    {
        int pixels = height * width / 4;
        for (int c = 0; c < channels; c++)
        {
            for (int k = 0; k < 4; k++)
            {
                int dy = k / 2;
                int dx = k % 2;
                ref float to = ref Unsafe.Add(ref rows, SqueezeOrders.Channel(order, channels, c, dy, dx) * (nint)lanes);
                ref float from = ref Unsafe.Add(ref flat, (((nint)c * height) + dy) * width + dx);
                nint pixel = 0;
                for (int y = 0; y < height / 2; y++)
                {
                    for (nint x = 0; x < width; x += 2)
                    {
                        Unsafe.Add(ref to, pixel++) = Unsafe.Add(ref from, x);
                    }

                    from = ref Unsafe.Add(ref from, 2 * width);
                }

                ImageTile.Fill(ref to, pixels, lanes, fill ? Unsafe.Add(ref to, pixels - 1) : 0);
            }
        }
    }

    /// <summary>The rows of a squeezed image to the flat one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ref float rows, ref float flat, int lanes, int channels, int height, int width, SqueezeOrder order)
    {
        for (int c = 0; c < channels; c++)
        {
            for (int k = 0; k < 4; k++)
            {
                int dy = k / 2;
                int dx = k % 2;
                ref float from = ref Unsafe.Add(ref rows, SqueezeOrders.Channel(order, channels, c, dy, dx) * (nint)lanes);
                ref float to = ref Unsafe.Add(ref flat, (((nint)c * height) + dy) * width + dx);
                nint pixel = 0;
                for (int y = 0; y < height / 2; y++)
                {
                    for (nint x = 0; x < width; x += 2)
                    {
                        Unsafe.Add(ref to, x) = Unsafe.Add(ref from, pixel++);
                    }

                    to = ref Unsafe.Add(ref to, 2 * width);
                }
            }
        }
    }
}
