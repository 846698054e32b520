namespace FlowGen;

/// <summary>Trades channels for space, the inverse of <see cref="SqueezeAttribute"/>: an image <c>[C, H, W]</c> becomes <c>[C / 4, 2 H, 2 W]</c>. C must be a multiple of 4.</summary>
public sealed class UnsqueezeAttribute : FlowLayerAttribute
{
    /// <summary>Which channel becomes which pixel of the block.</summary>
    public SqueezeOrder Order { get; set; } = SqueezeOrder.ChannelMajor;
}
