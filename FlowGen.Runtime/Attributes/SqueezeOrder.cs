namespace FlowGen;

/// <summary>
/// Where the four pixels of a 2 x 2 block go when an image <c>[C, H, W]</c> becomes <c>[4 C, H / 2, W / 2]</c>: pixel (dy, dx) of channel c. The three
/// orders of the published codes are different permutations, and decide what a partition by channels means afterwards.
/// </summary>
public enum SqueezeOrder
{
    /// <summary>To channel 4 c + 2 dy + dx (Real NVP's <c>squeeze_2x2</c>, Glow).</summary>
    ChannelMajor,

    /// <summary>To channel k C + c with k = 0, 1, 2, 3 for (0, 0), (1, 1), (0, 1), (1, 0): the first half of the channels are the pixels of even parity (Real NVP before it splits).</summary>
    Checkerboard,

    /// <summary>To channel (2 dy + dx) C + c (MintNet, <c>space_to_depth</c>).</summary>
    SpaceToDepth,
}
