using System.Runtime.CompilerServices;
using FlowGen.Kernels;
using FlowGen.Tests.Flows;
using Xunit;
using static FlowGen.VerificationCheck;

namespace FlowGen.Tests.Verification;

/// <summary>A wrong program must turn the right check red, and leave those checks green that it does not concern.</summary>
public sealed class MutationTests
{
    private const int Coupling = 1;
    private const int Output = 16;
    private const int Net0 = 64;
    private const int Net1 = Net0 + 16 + (16 * 16);
    private const int Scale = Net1 + 16 + (16 * 16);
    private static readonly IFlowProgram Right = new HandWrittenFlow();

    /// <summary>Mutation, the layer that it is in, and the checks of that layer, or of the whole flow, that it fails; all others pass.</summary>
    public static TheoryData<string, VerificationCheck[], VerificationCheck[]> Mutations => new()
    {
        // What a round trip and forward + inverse log-det = 0 cannot see is seen against the Jacobian.
        { "log-det of the other sign", [ForwardLogDet, InverseLogDet], [ForwardLogDet, InverseLogDet, LogProb, Loss] },
        { "log-det of the other sign, forward only", [ForwardLogDet], [ForwardLogDet, LogProb, Loss] },
        { "log-det halved", [ForwardLogDet, InverseLogDet], [ForwardLogDet, InverseLogDet, LogProb, Loss] },
        { "log-det dropped", [ForwardLogDet, InverseLogDet], [ForwardLogDet, InverseLogDet, LogProb, Loss] },
        { "log-det off by 1e-4", [ForwardLogDet], [ForwardLogDet] },
        { "log-det of the inverse off by 1e-4", [InverseLogDet], [InverseLogDet] },
        { "another coordinate changed", [Forward, Structure, RecomputedGradient, StoredGradient], [Forward, LogProb, InputGradient, Loss] },
        { "conditioner sees what it changes", [Forward, ForwardLogDet, RoundTrip, LatentRoundTrip], [Forward, ForwardLogDet, RoundTrip, LatentRoundTrip, LogProb, Loss] },
        { "inverse off by 1e-3", [RoundTrip, LatentRoundTrip], [RoundTrip, LatentRoundTrip] },
        { "inverse of the other form", [RoundTrip, LatentRoundTrip], [RoundTrip, LatentRoundTrip] },
        { "derivative of another activation", [StoredGradient, RecomputedGradient], [InputGradient] },
        { "gradient entry of a weight 1 % off", [StoredGradient, RecomputedGradient], [] },
        { "no gradient of the log-det", [StoredGradient, RecomputedGradient], [InputGradient] },
        { "no gradient through the conditioner", [], [InputGradient] },
        { "record of the inverse not that of forward", [RecomputedGradient], [] },
        { "gradient changed at the end", [StoredGradient, RecomputedGradient], [] },
        { "weights of another layer prepared", [Forward], [Forward, LogProb, Loss] },
        { "lanes see each other", [], [OneAnswer] },
    };

    [Fact]
    public void The_right_program_passes() => Assert.True(Verify(Right).Passed);

    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_wrong_program_fails_the_checks_that_concern_it(string mutation, VerificationCheck[] ofLayer, VerificationCheck[] ofFlow)
    {
        var report = Verify(Mutate(mutation));
        Assert.False(report.Passed);
        foreach (var check in ofLayer)
        {
            Assert.Contains(report.Failures, row => row.Layer == Coupling && row.Check == check);
        }

        foreach (var check in ofFlow)
        {
            Assert.Contains(report.Failures, row => row.Layer is null && row.Check == check);
        }

        Assert.DoesNotContain(report.Failures, static row => row.Check == Reference);
        var exception = Assert.Throws<VerificationException>(report.ThrowIfFailed);
        Assert.Contains("FAIL", exception.Message, StringComparison.Ordinal);
        Assert.Same(report, exception.Report);
    }

    [Theory]
    [InlineData("log-det of the other sign")]
    [InlineData("log-det halved")]
    [InlineData("inverse off by 1e-3")]
    [InlineData("another coordinate changed")]
    [InlineData("derivative of another activation")]
    public void Blocks_of_the_structure_see_what_whole_Jacobians_see(string mutation) =>
        Assert.False(Verify(Mutate(mutation), new VerifierOptions { JacobianUpTo = 1 }).Passed);

    [Fact]
    public void A_log_det_wrong_in_both_directions_passes_every_round_trip()
    {
        var report = Verify(Mutate("log-det halved"));
        Assert.All(report.Rows.Where(static row => row.Check is RoundTrip or LatentRoundTrip), static row => Assert.True(row.Passed));
    }

    [Fact]
    public void Checks_of_other_layers_stay_green()
    {
        var report = Verify(Mutate("log-det halved"));
        Assert.All(report.Rows.Where(static row => row.Layer == 0), static row => Assert.True(row.Passed));
    }

    private static VerificationReport Verify(IFlowProgram program, VerifierOptions? options = null)
    {
        var engine = new FlowEngine(HandWrittenFlow.Description, program, 3);
        FlowFixture.Scramble(engine.Parameters, 5);
        return FlowVerifier.Verify(engine, FlowFixture.Normal(3 * 21, 4), options ?? new VerifierOptions());
    }

    private static IFlowProgram Mutate(string mutation) => mutation switch
    {
        "log-det of the other sign" => new LogDetFactor(Right, Coupling, -1, forward: true, inverse: true),
        "log-det of the other sign, forward only" => new LogDetFactor(Right, Coupling, -1, forward: true, inverse: false),
        "log-det halved" => new LogDetFactor(Right, Coupling, 0.5f, forward: true, inverse: true),
        "log-det dropped" => new LogDetFactor(Right, Coupling, 0, forward: true, inverse: true),
        "log-det off by 1e-4" => new AfterLayer(Right, Coupling, forward: static (ref tile) => Add(ref tile.LogDet, tile.Lanes, 1e-4f)),
        "log-det of the inverse off by 1e-4" => new AfterLayer(Right, Coupling, inverse: static (ref tile) => Add(ref tile.LogDet, tile.Lanes, 1e-4f)),
        "another coordinate changed" => new Replaced(
            Right,
            Coupling,
            static (ref tile) => Couple(ref tile, Rows.State(0, 1, 1), Rows.State(1, 1, 2)),
            static (ref tile) => Uncouple(ref tile, Rows.State(0, 1, 1), Rows.State(1, 1, 2), AffineForm.ScaleThenShift),
            static (ref tile) => CoupleBackward(ref tile, Rows.State(0, 1, 1), Rows.State(1, 1, 2), Activation.Tanh)),
        "conditioner sees what it changes" => new Replaced(
            Right,
            Coupling,
            static (ref tile) => Couple(ref tile, Rows.State(1, 1, 1), Rows.State(0, 1, 2)),
            static (ref tile) => Uncouple(ref tile, Rows.State(1, 1, 1), Rows.State(0, 1, 2), AffineForm.ScaleThenShift)),
        "inverse off by 1e-3" => new AfterLayer(Right, Coupling, inverse: static (ref tile) => Add(ref Unsafe.Add(ref tile.State, tile.Lanes), tile.Lanes, 1e-3f)),
        "inverse of the other form" => new Replaced(
            Right,
            Coupling,
            inverse: static (ref tile) => Uncouple(ref tile, Rows.State(1, 1, 1), Rows.State(0, 2, 2), AffineForm.ShiftThenScale)),
        "derivative of another activation" => new Replaced(
            Right,
            Coupling,
            backward: static (ref tile) => CoupleBackward(ref tile, Rows.State(1, 1, 1), Rows.State(0, 2, 2), Activation.Sigmoid)),
        "gradient entry of a weight 1 % off" => new FinishChanged(Right, 6 + 16, 1.01f),
        "no gradient of the log-det" => new Replaced(Right, Coupling, backward: WithoutLogDet),
        "no gradient through the conditioner" => new Replaced(Right, Coupling, backward: WithoutConditioner),
        "record of the inverse not that of forward" => new AfterLayer(
            Right,
            Coupling,
            inverse: static (ref tile) => Add(ref tile.Work, 8 * tile.Lanes, tile.Recording ? 0.01f : 0)),
        "gradient changed at the end" => new FinishChanged(Right, 48, -1),
        "weights of another layer prepared" => new PreparedFrom(Right, 46, 47),
        "lanes see each other" => new AfterLayer(
            Right,
            Coupling,
            forward: static (ref tile) => Add(ref tile.State, tile.Lanes > 1 ? 1 : 0, 1e-6f)),
        _ => throw new ArgumentOutOfRangeException(nameof(mutation), mutation, "There is no such mutation."),
    };

    private static void Add(ref float values, int count, float amount)
    {
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref values, i) += amount;
        }
    }

    private static void Condition(ref Tile tile, Rows condition)
    {
        Dense.Forward(ref tile, condition, Net0, 8, 0, 6, Activation.Tanh);
        Dense.Forward(ref tile, Rows.Work(0, 8), Net1, 2, Output, 30, Activation.Identity);
    }

    private static void Couple(ref Tile tile, Rows changed, Rows condition)
    {
        Condition(ref tile, condition);
        AffineCoupling.Forward(ref tile, changed, Output, ScaleFunction.TanhBounded, AffineForm.ScaleThenShift, 1e-3f, Scale);
    }

    private static void Uncouple(ref Tile tile, Rows changed, Rows condition, AffineForm form)
    {
        Condition(ref tile, condition);
        AffineCoupling.Inverse(ref tile, changed, Output, ScaleFunction.TanhBounded, form, 1e-3f, Scale);
    }

    private static void CoupleBackward(ref Tile tile, Rows changed, Rows condition, Activation derivative)
    {
        AffineCoupling.Backward(ref tile, changed, Output, ScaleFunction.TanhBounded, AffineForm.ScaleThenShift, 1e-3f, Scale, 48);
        Dense.Backward(ref tile, Rows.Work(0, 8), Net1, 2, Output, 30, derivative);
        Dense.Backward(ref tile, condition, Net0, 8, 0, 6);
    }

    private static void WithoutLogDet(ref Tile tile) => MintMutationTests.WithoutLogDet(Right, Coupling, ref tile);

    private static void WithoutConditioner(ref Tile tile)
    {
        float[] kept = new float[3 * tile.Lanes];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = Unsafe.Add(ref tile.GradState, i);
        }

        Right.Backward(ref tile, Coupling);
        for (int i = 0; i < tile.Lanes; i++)
        {
            Unsafe.Add(ref tile.GradState, i) = kept[i];
            Unsafe.Add(ref tile.GradState, (2 * tile.Lanes) + i) = kept[(2 * tile.Lanes) + i];
        }
    }
}
