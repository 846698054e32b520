using System.Runtime.CompilerServices;
using FlowGen.Kernels;
using FlowGen.Tests.Flows;
using Xunit;
using static FlowGen.VerificationCheck;

namespace FlowGen.Tests.Verification;

/// <summary>A generated program of which one layer is made wrong: the check of that layer turns red, those of the others stay green.</summary>
public sealed class GeneratedMutationTests
{
    /// <summary>The layers of <see cref="PlaneGlow"/>.</summary>
    public static TheoryData<int> Layers => [.. Enumerable.Range(0, PlaneGlow.Description.Layers.Count)];

    /// <summary>Those of them with parameters.</summary>
    public static TheoryData<int> Trained => [.. Enumerable.Range(0, PlaneGlow.Description.Layers.Count - 1)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_flipped_log_det_is_found_in_its_layer(int layer) =>
        AssertOnly(layer, new LogDetFactor(Right, layer, -1, forward: true, inverse: true), ForwardLogDet, InverseLogDet);

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_halved_log_det_is_found_in_its_layer(int layer) =>
        AssertOnly(layer, new LogDetFactor(Right, layer, 0.5f, forward: true, inverse: true), ForwardLogDet, InverseLogDet);

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_wrong_inverse_is_found_in_its_layer(int layer) =>
        AssertOnly(layer, new AfterLayer(Right, layer, inverse: static (ref tile) => tile.State += 0.003f), RoundTrip, LatentRoundTrip);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Exchanged_coordinates_are_found_in_their_layer(int layer) =>
        AssertOnly(layer, new AfterLayer(Right, layer, forward: Exchange, inverse: null), Forward, RoundTrip);

    [Theory]
    [MemberData(nameof(Trained))]
    public void A_wrong_gradient_is_found_in_every_mode(int layer)
    {
        var report = Verify(new AfterLayer(Right, layer, backward: (ref tile) =>
        {
            int place = Right.Place(layer).Parameters;
            Unsafe.Add(ref tile.Gradient, place) += 0.01f;
        }));
        foreach (var check in (VerificationCheck[])[StoredGradient, RecomputedGradient, TrainingGradient])
        {
            Assert.Equal([layer], report.Failures.Where(row => row.Check == check).Select(static row => row.Layer));
        }
    }

    [Fact]
    public void Sums_that_are_not_turned_into_gradients_are_found()
    {
        var failures = Verify(new Unfinished(Right)).Failures.ToList();
        Assert.All(failures, static row => Assert.Equal("InvertibleLinear", row.Kind));
        Assert.Equal(3, failures.Count(static row => row.Check == StoredGradient));
        Assert.Equal(3, failures.Count(static row => row.Check == TrainingGradient));
    }

    private static IFlowProgram Right { get; } = ((IFlow)new PlaneGlow()).Engine.Program;

    private static void AssertOnly(int layer, IFlowProgram wrong, params VerificationCheck[] checks) => LayerFailures.AssertOnly(Verify(wrong), layer, checks);

    private static VerificationReport Verify(IFlowProgram program)
    {
        var engine = new FlowEngine(PlaneGlow.Description, program, 1);
        FlowFixture.Scramble(engine.Parameters, seed: 6);
        return FlowVerifier.Verify(engine, FlowFixture.Normal(2 * 24, seed: 7), new VerifierOptions());
    }

    private static void Exchange(ref Tile tile)
    {
        for (int lane = 0; lane < tile.Lanes; lane++)
        {
            ref float first = ref Unsafe.Add(ref tile.State, lane);
            ref float second = ref Unsafe.Add(ref tile.State, tile.Lanes + lane);
            (first, second) = (second, first);
        }
    }

    private sealed class Unfinished(IFlowProgram inner) : ProgramDecorator(inner)
    {
        public override void FinishGradient(ref GradientSums sums)
        {
        }
    }
}
