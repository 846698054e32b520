using FlowGen.Kernels;

namespace FlowGen.Benchmarks;

/// <summary>An additive coupling with the convolutions of Glow, 3x3, 1x1, 3x3 with ReLU between them, on images of random numbers.</summary>
internal sealed class ConvolutionStack
{
    private readonly int batch;
    private readonly int pixels;
    private readonly int lanes;
    private readonly int rows;
    private readonly PlaneShape shape;
    private readonly TapConvolution[] layers;
    private readonly ConvolutionOutput output;
    private readonly int[] planes = new int[4];
    private readonly int[] weightOffsets = new int[4];
    private readonly int[] parameterOffsets = new int[4];
    private readonly float[] state, gradState, work, gradWork, weights, transposed, gradient;

    public ConvolutionStack(int batch, int size, int inputs, int hidden, int outputs)
    {
        this.batch = batch;
        pixels = size * size;
        lanes = TileGeometry.PadTile(pixels);
        shape = new PlaneShape(size, size, 1);
        planes[0] = TileGeometry.Pad16(outputs * lanes);
        planes[1] = planes[0] + shape.Floats(inputs);
        planes[2] = planes[1] + shape.Floats(hidden);
        planes[3] = planes[2] + shape.Floats(hidden);
        output = new ConvolutionOutput(shape, hidden, outputs, kinds: 1, kernel: 3, from: planes[2], to: planes[3]);
        layers = [TapConvolution.Create(shape, inputs, hidden, 3), TapConvolution.Create(shape, hidden, hidden, 1), output.Convolution];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            weightOffsets[layer + 1] = weightOffsets[layer] + layers[layer].PreparedSize;
            parameterOffsets[layer + 1] = parameterOffsets[layer] + Parameters(layer);
        }

        int floats = planes[^1] + shape.Floats(outputs);
        rows = inputs + outputs;
        state = Numbers(batch * rows * lanes, 1);
        gradState = new float[state.Length];
        work = Numbers(floats, 2);
        gradWork = Numbers(floats, 3);
        gradient = new float[parameterOffsets[^1]];
        weights = GC.AllocateArray<float>(weightOffsets[^1] + 64, pinned: true);
        transposed = GC.AllocateArray<float>(weightOffsets[^1] + 64, pinned: true);
        float[] parameters = Numbers(parameterOffsets[^1], 4);
        Prepare(parameters, weights, WeightForm.Tile);
        Prepare(parameters, transposed, WeightForm.Transposed);
    }

    /// <summary>Operations of one forward pass over the batch, a multiply-add counted as two, borders not counted.</summary>
    public double Operations => 2.0 * batch * pixels * Enumerable.Range(0, layers.Length).Sum(layer => (double)Parameters(layer) - layers[layer].Outputs);

    public void Forward()
    {
        for (int image = 0; image < batch; image++)
        {
            Tile tile = Tile(image);
            Planes.Load(ref tile, shape, Rows.State(0, 1, layers[0].Inputs), planes[0]);
            for (int layer = 0; layer < layers.Length - 1; layer++)
            {
                layers[layer].Forward(ref tile, weightOffsets[layer], planes[layer], planes[layer + 1], Activation.Relu);
            }

            AdditiveCoupling.Forward(ref tile, Rows.State(layers[0].Inputs, 1, layers[^1].Outputs), output, weightOffsets[layers.Length - 1]);
        }
    }

    public void Backward()
    {
        for (int image = 0; image < batch; image++)
        {
            Tile tile = Tile(image);
            output.Backward(ref tile, weightOffsets[layers.Length - 1], parameterOffsets[layers.Length - 1], Activation.Relu);
            for (int layer = layers.Length - 2; layer >= 0; layer--)
            {
                layers[layer].Backward(
                    ref tile, weightOffsets[layer], planes[layer], planes[layer + 1], parameterOffsets[layer], layer == 0 ? Activation.Identity : Activation.Relu);
            }

            Planes.AddGradient(ref tile, shape, Rows.State(0, 1, layers[0].Inputs), planes[0]);
        }
    }

    private int Parameters(int layer) => (layers[layer].Inputs * layers[layer].Outputs * (layer == 1 ? 1 : 9)) + layers[layer].Outputs;

    private void Prepare(float[] parameters, float[] to, WeightForm form)
    {
        var preparation = new Preparation { Parameters = parameters, Prepared = to, Form = form };
        for (int layer = 0; layer < layers.Length; layer++)
        {
            layers[layer].Prepare(ref preparation, parameterOffsets[layer], weightOffsets[layer]);
        }
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new System.Random(seed);
        float[] values = GC.AllocateArray<float>(count, pinned: true);
        foreach (ref float value in values.AsSpan())
        {
            value = (random.NextSingle() - 0.5f) * 0.25f;
        }

        return values;
    }

    private Tile Tile(int image) => new()
    {
        Lanes = lanes,
        State = ref state[image * rows * lanes],
        GradState = ref gradState[image * rows * lanes],
        Work = ref work[0],
        GradWork = ref gradWork[0],
        Weights = ref weights[0],
        TransposedWeights = ref transposed[0],
        Gradient = ref gradient[0],
    };
}
