using FlowGen.Generator.Layers;
using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class AlternationTests
{
    [Theory]
    [InlineData("AffineCoupling(Times = 4)", "Odd Even Odd Even")]
    [InlineData("AffineCoupling, ActNorm, AdditiveCoupling, InvertibleLinear, AffineCoupling", "Odd Even Odd")]
    [InlineData("AffineCoupling, Reverse, AffineCoupling, Shuffle(1), AffineCoupling", "Odd Even Odd")]
    [InlineData("AffineCoupling(Transforms = Partition.EvenIndices), AffineCoupling(Times = 2)", "Even Odd Even")]
    [InlineData("AffineCoupling(Transforms = Partition.OddIndices), AffineCoupling(Times = 2)", "Odd Even Odd")]
    [InlineData("AffineCoupling, AffineCoupling(Transforms = Partition.FirstHalf), AffineCoupling(Times = 3)", "Odd First Second First Second")]
    [InlineData("AffineCoupling(Transforms = Partition.SecondHalf), AffineCoupling, AffineCoupling(Transforms = Partition.EvenIndices), AffineCoupling", "Second First Even Odd")]
    [InlineData("AffineCoupling(Transforms = Partition.EvenIndices, Times = 2), AffineCoupling", "Even Even Odd")]
    [InlineData("Repeat<Step>(2), AffineCoupling", "Odd Even Odd Even Odd Even Odd")]
    public void Couplings_alternate_over_the_expanded_stack(string layers, string expected)
    {
        var flow = GeneratorHarness.Model(
            $"using FlowGen; [FlowStep, AffineCoupling, Reverse, AdditiveCoupling(Times = 2)] class Step; [Flow(5), ActNorm, {layers}] partial class A;", "A");
        var partitions = flow.Layers.Select(static layer => layer.Layer).OfType<CouplingLayer>().Select(static layer => layer.Transforms.ToString());
        Assert.Equal(expected, string.Join(' ', partitions).Replace("Indices", "", StringComparison.Ordinal).Replace("Half", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5, "EvenIndices", "0 2 4", "1 3")]
    [InlineData(5, "OddIndices", "1 3", "0 2 4")]
    [InlineData(5, "FirstHalf", "0 1 2", "3 4")]
    [InlineData(5, "SecondHalf", "3 4", "0 1 2")]
    [InlineData(2, "FirstHalf", "0", "1")]
    [InlineData(2, "OddIndices", "1", "0")]
    public void A_partition_divides_the_coordinates(int size, string partition, string changed, string conditioning)
    {
        var parsed = Enum.Parse<FlowGen.Generator.Model.Partition>(partition);
        Assert.Equal(changed, Rows(FlowGen.Generator.Model.CoordinateRows.Changed(parsed, size)));
        Assert.Equal(conditioning, Rows(FlowGen.Generator.Model.CoordinateRows.Conditioning(parsed, size)));
    }

    [Fact]
    public void Copies_of_a_shuffle_take_the_seeds_that_follow_and_a_repeated_step_the_same()
    {
        var flow = GeneratorHarness.Model("using FlowGen; [FlowStep, Shuffle(7, Times = 2)] class Step; [Flow(5), Repeat<Step>(2), InvertibleLinear] partial class A;", "A");
        Assert.Equal([7UL, 8, 7, 8], flow.Layers.Select(static layer => layer.Layer).OfType<ShuffleLayer>().Select(static layer => layer.Seed));
    }

    private static string Rows(FlowGen.Generator.Model.CoordinateRows rows) =>
        string.Join(' ', Enumerable.Range(0, rows.Count).Select(i => rows.Start + (i * rows.Step)));
}
