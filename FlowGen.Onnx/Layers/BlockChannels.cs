using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>2 x 2 blocks of pixels to channels and back.</summary>
internal static class BlockChannels
{
    /// <summary><c>[C, H, W]</c> to <c>[4 C, H / 2, W / 2]</c>.</summary>
    public static GraphValue Squeeze(GraphValue x, EventShape image, SqueezeOrder order)
    {
        var (channels, height, width) = (image.Channels, image.Height / 2, image.Width / 2);
        return x.Reshape(channels, height, 2, width, 2).Transpose(0, 1, 3, 5, 2, 4).Reshape(4 * channels, height, width).Take(FromChannelMajor(channels, order));
    }

    /// <summary><c>[4 C, H / 2, W / 2]</c> to <c>[C, H, W]</c>.</summary>
    public static GraphValue Unsqueeze(GraphValue z, EventShape image, SqueezeOrder order)
    {
        var (channels, height, width) = (image.Channels, image.Height / 2, image.Width / 2);
        int[] from = FromChannelMajor(channels, order);
        int[] back = new int[from.Length];
        for (int i = 0; i < from.Length; i++)
        {
            back[from[i]] = i;
        }

        return z.Take(back).Reshape(channels, 2, 2, height, width).Transpose(0, 1, 4, 2, 5, 3).Reshape(channels, 2 * height, 2 * width);
    }

    // Which channel of the order ChannelMajor each channel of an order is.
    private static int[] FromChannelMajor(int channels, SqueezeOrder order)
    {
        int[] from = new int[4 * channels];
        for (int i = 0; i < from.Length; i++)
        {
            from[SqueezeOrders.Channel(order, channels, i / 4, i % 4 / 2, i % 2)] = i;
        }

        return from;
    }
}
