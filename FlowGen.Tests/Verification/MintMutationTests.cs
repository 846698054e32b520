using System.Runtime.CompilerServices;
using FlowGen.Kernels;
using FlowGen.Tests.Flows;
using Xunit;
using static FlowGen.VerificationCheck;

namespace FlowGen.Tests.Verification;

/// <summary>A pair on vectors.</summary>
[Flow(3)]
[MintPair(Paths = 2, Activation = Activation.Tanh)]
public sealed partial class MutableMint;

/// <summary>A pair on images.</summary>
[Flow(1, 3, 2)]
[MintPair(Paths = 2, Activation = Activation.Tanh)]
public sealed partial class MutableImageMint;

/// <summary>Mint layers of which one is made wrong: the check that is there for it turns red, in that layer.</summary>
public sealed class MintMutationTests
{
    private const int Size = 3;
    private const int Paths = 2;

    private static readonly MintShape Shape = new(Size, Paths, Triangle.Lower);

    private static readonly MintPlanes Planes = new(1, 3, 2, Paths, 3, Triangle.Lower, TriangularOrder.ChannelMajor);

    private static readonly MintImage UpperImage = new(1, 3, 2, Paths, 3, Triangle.Upper, TriangularOrder.ChannelMajor, Activation.Tanh);

    private static IFlowProgram Vectors { get; } = ((IFlow)new MutableMint()).Engine.Program;

    private static IFlowProgram Images { get; } = ((IFlow)new MutableImageMint()).Engine.Program;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_halved_log_det_is_found(int layer)
    {
        AssertFails(MutableMint.Description, new LogDetFactor(Vectors, layer, 0.5f, forward: true, inverse: true), layer, ForwardLogDet, InverseLogDet);
        AssertFails(MutableImageMint.Description, new LogDetFactor(Images, layer, 0.5f, forward: true, inverse: true), layer, ForwardLogDet, InverseLogDet);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_log_det_of_the_other_sign_is_found(int layer)
    {
        AssertFails(MutableMint.Description, new LogDetFactor(Vectors, layer, -1, forward: true, inverse: true), layer, ForwardLogDet, InverseLogDet);
        AssertFails(MutableImageMint.Description, new LogDetFactor(Images, layer, -1, forward: true, inverse: true), layer, ForwardLogDet, InverseLogDet);
    }

    [Fact]
    public void A_path_of_the_other_sign_is_found_in_the_values()
    {
        int centre = Vectors.Place(0).Weights + Shape.Matrix2 + Shape.Second.Packed(1, 0, 1, 1);
        AssertFails(MutableMint.Description, new Flipped(Vectors, centre), 0, Forward, RoundTrip);
    }

    [Fact]
    public void A_path_of_the_other_sign_is_found_in_the_values_of_an_image()
    {
        // Where the centre tap that leads from one path to the other is packed: what changes with it between the second convolution and the third.
        int centre = Images.Place(0).Parameters + Planes.Weight2 + Planes.SecondMask.Centre(0, 1, 0);
        float[] one = Prepared(1);
        float[] two = Prepared(2);
        int packed = Images.Place(0).Weights + Planes.Convolution2;
        int place = Enumerable.Range(packed, Planes.Convolution3 - Planes.Convolution2).Single(i => one[i] != two[i]);
        AssertFails(MutableImageMint.Description, new Flipped(Images, place), 0, Forward, ForwardLogDet);

        float[] Prepared(float value)
        {
            float[] parameters = new float[Images.Shape.Trainables];
            Array.Fill(parameters, 1);
            parameters[centre] = value;
            var preparation = new Preparation { Parameters = parameters, Buffers = new float[Images.Shape.Buffers], Prepared = new float[Images.Shape.Weights], Form = WeightForm.Tile };
            Images.Prepare(ref preparation);
            return preparation.Prepared.ToArray();
        }
    }

    [Fact]
    public void A_path_of_the_other_sign_is_found_in_the_log_det()
    {
        int product = Vectors.Place(0).Weights + Shape.Inner + (1 * Paths * Paths) + DensePack.Index(Paths, Paths, 0, 1);
        AssertFails(MutableMint.Description, new Flipped(Vectors, product), 0, ForwardLogDet);
        int ofImage = Images.Place(0).Weights + Planes.Inner + DensePack.Index(Paths, Paths, 0, 1);
        AssertFails(MutableImageMint.Description, new Flipped(Images, ofImage), 0, ForwardLogDet);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_dropped_tap_is_found(int layer)
    {
        AssertFails(MutableMint.Description, new Dropped(Vectors, Vectors.Place(layer).Parameters + Shape.Weight2 + 1), layer, Forward);
        AssertFails(MutableImageMint.Description, new Dropped(Images, Images.Place(layer).Parameters), layer, Forward);
    }

    [Fact]
    public void The_other_triangle_is_found()
    {
        // Right in itself, so that round trips and log-dets of its own hold: only the reference and the zeros that were claimed tell.
        int parameters = Vectors.Place(0).Parameters;
        int weights = Vectors.Place(0).Weights;
        int ofImage = Images.Place(0).Weights;
        AssertOtherTriangle(MutableMint.Description, new OtherTriangle(
            Vectors,
            (ref preparation) => Mint.Prepare(ref preparation, parameters, Size, Paths, Triangle.Upper, weights),
            (ref tile) => Mint.Forward(ref tile, Size, Paths, Triangle.Upper, Activation.Tanh, weights),
            (ref tile) => Mint.Inverse(ref tile, Size, Paths, Triangle.Upper, Activation.Tanh, weights)));
        AssertOtherTriangle(MutableImageMint.Description, new OtherTriangle(
            Images,
            (ref preparation) => UpperImage.Prepare(ref preparation, Images.Place(0).Parameters, ofImage),
            (ref tile) => UpperImage.Forward(ref tile, ofImage),
            (ref tile) => UpperImage.Inverse(ref tile, ofImage)));
    }

    private static void AssertOtherTriangle(FlowDescription description, IFlowProgram wrong)
    {
        var report = Verify(description, wrong);
        Assert.Contains(report.Failures, static row => row is { Layer: 0, Check: Structure });
        Assert.Contains(report.Failures, static row => row is { Layer: 0, Check: Forward });
        Assert.DoesNotContain(report.Failures, static row => row is { Layer: 0, Check: RoundTrip });
    }

    [Fact]
    public void Slopes_of_another_activation_are_found() => AssertFails(
        MutableMint.Description,
        new Replaced(Vectors, 1, backward: static (ref tile) => Mint.Backward(
            ref tile, Size, Paths, Triangle.Upper, Activation.Softplus, Vectors.Place(1).Weights, Vectors.Place(1).Parameters, MutableMint.Description.TrainableCount + (Size * Paths * Paths))),
        1,
        StoredGradient);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Gradients_that_the_log_det_does_not_reach_are_found(int layer)
    {
        AssertFails(MutableMint.Description, new Replaced(Vectors, layer, backward: (ref tile) => WithoutLogDet(Vectors, layer, ref tile)), layer, StoredGradient);
        AssertFails(MutableImageMint.Description, new Replaced(Images, layer, backward: (ref tile) => WithoutLogDet(Images, layer, ref tile)), layer, StoredGradient);
    }

    [Fact]
    public void Signs_that_are_not_turned_back_are_found() => AssertFails(MutableMint.Description, new Unfinished(Vectors), 0, StoredGradient);

    [Fact]
    public void An_inverse_that_stops_early_is_found()
    {
        AssertFails(MutableMint.Description, new AfterLayer(Vectors, 0, inverse: static (ref tile) => tile.State += 3e-3f), 0, RoundTrip);
        AssertFails(MutableImageMint.Description, new AfterLayer(Images, 0, inverse: static (ref tile) => tile.State += 3e-3f), 0, RoundTrip);
    }

    [Fact]
    public void What_is_not_mutated_passes()
    {
        Assert.True(Verify(MutableMint.Description, Vectors).Passed);
        Assert.True(Verify(MutableImageMint.Description, Images).Passed);
    }

    private static void AssertFails(FlowDescription description, IFlowProgram wrong, int layer, params VerificationCheck[] checks)
    {
        var report = Verify(description, wrong);
        foreach (var check in checks)
        {
            Assert.Contains(report.Failures, row => row.Check == check && row.Layer == layer);
        }
    }

    private static VerificationReport Verify(FlowDescription description, IFlowProgram program)
    {
        var engine = new FlowEngine(description, program, 1);
        FlowFixture.Scramble(engine.Parameters, seed: 6);
        return FlowVerifier.Verify(engine, FlowFixture.Normal(description.EventShape.Size * 20, seed: 7), new VerifierOptions());
    }

    /// <summary>A backward pass that forgets the upstream gradient of the log-det.</summary>
    internal static void WithoutLogDet(IFlowProgram program, int layer, ref Tile tile)
    {
        float[] kept = new float[tile.Lanes];
        for (int lane = 0; lane < kept.Length; lane++)
        {
            ref float upstream = ref Unsafe.Add(ref tile.GradLogDet, lane);
            kept[lane] = upstream;
            upstream = 0;
        }

        program.Backward(ref tile, layer);
        for (int lane = 0; lane < kept.Length; lane++)
        {
            Unsafe.Add(ref tile.GradLogDet, lane) = kept[lane];
        }
    }

    /// <summary>A prepared weight has the other sign.</summary>
    private sealed class Flipped(IFlowProgram inner, int index) : ProgramDecorator(inner)
    {
        public override void Prepare(ref Preparation preparation)
        {
            Inner.Prepare(ref preparation);
            preparation.Prepared[index] *= -1;
        }
    }

    /// <summary>A parameter is prepared as if it were zero.</summary>
    private sealed class Dropped(IFlowProgram inner, int parameter) : ProgramDecorator(inner)
    {
        public override void Prepare(ref Preparation preparation)
        {
            float[] changed = preparation.Parameters.ToArray();
            changed[parameter] = 0;
            var without = preparation;
            without.Parameters = changed;
            Inner.Prepare(ref without);
        }
    }

    private delegate void Preparing(ref Preparation preparation);

    private delegate void Passing(ref Tile tile);

    /// <summary>Layer 0, the lower one, is an upper one.</summary>
    private sealed class OtherTriangle(IFlowProgram inner, Preparing prepare, Passing forward, Passing inverse) : ProgramDecorator(inner)
    {
        public override void Prepare(ref Preparation preparation)
        {
            Inner.Prepare(ref preparation);
            prepare(ref preparation);
        }

        public override void Forward(ref Tile tile, int first, int last)
        {
            for (int layer = first; layer < last; layer++)
            {
                if (layer == 0)
                {
                    forward(ref tile);
                }
                else
                {
                    Inner.Forward(ref tile, layer, layer + 1);
                }
            }
        }

        public override void Inverse(ref Tile tile, int first, int last)
        {
            for (int layer = last - 1; layer >= first; layer--)
            {
                if (layer == 0)
                {
                    inverse(ref tile);
                }
                else
                {
                    Inner.Inverse(ref tile, layer, layer + 1);
                }
            }
        }
    }

    private sealed class Unfinished(IFlowProgram inner) : ProgramDecorator(inner)
    {
        public override void FinishGradient(ref GradientSums sums)
        {
        }
    }
}
