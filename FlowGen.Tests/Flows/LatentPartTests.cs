using Xunit;

namespace FlowGen.Tests.Flows;

// Without couplings a flow moves numbers and changes none, so that a part can be held against pixels that were counted by hand.
#pragma warning disable FLOW2020, FLOW2022, FLOW2036
[Flow(1, 4, 4)]
[Squeeze, Split]
[Squeeze]
public sealed partial class MovedPixels;

[Flow(2, 8, 4)]
[Squeeze, ActNorm, Split(Keeps = FlowGen.Half.Second)]
[Invertible1x1Conv, Squeeze(Order = SqueezeOrder.Checkerboard), Split(Prior = SplitPrior.Learned)]
[Reverse, Split, Unsqueeze]
public sealed partial class ThreeSplits;
#pragma warning restore FLOW2020, FLOW2022, FLOW2036

public sealed class LatentPartTests
{
    [Fact]
    public void Parts_NameWhatLeavesWhere()
    {
        Assert.Equal(
            [
                "level 0: (4, 4, 2) at 0..32, from layer 2 (Split)",
                "level 1: (8, 2, 1) at 32..48, from layer 5 (Split)",
                "level 2: (4, 2, 1) at 48..56, from layer 7 (Split)",
                "level 3: (1, 4, 2) at 56..64, from the end of the stack",
            ],
            ThreeSplits.Description.Latents.Select(static part => part.ToString()));
        Assert.Equal([2, 5, 7, null], ThreeSplits.Description.Latents.Select(static part => part.Layer?.Index));
    }

    [Fact]
    public void Parts_FollowOneAnother_AndFillTheLatent()
    {
        foreach (var description in new[] { ThreeSplits.Description, MovedPixels.Description, TwoMoons.Description })
        {
            int end = 0;
            foreach (var part in description.Latents)
            {
                Assert.Equal(end, part.Start);
                Assert.Equal(part.Start..(part.Start + part.Shape.Size), part.Range);
                end += part.Shape.Size;
            }

            Assert.Equal(description.EventShape.Size, end);
            Assert.Equal(description.LatentShape, description.Latents[^1].Shape);
        }
    }

    [Fact]
    public void Vectors_HaveOnePart()
    {
        var part = Assert.Single(TwoMoons.Description.Latents);
        Assert.Null(part.Layer);
        Assert.Equal(EventShape.Vector(2), part.Shape);
    }

    [Fact]
    public void Part_HoldsThePixelsThatLeft()
    {
        // The second of two images; pixels are numbered row by row. The squeeze puts the odd rows into channels 2 and 3, which leave.
        float[] z = new MovedPixels().Forward([.. new float[16], .. Enumerable.Range(0, 16).Select(static i => (float)i)]);
        var parts = MovedPixels.Description.Latents;
        Assert.Equal(2, parts.Count);
        Assert.Equal([4, 6, 12, 14, 5, 7, 13, 15], parts[0].Of((ReadOnlySpan<float>)z, 1).ToArray());
        Assert.Equal([0, 2, 8, 10, 1, 3, 9, 11], parts[1].Of((ReadOnlySpan<float>)z, 1).ToArray());
        Assert.All(parts[0].Of(z, 0).ToArray(), static value => Assert.Equal(0, value));
    }

    [Fact]
    public void WrittenPart_ComesBackAsThosePixels()
    {
        float[] z = new float[32];
        MovedPixels.Description.Latents[0].Of(z, 1).Fill(3);
        float[] x = new MovedPixels().Inverse(z);
        Assert.Equal([.. new float[16], 0, 0, 0, 0, 3, 3, 3, 3, 0, 0, 0, 0, 3, 3, 3, 3], x);
    }

    [Fact]
    public void WrongLengthsAndSamples_AreTold()
    {
        var part = MovedPixels.Description.Latents[1];
        Assert.Contains("16 numbers each; z holds 17", Assert.Throws<ArgumentException>(() => part.Of(new float[17], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("z holds 2 latents", Assert.Throws<ArgumentOutOfRangeException>(() => part.Of(new float[32], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => part.Of(new float[32], -1));
    }
}
