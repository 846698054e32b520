using FlowGen.Layers;
using Xunit;

namespace FlowGen.Tests.Layers;

/// <summary>How layers write themselves: the text is part of the hash of a flow.</summary>
public sealed class LayerDeclarationTests
{
    private static readonly LayerCertificate Certificate = LayerCase.Certificate;

    public static TheoryData<string, LayerDescription> Declarations => new()
    {
        { "ActNorm", new ActNormLayer(4, Certificate) },
        { "Rescale", new RescaleLayer(4, Certificate) },
        { "SinhArcsinh", new SinhArcsinhLayer(4, Certificate) },
        { "BatchNorm", new BatchNormLayer(4, 0.1, 1e-5, Certificate) },
        { "BatchNorm(Momentum = 0.01, Epsilon = 0.001)", new BatchNormLayer(4, 0.01, 1e-3, Certificate) },
        { "Standardize", new StandardizeLayer(4, Certificate) },
        { "Permute(2, 0, 1)", new PermuteLayer([2, 0, 1], Certificate) },
        { "Shuffle(18446744073709551615)", new ShuffleLayer(4, ulong.MaxValue, Certificate) },
        { "Reverse", new ReverseLayer(4, Certificate) },
        { "InvertibleLinear", new InvertibleLinearLayer(4, LinearParameterization.Plu, Certificate) },
        { "Elementwise(Tanh)", new ElementwiseLayer(4, Activation.Tanh, Certificate) },
        {
            "Sum(0.7 [ActNorm, Rescale] + 1E-07 [Elementwise(Tanh)])",
            new SumLayer(4, Triangle.Lower, TriangularOrder.ChannelMajor, 0.7, [new ActNormLayer(4, Certificate), new RescaleLayer(4, Certificate)], 1e-7, [new ElementwiseLayer(4, Activation.Tanh, Certificate)], Certificate)
        },
        { "Logit", new LogitLayer(4, 1e-6, Certificate) },
        { "Logit(0.05)", new LogitLayer(4, 0.05, Certificate) },
        { "Dequantize", new DequantizeLayer(4, 256, Certificate) },
        { "Dequantize(Bins = 32)", new DequantizeLayer(4, 32, Certificate) },
        { "AdditiveCoupling(8, 9, Transforms = FirstHalf)", new AdditiveCouplingLayer(EventShape.Vector(4), Partition.FirstHalf, [8, 9], Activation.Relu, CouplingNet.Mlp, Certificate) },
        { "AdditiveCoupling(Transforms = OddIndices)", new AdditiveCouplingLayer(EventShape.Vector(4), Partition.OddIndices, [], Activation.Relu, CouplingNet.Mlp, Certificate) },
        {
            "AffineCoupling(8, 8, Transforms = SecondHalf, Activation = Silu, Net = ResidualMlp, Scale = Sigmoid, ScaleFloor = 0.01, Form = ShiftThenScale)",
            new AffineCouplingLayer(
                EventShape.Vector(4), Partition.SecondHalf, [8, 8], Activation.Silu, CouplingNet.ResidualMlp, ScaleFunction.Sigmoid, AffineForm.ShiftThenScale, 0.01, Certificate)
        },
        {
            "AffineCoupling(8, Transforms = EvenIndices)",
            new AffineCouplingLayer(
                EventShape.Vector(4), Partition.EvenIndices, [8], Activation.Relu, CouplingNet.Mlp, ScaleFunction.TanhBounded, AffineForm.ScaleThenShift, 0.01, Certificate)
        },
    };

    [Theory]
    [MemberData(nameof(Declarations), DisableDiscoveryEnumeration = true)]
    public void Declaration_NamesEveryOptionThatIsNotADefault(string expected, LayerDescription layer) => Assert.Equal(expected, layer.Declaration);

    [Theory]
    [InlineData(1, Partition.OddIndices)]
    [InlineData(1, Partition.FirstHalf)]
    [InlineData(4, Partition.Alternate)]
    public void Coupling_NeedsTwoHalvesThatAreKnown(int size, Partition changes) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new AdditiveCouplingLayer(EventShape.Vector(size), changes, [8], Activation.Relu, CouplingNet.Mlp, Certificate));

    [Fact]
    public void Tensors_AreNamedAndShapedAsInPyTorch()
    {
        AffineCouplingLayer layer = new(
            EventShape.Vector(5), Partition.OddIndices, [8, 9], Activation.Relu, CouplingNet.Mlp, ScaleFunction.TanhBounded, AffineForm.ScaleThenShift, 0, Certificate);
        FlowDescription description = new("Case", EventShape.Vector(5), Prior.StandardNormal, [], [layer]);
        Assert.Equal(
            [
                "layers.0.net.0.weight [8, 3]", "layers.0.net.0.bias [8]", "layers.0.net.1.weight [9, 8]", "layers.0.net.1.bias [9]",
                "layers.0.net.2.weight [4, 9]", "layers.0.net.2.bias [4]", "layers.0.scale []",
            ],
            description.Tensors.Select(static tensor => tensor.ToString()));
    }

    [Theory]
    [InlineData(Activation.Gelu, 1.0, 0.8413447460685429)]
    [InlineData(Activation.Gelu, -1.0, -0.15865525393145707)]
    [InlineData(Activation.Gelu, -6.0, -5.919525870226189e-09)]
    [InlineData(Activation.Silu, 1.0, 0.7310585786300049)]
    [InlineData(Activation.Softplus, -40.0, 4.248354255291589e-18)]
    [InlineData(Activation.Elu, -1e-12, -9.999999999995e-13)]
    public void ReferenceFunctions_AreExact(Activation activation, double x, double expected) =>
        Assert.Equal(expected, ReferenceFunctions.Apply(activation, x), Math.Abs(expected) * 1e-9);
}
