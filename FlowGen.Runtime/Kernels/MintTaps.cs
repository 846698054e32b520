using FlowGen.Layers;

namespace FlowGen.Kernels;

/// <summary>
/// The last convolution of a Mint layer of images, tap by tap. It has one output plane for each channel, which leaves a register block nothing to share; so it is a sum over hidden
/// channels at the same pixel for every tap of every channel, as many outputs that read the same values, and then a sum over the taps of a channel, each where the tap points to.
/// </summary>
internal sealed class MintTaps
{
    private readonly int[][] offsets;

    private MintTaps(TapConvolution convolution, int[][] offsets)
    {
        Convolution = convolution;
        this.offsets = offsets;
    }

    /// <summary>From hidden channels to a plane for each tap of each channel: first the centre taps, whose biases are those of the channels, then the others, which have none.</summary>
    public TapConvolution Convolution { get; }

    /// <summary>The taps of a convolution, or null if those are more planes than it reads, or their weights more than its own.</summary>
    /// <param name="shape">The planes.</param>
    /// <param name="mask">The taps that it keeps.</param>
    /// <param name="whole">The convolution.</param>
    public static MintTaps? Create(PlaneShape shape, TriangularMask mask, TapConvolution whole)
    {
        var lists = new List<IReadOnlyList<Tap>>();
        var offsets = new List<int>[mask.Channels];
        foreach (bool centre in (bool[])[true, false])
        {
            for (int channel = 0; channel < mask.Channels; channel++)
            {
                offsets[channel] ??= [];
                foreach (var taps in MintPlanes.KeptTaps(mask, channel).GroupBy(static tap => (tap.Row, tap.Column)).OrderBy(static taps => taps.Key))
                {
                    if (taps.Key == (0, 0) == centre)
                    {
                        offsets[channel].Add((lists.Count * shape.Size) + (taps.Key.Row * shape.Stride) + taps.Key.Column);
                        lists.Add([.. taps.Select(static tap => tap with { Row = 0, Column = 0 })]);
                    }
                }
            }
        }

        if (lists.Count > mask.Channels * mask.Inputs)
        {
            return null;
        }

        var convolution = new TapConvolution(shape, mask.Channels * mask.Inputs, [.. lists], mask.Count);
        return convolution.PreparedSize > whole.PreparedSize ? null : new MintTaps(convolution, [.. offsets.Select(static list => list.ToArray())]);
    }

    /// <summary>Where the sums that belong to a pixel of <paramref name="channel"/> are, from that pixel in the first plane of sums on.</summary>
    public ReadOnlySpan<int> Offsets(int channel) => offsets[channel];
}
