using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>A squeeze alone: ActNorm is the identity at its start.</summary>
[Flow(3, 4, 4)]
[Squeeze, ActNorm]
public sealed partial class ChannelMajorSqueeze;

/// <summary>The same in the order that Real NVP splits in.</summary>
[Flow(3, 4, 4)]
[Squeeze(Order = SqueezeOrder.Checkerboard), ActNorm]
public sealed partial class CheckerboardSqueeze;

/// <summary>The same in MintNet's order.</summary>
[Flow(3, 4, 4)]
[Squeeze(Order = SqueezeOrder.SpaceToDepth), ActNorm]
public sealed partial class SpaceToDepthSqueeze;

/// <summary>A split that keeps the first half, the larger one.</summary>
[Flow(3, 4, 4)]
[ActNorm, Invertible1x1Conv, Split, ActNorm]
public sealed partial class FirstHalfSplit;

/// <summary>Which pixel the peers' squeezes put where, and which channels their splits part. Blocks of 3 x 3 and splits of columns are not expressed.</summary>
public sealed class OrderingTests : IPeerTests
{
    public string CaseName => "squeeze_split_orderings";

    public static TheoryData<string, string> Squeezes => new()
    {
        { nameof(ChannelMajorSqueeze), "nflows_squeeze2" },
        { nameof(ChannelMajorSqueeze), "normflows_squeeze_x_to_z" },
        { nameof(ChannelMajorSqueeze), "realnvp_squeeze_2x2" },
        { nameof(CheckerboardSqueeze), "realnvp_squeeze_2x2_alt_order" },
        { nameof(SpaceToDepthSqueeze), "mintnet_space_to_depth2" },
    };

    [Theory]
    [MemberData(nameof(Squeezes))]
    public void Squeezes_put_every_pixel_where_the_peer_does(string name, string tensor)
    {
        using var peer = PeerCase.Open(CaseName);
        IFlow flow = name switch
        {
            nameof(ChannelMajorSqueeze) => new ChannelMajorSqueeze(),
            nameof(CheckerboardSqueeze) => new CheckerboardSqueeze(),
            _ => new SpaceToDepthSqueeze(),
        };
        flow.Parameters.MarkInitialized();
        float[] x = peer.Singles("x");
        float[] z = flow.Forward(x);
        Assert.Equal(peer.Singles(tensor), z);
        Assert.Equal(x, flow.Inverse(z));
    }

    [Fact]
    public void A_split_of_three_channels_keeps_two_and_sends_off_one()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = new FirstHalfSplit();
        var identity = new float[flow.Parameters.TrainableCount];
        flow.Parameters.Update(trainables => identity.CopyTo(trainables));
        flow.Parameters["layers.1.permutation"].Set([0, 1, 2]);
        flow.Parameters["layers.1.sign"].Set([1, 1, 1]);
        flow.Parameters.MarkInitialized();
        float[] z = flow.Forward(peer.Singles("x"));
        float[] kept = peer.Singles("normflows_split_channel_z1");
        float[] left = peer.Singles("normflows_split_channel_z2");
        for (int sample = 0; sample < 2; sample++)
        {
            // What left comes first in the latent.
            Assert.Equal(left.AsSpan(sample * 16, 16), z.AsSpan(sample * 48, 16));
            Assert.Equal(kept.AsSpan(sample * 32, 32), z.AsSpan((sample * 48) + 16, 32));
        }
    }
}
