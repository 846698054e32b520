using System.Runtime.CompilerServices;
using FlowGen.Layers;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// A convolution to few planes of a Mint layer of images, tap by tap: the last one, and the transposed first one. It has one output plane for each channel, which leaves a register
/// block nothing to share; so it is a sum over hidden channels at the same pixel for every tap of every channel, as many outputs that read the same values, and then a sum over the
/// taps of a channel, each where the tap points to.
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
    /// <param name="units">The hidden channels.</param>
    /// <param name="taps">For each channel its taps.</param>
    /// <param name="whole">The convolution, of whose prepared weights these take the place.</param>
    public static MintTaps? Create(PlaneShape shape, int units, IReadOnlyList<Tap>[] taps, TapConvolution whole)
    {
        var lists = new List<IReadOnlyList<Tap>>();
        var offsets = new List<int>[taps.Length];
        foreach (bool centre in (bool[])[true, false])
        {
            for (int channel = 0; channel < taps.Length; channel++)
            {
                offsets[channel] ??= [];
                foreach (var place in taps[channel].GroupBy(static tap => (tap.Row, tap.Column)).OrderBy(static place => place.Key))
                {
                    if (place.Key == (0, 0) == centre)
                    {
                        offsets[channel].Add((lists.Count * shape.Size) + (place.Key.Row * shape.Stride) + place.Key.Column);
                        lists.Add([.. place.Select(static tap => tap with { Row = 0, Column = 0 })]);
                    }
                }
            }
        }

        if (lists.Count > units)
        {
            return null;
        }

        var convolution = new TapConvolution(shape, units, [.. lists], whole.TensorSize);
        return convolution.PreparedSize > whole.PreparedSize ? null : new MintTaps(convolution, [.. offsets.Select(static list => list.ToArray())]);
    }

    /// <summary>to = scale * x + the sums that belong to each pixel of <paramref name="channel"/>.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="scale">The factors of x.</param>
    /// <param name="x">The channel's plane.</param>
    /// <param name="sums">The first pixel of the first plane of sums.</param>
    /// <param name="to">The plane of the result.</param>
    /// <param name="lanes">The positions, whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Add<V>(int channel, ref float scale, ref float x, ref float sums, ref float to, nint lanes)
        where V : struct, IVec<V>
    {
        ReadOnlySpan<int> places = offsets[channel];
        for (nint lane = 0; lane < lanes; lane += V.Count)
        {
            V sum = V.Load(ref scale, lane) * V.Load(ref x, lane);
            foreach (int place in places)
            {
                sum += V.Load(ref sums, place + lane);
            }

            V.Store(sum, ref to, lane);
        }
    }
}
