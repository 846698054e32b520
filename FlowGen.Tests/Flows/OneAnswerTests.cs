using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>A sample's result has the same bits alone, in any batch, at any position, in place or not.</summary>
public sealed class OneAnswerTests
{
    public static TheoryData<string> Flows => FlowZoo.All;

    public static TheoryData<string> OfVectors => FlowZoo.OfVectors;

    public static TheoryData<string> Deep => FlowZoo.Deep;

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_result_is_the_same_in_every_batch(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 11);
        int size = FlowZoo.Case(name).Size;
        int most = (2 * TileGeometry.TileLanes) + 1;
        float[] x = FlowZoo.Case(name).Samples(most, seed: 12);
        var alone = FlowResults.OneByOne(flow, x);

        // An image is a tile of its own, whatever stands beside it.
        int[] counts = flow.Engine.Description.EventShape.IsImage ? [.. new[] { 0, 1, 2, 3, 5, 8, 13 }.Where(count => count < most), most] : [.. Enumerable.Range(0, most + 1)];
        foreach (int count in counts)
        {
            var batch = new FlowResults(flow, x[..(count * size)]);
            alone.Rows([.. Enumerable.Range(0, count)]).AssertIdentical(batch, $"batch of {count}");
        }
    }

    /// <summary>In the tiles of flows whose weights are more than caches hold.</summary>
    [Theory]
    [MemberData(nameof(OfVectors))]
    public void A_result_is_the_same_in_wide_tiles(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 11);
        int size = FlowZoo.Case(name).Size;
        int full = TileGeometry.TileLanes;
        float[] x = FlowZoo.Case(name).Samples((5 * full) + 3, seed: 18);
        foreach (int count in (int[])[(3 * full) - 1, (5 * full) + 3])
        {
            flow.Engine.WidestTile = full;
            var expected = new FlowResults(flow, x[..(count * size)]);
            float[] samples = flow.Sample(count, seed: 19);
            flow.Engine.WidestTile = 4 * full;
            expected.AssertIdentical(new FlowResults(flow, x[..(count * size)]), $"batch of {count}");
            FlowFixture.Identical(samples, flow.Sample(count, seed: 19), $"{count} samples");
        }
    }

    [Fact]
    public void Tiles_are_wide_where_weights_are_more_than_caches_hold()
    {
        Assert.Equal(TileGeometry.TileLanes, ((IFlow)new Shared5(1)).Engine.WidestTile);
        Assert.Equal(4 * TileGeometry.TileLanes, ((IFlow)new FarFlow(1)).Engine.WidestTile);
    }

    [Theory]
    [MemberData(nameof(Deep))]
    public void A_result_is_the_same_at_every_position(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 13);
        int size = FlowZoo.Case(name).Size;
        int count = TileGeometry.TileLanes + 7;
        float[] x = FlowZoo.Case(name).Samples(count, seed: 14);
        var results = new FlowResults(flow, x);
        foreach (int shift in (int[])[1, 5, TileGeometry.Width, TileGeometry.TileLanes - 1])
        {
            int[] order = [.. Enumerable.Range(0, count).Select(i => (i + shift) % count)];
            float[] moved = [.. order.SelectMany(row => x[(row * size)..((row + 1) * size)])];
            results.Rows(order).AssertIdentical(new FlowResults(flow, moved), $"moved by {shift}");
        }
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void In_place_is_the_same(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 15);
        int count = TileGeometry.TileLanes + 3;
        float[] x = FlowZoo.Case(name).Samples(count, seed: 16);
        float[] given = (float[])x.Clone();
        var results = new FlowResults(flow, x);
        FlowFixture.Identical(given, x, "the input");
        float[] place = (float[])x.Clone();
        float[] logDet = new float[count];
        flow.Forward(place, place, logDet);
        FlowFixture.Identical(results.Z, place, "z in place");
        FlowFixture.Identical(results.LogDet, logDet, "log-det in place");
        FlowResults.Invert(flow, place, place, logDet);
        FlowFixture.Identical(results.X, place, "x in place");
        FlowFixture.Identical(results.InverseLogDet, logDet, "log-det of the inverse in place");
    }

    [Fact]
    public void Log_dets_may_be_left_out()
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(), seed: 1);
        float[] x = FlowFixture.Normal(3 * 20, seed: 2);
        var results = new FlowResults(flow, x);
        float[] z = new float[x.Length];
        flow.Forward(x, z, []);
        FlowFixture.Identical(results.Z, z, "z");
        flow.Inverse(z, z, []);
        FlowFixture.Identical(results.X, z, "x");
    }
}
