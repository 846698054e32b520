using System.Runtime.InteropServices;
using FlowGen.Kernels;
using FlowGen.Tests.Flows;
using Xunit;
using static FlowGen.VerificationCheck;

namespace FlowGen.Tests.Verification;

/// <summary>A triangular matrix that is bent.</summary>
[FlowStep]
[MaskedConv(Triangle.Lower), Elementwise(Activation.Softplus)]
public sealed partial class MutableModule;

/// <summary>A diagonal one.</summary>
[FlowStep]
[SinhArcsinh, Rescale]
public sealed partial class MutableDiagonal;

/// <summary>Their sum.</summary>
[Flow(3)]
#pragma warning disable FLOW2023 // One side of the diagonal, to look at.
[Sum<MutableModule, MutableDiagonal>(0.75, 0.25)]
public sealed partial class MutableSum;

/// <summary>Sums of which a part is made wrong: the check that is there for it turns red.</summary>
public sealed class SumMutationTests
{
    private const int Size = 3;
    private const float First = 0.75f;
    private const float Second = 0.25f;

    private static readonly int OfSinhArcsinh = MaskedConv.PreparedSize(Size);
    private static readonly int OfRescale = OfSinhArcsinh + SinhArcsinh.PreparedSize(Size);

    private static IFlowProgram Program { get; } = ((IFlow)new MutableSum()).Engine.Program;

    private static int Sums => MutableSum.Description.TrainableCount;

    [Fact]
    public void The_modules_of_this_test_are_those_of_the_flow() => Assert.True(Verify(Wrong<Modules>()).Passed);

    [Fact]
    public void Swapped_weights_are_found()
    {
        AssertFails(new Replaced(Program, 0, forward: static (ref tile) => Sum.Forward<Modules>(ref tile, Size, Second, First, 0)), Forward, ForwardLogDet);
        AssertFails(
            new Replaced(Program, 0, inverse: static (ref tile) => Sum.Inverse<Modules>(ref tile, Size, Triangle.Lower, TriangularOrder.ChannelMajor, Second, First, 0)), RoundTrip, InverseLogDet);
        AssertFails(new Replaced(Program, 0, backward: static (ref tile) => Sum.Backward<Modules>(ref tile, Size, Second, First, 0, 0, Sums)), StoredGradient);
    }

    [Fact]
    public void A_weight_of_the_other_sign_is_found() =>
        AssertFails(new Replaced(Program, 0, forward: static (ref tile) => Sum.Forward<Modules>(ref tile, Size, First, -Second, 0)), Forward, ForwardLogDet);

    [Fact]
    public void A_log_det_of_one_layer_that_is_dropped_is_found()
    {
        AssertFails(Wrong<Dropped<One>>(), ForwardLogDet, InverseLogDet);
        AssertFails(Wrong<Dropped<Two>>(), ForwardLogDet, InverseLogDet);
        AssertFails(Wrong<Dropped<Three>>(), ForwardLogDet, InverseLogDet);
    }

    [Fact]
    public void Modules_that_change_places_are_found() => AssertFails(Wrong<Turned>(), Forward, ForwardLogDet);

    [Fact]
    public void Gradients_that_the_log_det_does_not_reach_are_found()
    {
        AssertFails(Wrong<Deaf<One>>(), StoredGradient);
        AssertFails(Wrong<Deaf<Two>>(), StoredGradient);
        AssertFails(Wrong<Deaf<Three>>(), StoredGradient);
    }

    [Fact]
    public void A_halved_log_det_and_one_of_the_other_sign_are_found()
    {
        AssertFails(new LogDetFactor(Program, 0, 0.5f, forward: true, inverse: true), ForwardLogDet, InverseLogDet);
        AssertFails(new LogDetFactor(Program, 0, -1, forward: true, inverse: true), ForwardLogDet, InverseLogDet);
    }

    [Fact]
    public void An_inverse_that_stops_early_is_found() =>
        AssertFails(new AfterLayer(Program, 0, inverse: static (ref tile) => tile.State += 3e-3f), RoundTrip);

    private static Replaced Wrong<TModules>()
        where TModules : struct, ISum => new(
            Program,
            0,
            static (ref tile) => Sum.Forward<TModules>(ref tile, Size, First, Second, 0),
            static (ref tile) => Sum.Inverse<TModules>(ref tile, Size, Triangle.Lower, TriangularOrder.ChannelMajor, First, Second, 0),
            static (ref tile) => Sum.Backward<TModules>(ref tile, Size, First, Second, 0, 0, Sums));

    private static void AssertFails(IFlowProgram wrong, params VerificationCheck[] checks)
    {
        var report = Verify(wrong);
        foreach (var check in checks)
        {
            Assert.Contains(report.Failures, row => row.Check == check && row.Layer == 0);
        }
    }

    private static VerificationReport Verify(IFlowProgram program)
    {
        var engine = new FlowEngine(MutableSum.Description, program, 1);
        FlowFixture.Scramble(engine.Parameters, seed: 6);
        return FlowVerifier.Verify(engine, FlowFixture.Normal(Size * 20, seed: 7), new VerifierOptions());
    }

    private interface INumber
    {
        static abstract int Value { get; }
    }

    private readonly struct One : INumber
    {
        public static int Value => 1;
    }

    private readonly struct Two : INumber
    {
        public static int Value => 2;
    }

    private readonly struct Three : INumber
    {
        public static int Value => 3;
    }

    /// <summary>The modules as the generator emits them.</summary>
    private readonly struct Modules : ISum
    {
        public static int Layers => 4;

        public static int First => 2;

        public static int Record(int layer) => layer == 0 ? 16 : 0;

        public static void Forward(ref Tile tile, int layer, int weights)
        {
            switch (layer)
            {
                case 0: MaskedConv.Forward(ref tile, Size, Triangle.Lower, weights); break;
                case 1: Elementwise.Forward(ref tile, Size, Activation.Softplus); break;
                case 2: SinhArcsinh.Forward(ref tile, Size, weights + OfSinhArcsinh); break;
                default: Rescale.Forward(ref tile, Size, weights + OfRescale); break;
            }
        }

        public static void Backward(ref Tile tile, int layer, int weights, int parameters, int accumulators)
        {
            switch (layer)
            {
                case 0: MaskedConv.Backward(ref tile, Size, Triangle.Lower, weights, parameters, accumulators); break;
                case 1: Elementwise.Backward(ref tile, Size, Activation.Softplus); break;
                case 2: SinhArcsinh.Backward(ref tile, Size, weights + OfSinhArcsinh, parameters + 9); break;
                default: Rescale.Backward(ref tile, Size, weights + OfRescale, parameters + 15); break;
            }
        }
    }

    /// <summary>A layer whose log-det is not counted.</summary>
    private readonly struct Dropped<TLayer> : ISum
        where TLayer : struct, INumber
    {
        public static int Layers => Modules.Layers;

        public static int First => Modules.First;

        public static int Record(int layer) => Modules.Record(layer);

        public static void Forward(ref Tile tile, int layer, int weights)
        {
            ref float rows = ref tile.LogDetRows;
            if (layer == TLayer.Value)
            {
                tile.LogDetRows = ref MemoryMarshal.GetArrayDataReference(new float[16 * tile.Lanes]);
            }

            Modules.Forward(ref tile, layer, weights);
            tile.LogDetRows = ref rows;
        }

        public static void Backward(ref Tile tile, int layer, int weights, int parameters, int accumulators) =>
            Modules.Backward(ref tile, layer, weights, parameters, accumulators);
    }

    /// <summary>A layer that no gradient of the log-det reaches.</summary>
    private readonly struct Deaf<TLayer> : ISum
        where TLayer : struct, INumber
    {
        public static int Layers => Modules.Layers;

        public static int First => Modules.First;

        public static int Record(int layer) => Modules.Record(layer);

        public static void Forward(ref Tile tile, int layer, int weights) => Modules.Forward(ref tile, layer, weights);

        public static void Backward(ref Tile tile, int layer, int weights, int parameters, int accumulators)
        {
            ref float rows = ref tile.GradLogDetRows;
            if (layer == TLayer.Value)
            {
                tile.GradLogDetRows = ref MemoryMarshal.GetArrayDataReference(new float[16 * tile.Lanes]);
            }

            Modules.Backward(ref tile, layer, weights, parameters, accumulators);
            tile.GradLogDetRows = ref rows;
        }
    }

    /// <summary>The second module first.</summary>
    private readonly struct Turned : ISum
    {
        public static int Layers => Modules.Layers;

        public static int First => Modules.First;

        public static int Record(int layer) => Modules.Record(layer ^ 2);

        public static void Forward(ref Tile tile, int layer, int weights) => Modules.Forward(ref tile, layer ^ 2, weights);

        public static void Backward(ref Tile tile, int layer, int weights, int parameters, int accumulators) =>
            Modules.Backward(ref tile, layer ^ 2, weights, parameters, accumulators);
    }
}
