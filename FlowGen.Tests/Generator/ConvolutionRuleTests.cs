using FlowGen.Generator.Layers;
using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>What is said about conditioners of convolutions, and that generator and runtime count alike.</summary>
public sealed class ConvolutionRuleTests
{
    [Theory]
    [InlineData("AffineCoupling(8, Net = CouplingNet.Conv)", "Net = Conv")]
    [InlineData("AdditiveCoupling(8, Net = CouplingNet.ResNet)", "Net = ResNet")]
    public Task Convolutions_of_a_vector_are_reported(string layer, string message) =>
        Markup.Verify($"[Flow(4), {{|FLOW2045:{layer}|}}] partial class A;", message);

    [Theory]
    [InlineData("AffineCoupling(8, 8, 8, Net = CouplingNet.Conv)", "at most two hidden widths")]
    [InlineData("AffineCoupling(Net = CouplingNet.ResNet)", "one hidden width, that of all its blocks, but 0 are given")]
    [InlineData("AdditiveCoupling(8, 8, Net = CouplingNet.ResNet)", "but 2 are given")]
    [InlineData("AdditiveCoupling(8, 8, 8)", "Net = Conv, the default on images, takes at most two hidden widths")]
    public Task Another_number_of_widths_is_reported(string layer, string message) =>
        Markup.Verify($"[Flow(4, 2, 2), {{|FLOW2046:{layer}|}}] partial class A;", message);

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(1001)]
    public Task A_number_of_blocks_out_of_range_is_reported(int blocks) =>
        Markup.Verify($"[Flow(4, 2, 2), {{|FLOW2047:AffineCoupling(8, Net = CouplingNet.ResNet, Blocks = {blocks})|}}] partial class A;", $"Blocks is {blocks}");

    [Theory]
    [InlineData("[Flow(1, 2, 2), {|FLOW2048:AffineCoupling(8, Net = CouplingNet.Mlp)|}] partial class A;", "OddPixels")]
    [InlineData("[Flow(4, 2, 2), {|FLOW2048:AdditiveCoupling(8, 8, Net = CouplingNet.ResidualMlp, Transforms = Partition.EvenPixels)|}] partial class A;", "ResidualMlp")]
    public Task Dense_layers_on_a_checkerboard_are_reported(string source, string message) => Markup.Verify(source, message);

    [Theory]
    [InlineData("[Flow(4, 2, 2), AffineCoupling(8, 8, Net = CouplingNet.Conv, Times = 3)] partial class A;")]
    [InlineData("[Flow(4, 2, 2), AffineCoupling(8, Net = CouplingNet.Conv), AffineCoupling(Net = CouplingNet.Conv), AffineCoupling(8, Net = CouplingNet.ResNet, Blocks = 1)] partial class A;")]
    [InlineData("[Flow(1, 4, 4), AffineCoupling(8, Net = CouplingNet.ResNet, Times = 3)] partial class A;")]
    [InlineData("[Flow(4, 2, 2), AffineCoupling(8, 8, 8, Net = CouplingNet.Mlp, Times = 3)] partial class A;")]
    [InlineData("[Flow(4), AffineCoupling(8, 8, 8, Times = 3, Blocks = 7)] partial class A;")]
    public Task Conditioners_that_fit_are_not_reported(string source) => Markup.Verify(source);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(3, 2)]
    [InlineData(7, 7)]
    [InlineData(14, 14)]
    [InlineData(16, 16)]
    [InlineData(17, 31)]
    [InlineData(28, 28)]
    [InlineData(64, 48)]
    public void Generated_offsets_are_those_of_the_planes_and_of_the_packed_weights(int height, int width)
    {
        var shape = new PlaneShape(height, width, 1);
        var planes = new ImagePlanes(height, width, "All");
        foreach (int count in (int[])[1, 2, 7, 64])
        {
            Assert.Equal(shape.Floats(count), planes.Floats(count));
            foreach (int kernel in (int[])[1, 3])
            {
                Assert.Equal(TapConvolution.Create(shape, count, 5, kernel).PreparedSize, ImagePlanes.PreparedSize(count, 5, kernel));
                Assert.Equal(TapConvolution.Create(shape, 5, count, kernel).PreparedSize, ImagePlanes.PreparedSize(5, count, kernel));
            }
        }
    }
}
