using FlowGen.Kernels;

namespace FlowGen.Benchmarks;

/// <summary>Dense layers one after the other on a tile of random numbers, ReLU between them, its memory laid out as the engine does it.</summary>
internal sealed class DenseStack
{
    private readonly int lanes;
    private readonly int[] widths;
    private readonly int[] weightOffsets;
    private readonly int[] parameterOffsets;
    private readonly int[] rows;
    private readonly float[] parameters;
    private readonly PinnedTile memory;

    /// <param name="lanes">The samples in the tile: 1, or a multiple of the vector width.</param>
    /// <param name="widths">Inputs, then the outputs of each layer.</param>
    public DenseStack(int lanes, params int[] widths)
    {
        this.lanes = lanes;
        this.widths = widths;
        weightOffsets = new int[widths.Length];
        parameterOffsets = new int[widths.Length];
        rows = new int[widths.Length];
        for (int layer = 1; layer < widths.Length; layer++)
        {
            weightOffsets[layer] = weightOffsets[layer - 1] + (layer > 1 ? Dense.PreparedSize(widths[layer - 2], widths[layer - 1]) : 0);
            parameterOffsets[layer] = parameterOffsets[layer - 1] + (layer > 1 ? (widths[layer - 2] + 1) * widths[layer - 1] : 0);
            rows[layer] = rows[layer - 1] + (layer > 1 ? Padded(widths[layer - 1]) : 0);
        }

        int prepared = weightOffsets[^1] + Dense.PreparedSize(widths[^2], widths[^1]);
        parameters = Weights.Uniform(parameterOffsets[^1] + ((widths[^2] + 1) * widths[^1]), seed: 1, bound: 0.125f);
        int slack = PinnedTile.Slack(lanes);
        int workRows = rows[^1] + Padded(widths[^1]);
        memory = new PinnedTile(lanes)
        {
            State = new PinnedBlock(Weights.Uniform((widths[0] * lanes) + slack, seed: 2, bound: 0.125f)),
            GradState = new PinnedBlock(new float[(widths[0] * lanes) + slack]),
            Work = new PinnedBlock(Weights.Uniform((workRows * lanes) + slack, seed: 3, bound: 0.125f)),
            GradWork = new PinnedBlock(Weights.Uniform((workRows * lanes) + slack, seed: 4, bound: 0.125f)),
            Turned = new PinnedBlock(new float[(lanes * (Padded(widths.Max()) + 16)) + slack]),
            Gradient = new PinnedBlock(new float[parameters.Length]),
            Weights = new PinnedBlock(new float[prepared]),
            Parameters = new PinnedBlock(parameters),
        };
        Prepare();
    }

    /// <summary>Operations of one forward pass, a multiply-add counted as two.</summary>
    public double Operations
    {
        get
        {
            double sum = 0;
            for (int layer = 1; layer < widths.Length; layer++)
            {
                sum += 2.0 * widths[layer - 1] * widths[layer] * lanes;
            }

            return sum;
        }
    }

    /// <summary>What is prepared of the weights.</summary>
    public void Prepare()
    {
        var preparation = new Preparation { Parameters = parameters, Prepared = memory.Weights.Span, Form = lanes == 1 ? WeightForm.Single : WeightForm.Tile };
        for (int layer = 1; layer < widths.Length; layer++)
        {
            Dense.Prepare(ref preparation, parameterOffsets[layer], widths[layer - 1], widths[layer], weightOffsets[layer]);
        }
    }

    /// <summary>All layers, each pass waiting for the one before where there is one lane, as the couplings of a flow do.</summary>
    public void Forward()
    {
        Tile tile = memory.Tile();
        for (int layer = 1; layer < widths.Length; layer++)
        {
            Activation activation = layer == widths.Length - 1 ? Activation.Identity : Activation.Relu;
            Dense.Forward(ref tile, Input(layer), weightOffsets[layer], widths[layer], rows[layer], parameterOffsets[layer], activation);
        }

        if (lanes == 1)
        {
            memory.State.Start = memory.Work.At(rows[^1]) * 0.5f;
        }
    }

    /// <summary>Gradients by all weights, biases and inputs.</summary>
    public void Backward()
    {
        Tile tile = memory.Tile();
        for (int layer = widths.Length - 1; layer > 0; layer--)
        {
            Activation activation = layer == 1 ? Activation.Identity : Activation.Relu;
            Dense.Backward(ref tile, Input(layer), weightOffsets[layer], widths[layer], rows[layer], parameterOffsets[layer], activation);
        }
    }

    private static int Padded(int count) => (count + 15) / 16 * 16;

    private Rows Input(int layer) => layer == 1 ? Rows.State(0, 1, widths[0]) : Rows.Work(rows[layer - 1], widths[layer - 1]);
}
