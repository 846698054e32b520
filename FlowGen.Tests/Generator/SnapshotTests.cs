using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class SnapshotTests
{
    [Fact]
    public void Two_moons() => Verify("""
        namespace Quickstart;

        [Flow(2)]
        [ActNorm]
        [AffineCoupling(64, 64, Times = 8)]
        public sealed partial class TwoMoons;
        """);

    [Fact]
    public void Nice_on_digits() => Verify("""
        namespace Papers;

        [Flow(784, Prior = Prior.StandardLogistic)]
        [Dequantize]
        [AdditiveCoupling(1000, 1000, 1000, 1000, 1000, Times = 4)]
        [Rescale]
        public sealed partial class Nice;
        """);

    [Fact]
    public void Every_layer() => Verify("""
        [Flow(5)]
        [Dequantize(Bins = 4), Logit(0.05), Standardize, ActNorm, BatchNorm(Momentum = 0.01, Epsilon = 0.001)]
        [AffineCoupling(12, 7, Activation = Activation.Silu)]
        [InvertibleLinear]
        [AffineCoupling(9, 9, 9, Net = CouplingNet.ResidualMlp, Activation = Activation.Gelu, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0.01)]
        [Permute(4, 2, 0, 1, 3)]
        [AffineCoupling(Scale = ScaleFunction.Exp, Form = AffineForm.ShiftThenScale)]
        [Shuffle(3, Times = 3)]
        [AdditiveCoupling(6, Activation = Activation.Tanh, Transforms = Partition.FirstHalf)]
        [Reverse, Elementwise(Activation.LeakyRelu), Rescale]
        partial class EveryLayer;
        """);

    [Fact]
    public void Convolutions_of_images() => Verify("""
        namespace Images;

        [Flow(3, 8, 6)]
        [AffineCoupling(6, Net = CouplingNet.ResNet, Blocks = 1, Activation = Activation.Silu, Transforms = Partition.OddPixels)]
        [Squeeze, ActNorm, Invertible1x1Conv, AffineCoupling(16, 8, Net = CouplingNet.Conv), Split(Prior = SplitPrior.Learned)]
        [AdditiveCoupling(16, Net = CouplingNet.Conv, Times = 3)]
        public sealed partial class Convolutions;
        """);

    [Fact]
    public void Triangles_of_images() => Verify("""
        namespace Images;

        [Flow(1, 8, 6, Prior = Prior.LearnedNormal)]
        [Dequantize, Logit(0.05)]
        [MintPair(Paths = 4)]
        [Squeeze, MaskedConv(Triangle.Lower, Kernel = 5), Split]
        [MintLayer(Triangle.Lower, Paths = 2, Activation = Activation.Tanh, Order = TriangularOrder.PixelMajor)]
        [MintLayer(Triangle.Upper, Paths = 2, Activation = Activation.Softplus, Order = TriangularOrder.PixelMajor)]
        public sealed partial class Triangles;
        """);

    [Fact]
    public void Sums_of_modules() => Verify("""
        namespace Images;

        [FlowStep, MaskedConv(Triangle.Lower), Elementwise(Activation.Elu), MaskedConv(Triangle.Lower)]
        sealed partial class Linear;

        [FlowStep, MintLayer(Triangle.Lower, Paths = 2, Times = 3), Elementwise(nameof(Bend))]
        sealed partial class Mint
        {
            static float Bend(float x) => x + 0.5f * System.MathF.Tanh(x);
        }

        [FlowStep, Rescale, Sum<Linear, Mint>(0.5, 0.25)]
        sealed partial class Inner;

        [Flow(2, 4, 3)]
        [ActNorm, Sum<Linear, Inner>(0.7, 0.3, Times = 2), MaskedConv(Triangle.Upper)]
        public sealed partial class Sums;
        """);

    [Fact]
    public void Functions_of_the_user() => Verify("""
        using System;

        [Flow(3)]
        [ActNorm, Elementwise(nameof(Bend), Times = 2), InvertibleLinear]
        [Elementwise(nameof(Stretch)), InvertibleLinear, Elementwise(nameof(Bow))]
        public sealed partial class Bent
        {
            private const float Share = 0.5f;

            private static float Bend(float x) => x + (Share * MathF.Tanh(x));

            private static float Stretch(float x) => 1f - MathF.Sinh(2f * x);

            private static float Bow(float x)
            {
                float square = x * x;
                if (x > 0f)
                {
                    return x + (0.25f * square);
                }

                return x - (square * MathF.Exp(-square) / 8f);
            }
        }
        """);

    [Fact]
    public void Errors_leave_members_alone() => Verify("""
        namespace Images;

        [Flow(1, 8, 6)]
        [Dequantize, Logit(0.05)]
        [MintPair(Activation = Activation.Relu)]
        [AffineCoupling(0, Net = CouplingNet.Conv)]
        public sealed partial class Mint;
        """);

    [Fact]
    public void Errors_and_members_of_the_user() => Verify("""
        [Flow(2), Rescale(Times = 0)]
        internal partial record Taken(int Size)
        {
            private const string Description = "taken";

            public static Taken Create(ulong seed) => new(Size: (int)seed);
        }
        """);

    [Fact]
    public void Nested_steps_in_generic_containers() => Verify("""
        namespace @namespace.Inner
        {
            [FlowStep]
            [ActNorm, InvertibleLinear, AffineCoupling(16)]
            class Step;

            [FlowStep]
            [Repeat<Step>(2), Reverse]
            class Pair;

            partial interface IOuter<T>
            {
                partial record struct @struct
                {
                    [Flow(6)]
                    [Repeat<Pair>(10), Rescale]
                    internal partial class @class<TKey>
                        where TKey : struct;
                }
            }
        }
        """);

    private static void Verify(string source, [System.Runtime.CompilerServices.CallerMemberName] string method = "")
    {
        var files = GeneratorHarness.Generate(source);
        var file = Assert.Single(files);
        string text = file.SourceText.ToString();
        Assert.DoesNotContain('\r', text);
        Snapshot.Verify(file.HintName, text, nameof(SnapshotTests), method);
    }
}
