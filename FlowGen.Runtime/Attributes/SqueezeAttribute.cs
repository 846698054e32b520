namespace FlowGen;

/// <summary>
/// Trades space for channels: an image <c>[C, H, W]</c> becomes <c>[4 C, H / 2, W / 2]</c>, every 2 x 2 block four channels of one pixel (Real NVP, section 3.6). A permutation;
/// log-det 0. Height and width must be even.
/// </summary>
public sealed class SqueezeAttribute : FlowLayerAttribute
{
    /// <summary>Which pixel of the block becomes which channel.</summary>
    public SqueezeOrder Order { get; set; } = SqueezeOrder.ChannelMajor;
}
