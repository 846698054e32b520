using FlowGen.Kernels;

namespace FlowGen.Tests.Kernels;

/// <summary>A tile with all of its blocks, each between guards, filled with random numbers.</summary>
internal sealed class TileFixture
{
    private readonly int lanes;

    public TileFixture(int lanes, int stateRows, int workRows, int parameters = 0, int prepared = 0, int turned = 0, int seed = 42)
    {
        this.lanes = lanes;
        int slack = 16 * Math.Max(lanes, 16);
        State = new GuardedBlock(stateRows * lanes, slack);
        Work = new GuardedBlock(workRows * lanes, slack);
        LogDet = new GuardedBlock(2 * lanes, slack);
        Weights = new GuardedBlock(prepared, slack: 0);
        TransposedWeights = new GuardedBlock(prepared, slack: 0);
        GradState = new GuardedBlock(stateRows * lanes, slack);
        GradLogDet = new GuardedBlock(lanes, slack);
        GradWork = new GuardedBlock(workRows * lanes, slack);
        Turned = new GuardedBlock(turned, slack);
        Parameters = new GuardedBlock(parameters, slack: 0);
        Gradient = new GuardedBlock(parameters, slack: 0);

        System.Random random = new(seed);
        foreach (GuardedBlock block in (GuardedBlock[])[State, Work, GradState, GradLogDet, GradWork, Parameters, Gradient])
        {
            block.Randomize(random);
        }
    }

    public GuardedBlock State { get; }

    public GuardedBlock Work { get; }

    public GuardedBlock LogDet { get; }

    public GuardedBlock Weights { get; }

    public GuardedBlock TransposedWeights { get; }

    public GuardedBlock GradState { get; }

    public GuardedBlock GradLogDet { get; }

    public GuardedBlock GradWork { get; }

    public GuardedBlock Turned { get; }

    public GuardedBlock Parameters { get; }

    public GuardedBlock Gradient { get; }

    public Tile Tile() => new()
    {
        Lanes = lanes,
        State = ref State.Start,
        Work = ref Work.Start,
        LogDet = ref LogDet.Start,
        Weights = ref Weights.Start,
        TransposedWeights = ref TransposedWeights.Start,
        Parameters = ref Parameters.Start,
        GradState = ref GradState.Start,
        GradLogDet = ref GradLogDet.Start,
        GradWork = ref GradWork.Start,
        Turned = ref Turned.Start,
        Gradient = ref Gradient.Start,
    };

    public Preparation Preparation(WeightForm form) => new()
    {
        Parameters = Parameters.Span,
        Prepared = form == WeightForm.Transposed ? TransposedWeights.Span : Weights.Span,
        Form = form,
    };

    /// <summary>Nothing was written outside of the blocks, but for the padding outputs of a single sample.</summary>
    public void AssertGuards()
    {
        foreach (GuardedBlock block in (GuardedBlock[])[State, LogDet, Weights, TransposedWeights, GradState, GradLogDet, GradWork, Turned, Parameters, Gradient])
        {
            block.AssertGuards(slackWritten: false);
        }

        Work.AssertGuards(slackWritten: lanes == 1);
    }
}
