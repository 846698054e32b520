using FlowGen.Kernels;
using FlowGen.Tests.Flows;
using Xunit;
using static FlowGen.VerificationCheck;

namespace FlowGen.Tests.Verification;

/// <summary>Couplings of halves and of pixels, whose last convolution is also their first.</summary>
[Flow(4, 2, 3)]
[AffineCoupling(Net = CouplingNet.Conv, Transforms = Partition.SecondHalf)]
[AffineCoupling(Net = CouplingNet.Conv, Transforms = Partition.FirstHalf, Scale = ScaleFunction.Sigmoid)]
[AffineCoupling(Net = CouplingNet.Conv, Transforms = Partition.EvenPixels)]
public sealed partial class MutableConvolutions;

/// <summary>Couplings that take a convolution as it is made, of which one is made wrong.</summary>
public sealed class ConvolutionMutationTests
{
    private const int Taps = 9;

    // Channels read and changed by the layers.
    private static readonly int[] Read = [2, 2, 4];
    private static readonly int[] Changed = [2, 2, 4];

    // One kind of each in narrow processes.
    public static TheoryData<int> Layers => TestProcess.IsNarrow ? [2] : [0, 1, 2];

    private static IFlowProgram Right { get; } = ((IFlow)new MutableConvolutions()).Engine.Program;

    [Fact]
    public void What_is_not_mutated_passes() => Assert.True(Verify(Right).Passed);

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_dropped_log_det_is_found(int layer) =>
        AssertOnly(layer, new LogDetFactor(Right, layer, 0, forward: true, inverse: true), ForwardLogDet, InverseLogDet);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Shift_and_scale_exchanged_are_found(int layer) =>
        AssertOnly(layer, new Exchanged(Right, layer, ofTheSameChannel: true), Forward, ForwardLogDet);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Channels_exchanged_are_found(int layer) =>
        AssertOnly(layer, new Exchanged(Right, layer, ofTheSameChannel: false), Forward);

    private static void AssertOnly(int layer, IFlowProgram wrong, params VerificationCheck[] checks) => LayerFailures.AssertOnly(Verify(wrong), layer, checks);

    private static VerificationReport Verify(IFlowProgram program)
    {
        var engine = new FlowEngine(MutableConvolutions.Description, program, 1);
        FlowFixture.Scramble(engine.Parameters, seed: 6);
        return FlowVerifier.Verify(engine, FlowFixture.Normal(24 * 20, seed: 7), new VerifierOptions());
    }

    /// <summary>Two outputs of a register block have each other's weights: the shift of a channel and what its scale is made of, or the shifts of two channels.</summary>
    private sealed class Exchanged(IFlowProgram inner, int layer, bool ofTheSameChannel) : ProgramDecorator(inner)
    {
        public override void Prepare(ref Preparation preparation)
        {
            Inner.Prepare(ref preparation);
            if (preparation.Form == WeightForm.Transposed)
            {
                return;
            }

            // Four outputs are one block, eight are two: t0, t1, u0, u1 and so on.
            const int Height = 4;
            int other = ofTheSameChannel ? 2 : 1;
            var prepared = preparation.Prepared[Inner.Place(layer).Weights..];
            (prepared[0], prepared[other]) = (prepared[other], prepared[0]);
            var weights = prepared[Dense.Pad(2 * Changed[layer])..];
            for (int tap = 0; tap < Taps * Read[layer]; tap++)
            {
                int first = tap * Height;
                (weights[first], weights[first + other]) = (weights[first + other], weights[first]);
            }
        }
    }
}
