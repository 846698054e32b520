using FlowGen.Kernels;

namespace FlowGen.Benchmarks;

/// <summary>Layers from one number to a few by a table of pieces, on a tile of random numbers.</summary>
internal sealed class LineStack
{
    private readonly int lanes;
    private readonly int hidden;
    private readonly int second;
    private readonly int outputs;
    private readonly int count;
    private readonly float[] parameters;
    private readonly PinnedTile memory;

    /// <param name="lanes">The samples in the tile: 1, or a multiple of the vector width.</param>
    /// <param name="hidden">The width of the first layer.</param>
    /// <param name="second">The width of the second layer.</param>
    /// <param name="outputs">The number of outputs.</param>
    public LineStack(int lanes, int hidden, int second, int outputs)
    {
        (this.lanes, this.hidden, this.second, this.outputs) = (lanes, hidden, second, outputs);
        count = (2 * hidden) + ((hidden + 1) * second) + ((second + 1) * outputs);
        parameters = Weights.Uniform(count, seed: 1, bound: 1);
        int slack = PinnedTile.Slack(lanes);
        memory = new PinnedTile(lanes)
        {
            State = new PinnedBlock(Weights.Uniform(lanes + slack, seed: 2, bound: 1)),
            GradState = new PinnedBlock(new float[lanes + slack]),
            Work = new PinnedBlock(new float[(outputs * lanes) + slack]),
            GradWork = new PinnedBlock(Weights.Uniform((outputs * lanes) + slack, seed: 4, bound: 1)),
            Weights = new PinnedBlock(new float[DenseLine.PreparedSize(hidden, second, outputs)]),
            Gradient = new PinnedBlock(new float[count + DenseLine.SumCount(hidden, second, outputs)]),
        };
        Prepare();
    }

    /// <summary>The table.</summary>
    public void Prepare()
    {
        var preparation = new Preparation { Parameters = parameters, Prepared = memory.Weights.Span, Form = WeightForm.Tile };
        DenseLine.Prepare(ref preparation, 0, hidden, second, outputs, 0, Activation.Relu);
    }

    /// <summary>All layers, each pass waiting for the one before where there is one lane, as the couplings of a flow do.</summary>
    public void Forward()
    {
        Tile tile = memory.Tile();
        DenseLine.Forward(ref tile, Rows.State(0, 1, 1), 0, hidden, second, outputs, 0, Activation.Relu);
        if (lanes == 1)
        {
            memory.State.Start = memory.Work.Start * 0.5f;
        }
    }

    /// <summary>The gradient by the input, and the sums.</summary>
    public void Backward()
    {
        Tile tile = memory.Tile();
        DenseLine.Backward(ref tile, Rows.State(0, 1, 1), 0, hidden, second, outputs, 0, 0, count, Activation.Relu);
    }

    /// <summary>The gradients by the parameters, from the sums.</summary>
    public void Finish()
    {
        var sums = new GradientSums { Parameters = parameters, Weights = memory.Weights.Span, Gradient = memory.Gradient.Span };
        DenseLine.Finish(ref sums, 0, hidden, second, outputs, 0, count, Activation.Relu);
    }
}
