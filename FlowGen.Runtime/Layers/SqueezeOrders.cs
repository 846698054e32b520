namespace FlowGen.Layers;

/// <summary>The channel that a pixel of a 2 x 2 block goes to.</summary>
internal static class SqueezeOrders
{
    /// <summary>The channel of pixel (<paramref name="dy"/>, <paramref name="dx"/>) of channel <paramref name="c"/> of <paramref name="channels"/>.</summary>
    public static int Channel(SqueezeOrder order, int channels, int c, int dy, int dx) => order switch
    {
        SqueezeOrder.ChannelMajor => (4 * c) + (2 * dy) + dx,
        SqueezeOrder.Checkerboard => ((dy == dx ? dy : 2 + dy) * channels) + c,
        _ => (((2 * dy) + dx) * channels) + c,
    };
}
