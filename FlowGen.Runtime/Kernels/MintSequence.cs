using FlowGen.Layers;

namespace FlowGen.Kernels;

/// <summary>What the inverse of a Mint layer of images takes coordinate by coordinate: the taps of each channel but for its own, their weights with paths as lanes.</summary>
/// <remarks>
/// Prepared: for each channel both biases and the centre taps of W1 and W3, a row of paths each, and of W2, a row for each first path; then for each
/// tap a row of W1, a row of W2 for each first path, a row of W3. Rows are padded with zeros to <see cref="Width"/>.
/// </remarks>
internal sealed class MintSequence
{
    public MintSequence(MintPlanes planes)
    {
        int channels = planes.Channels;
        int paths = planes.Paths;
        Width = paths <= 4 ? 4 : paths <= 8 ? 8 : TileGeometry.Pad16(paths);
        ChannelFloats = (4 + paths) * Width;
        TapFloats = (2 + paths) * Width;
        int reach = planes.FirstMask.Kernel / 2;
        var taps = new List<Tap>();
        Starts = new int[channels + 1];
        for (int output = 0; output < channels; output++)
        {
            for (int input = 0; input < channels; input++)
            {
                for (int row = -reach; row <= reach; row++)
                {
                    for (int column = -reach; column <= reach; column++)
                    {
                        bool own = input == output && row == 0 && column == 0;
                        if (!own && planes.FirstMask.Index(output, 0, input, 0, row, column) >= 0)
                        {
                            taps.Add(new Tap(input, row, column, output));
                        }
                    }
                }
            }

            Starts[output + 1] = taps.Count;
        }

        Taps = [.. taps];
        Order = [.. TriangularReference.InOrder(channels, planes.Shape.Height, planes.Shape.Width, planes.Triangle, planes.Order)];
        PreparedSize = (channels * ChannelFloats) + (Taps.Length * TapFloats);
        ScratchFloats = (2 * planes.Shape.Floats(1) * channels * Width) + (6 * Width);
    }

    /// <summary>Paths, padded to whole vectors.</summary>
    public int Width { get; }

    /// <summary>Prepared floats of a channel.</summary>
    public int ChannelFloats { get; }

    /// <summary>Prepared floats of a tap.</summary>
    public int TapFloats { get; }

    /// <summary>The first tap of each channel.</summary>
    public int[] Starts { get; }

    /// <summary>The taps of all channels, each channel's own centre left out.</summary>
    public Tap[] Taps { get; }

    /// <summary>The coordinates, each after those that it depends on.</summary>
    public int[] Order { get; }

    /// <summary>Prepared floats.</summary>
    public int PreparedSize { get; }

    /// <summary>The hidden units with paths as lanes, and a few rows.</summary>
    public int ScratchFloats { get; }

    /// <summary>The multiplications of all coordinates with that many steps in sum, in evaluations of the layer, rounded up.</summary>
    public int Evaluations(long steps)
    {
        // Once over all taps, and in every step over those of the centre: paths + 2 of them against (paths + 2) times the taps that are kept.
        int channels = Starts.Length - 1;
        double share = (double)channels / (Taps.Length + channels);
        return 1 + (int)Math.Ceiling(steps * share / Order.Length);
    }

    /// <summary>Fills the prepared weights.</summary>
    /// <param name="planes">The layer's shape.</param>
    /// <param name="from">The layer's parameters.</param>
    /// <param name="second">W2 with its signs.</param>
    /// <param name="to">Where to.</param>
    public void Prepare(MintPlanes planes, ReadOnlySpan<float> from, ReadOnlySpan<float> second, Span<float> to)
    {
        to[..PreparedSize].Clear();
        int paths = planes.Paths;
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            var rows = to.Slice(channel * ChannelFloats, ChannelFloats);
            for (int i = 0; i < paths; i++)
            {
                rows[i] = from[planes.Bias1 + (channel * paths) + i];
                rows[Width + i] = from[planes.Bias2 + (channel * paths) + i];
                rows[(2 * Width) + i] = from[planes.FirstMask.Centre(channel, i, 0)];
                rows[(3 * Width) + i] = from[planes.Weight3 + planes.ThirdMask.Centre(channel, 0, i)];
                for (int j = 0; j < paths; j++)
                {
                    rows[((4 + j) * Width) + i] = second[planes.SecondMask.Centre(channel, i, j)];
                }
            }

            for (int n = Starts[channel]; n < Starts[channel + 1]; n++)
            {
                Tap tap = Taps[n];
                var part = to.Slice((planes.Channels * ChannelFloats) + (n * TapFloats), TapFloats);
                for (int i = 0; i < paths; i++)
                {
                    part[i] = from[planes.FirstMask.Index(channel, i, tap.Plane, 0, tap.Row, tap.Column)];
                    part[((1 + paths) * Width) + i] = from[planes.Weight3 + planes.ThirdMask.Index(channel, 0, tap.Plane, i, tap.Row, tap.Column)];
                    for (int j = 0; j < paths; j++)
                    {
                        part[((1 + j) * Width) + i] = second[planes.SecondMask.Index(channel, i, tap.Plane, j, tap.Row, tap.Column)];
                    }
                }
            }
        }
    }
}
