using System.Runtime.CompilerServices;
using FlowGen.Kernels;
using FlowGen.Numerics;
using Xunit;

namespace FlowGen.Tests.Kernels;

/// <summary>The operands of a convolution and its gradients, planes between guards, and what plain loops in double precision make of them.</summary>
internal sealed class ConvolutionData
{
    private const float Stale = 1e6f;

    // Gradients are added to what is there.
    private const float GradientStart = 0.5f;

    private readonly ConvolutionCase shape;
    private readonly PlaneShape planes;
    private readonly TapConvolution convolution;
    private readonly IReadOnlyList<Tap>[] taps;
    private readonly Activation inputActivation;
    private readonly float[] inputArgument;
    private readonly float[] input;
    private readonly float[] upstream;
    private readonly float[] before;
    private readonly float[] gradientBefore;
    private readonly float[] parameters;
    private readonly int tensor;

    public ConvolutionData(ConvolutionCase shape, int seed = 42)
    {
        this.shape = shape;
        planes = new PlaneShape(shape.Height, shape.Width, shape.Radius);
        convolution = shape.Convolution(planes);
        taps = shape.Taps();
        tensor = taps.Sum(static list => list.Count);
        inputActivation = shape.Activation;

        var random = new System.Random(seed);
        inputArgument = Random(shape.Inputs * Pixels);
        input = [.. inputArgument.Select(value => (float)DenseReference.Apply(inputActivation, value))];
        upstream = Random(shape.Outputs * Pixels);
        before = Random(shape.Outputs * Pixels);
        gradientBefore = Random(shape.Inputs * Pixels);
        parameters = Random(tensor + shape.Outputs);
        BiasGradient = Block(shape.Outputs);
        Output = PlaneBlock(shape.Outputs);
        PreActivation = PlaneBlock(shape.Outputs);
        InputGradient = PlaneBlock(shape.Inputs);
        TensorGradient = Block(tensor);
        TensorGradient.Span.Fill(GradientStart);
        BiasGradient.Span.Fill(GradientStart);

        float[] Random(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    public GuardedBlock Output { get; }

    public GuardedBlock PreActivation { get; }

    public GuardedBlock InputGradient { get; }

    public GuardedBlock TensorGradient { get; }

    public GuardedBlock BiasGradient { get; }

    private int Pixels => shape.Height * shape.Width;

    /// <summary>Forward and both gradients at one width.</summary>
    public void Run<V>()
        where V : struct, IVec<V>
    {
        GuardedBlock x = Filled(input, shape.Inputs);
        GuardedBlock arguments = Filled(inputArgument, shape.Inputs);
        GuardedBlock gradients = Filled(upstream, shape.Outputs);
        float[] weights = Prepared(WeightForm.Tile);
        float[] transposed = Prepared(WeightForm.Transposed);
        if (shape.Adds)
        {
            Fill(before, shape.Outputs, Output);
            Fill(gradientBefore, shape.Inputs, InputGradient);
        }

        convolution.Forward<V>(
            ref weights[0],
            ref x.Start,
            ref Output.Start,
            shape.Activation,
            ref shape.KeepsPreActivation ? ref PreActivation.Start : ref Unsafe.NullRef<float>(),
            shape.Adds);
        convolution.AddWeightGradients<V>(ref gradients.Start, ref x.Start, ref TensorGradient.Start, ref BiasGradient.Start);
        bool needsInput = ActivationKernels.NeedsInput(inputActivation);
        convolution.InputGradient<V>(
            ref transposed[0], ref gradients.Start, ref InputGradient.Start, inputActivation, ref needsInput ? ref arguments.Start : ref x.Start, shape.Adds);
        foreach (GuardedBlock block in (GuardedBlock[])[x, arguments, gradients])
        {
            block.AssertGuards(slackWritten: false);
        }
    }

    /// <summary>The same by way of a tile: rows to planes, convolution, planes to rows, and back.</summary>
    public void RunOnTile()
    {
        int lanes = TileGeometry.PadTile(Pixels);
        int from = TileGeometry.Pad16(shape.Outputs * lanes);
        int to = from + planes.Floats(shape.Inputs);
        int floats = to + planes.Floats(shape.Outputs);
        GuardedBlock state = Rows(input, shape.Inputs, lanes);
        GuardedBlock gradState = Block(shape.Inputs * lanes);
        GuardedBlock work = Block(floats);
        GuardedBlock gradWork = Block(floats);
        work.Span.Fill(Stale);
        gradWork.Span.Fill(Stale);
        Rows(upstream, shape.Outputs, lanes).Span.CopyTo(gradWork.Span);
        float[] weights = Prepared(WeightForm.Tile);
        float[] transposed = Prepared(WeightForm.Transposed);
        float[] gradient = [.. Enumerable.Repeat(GradientStart, tensor + shape.Outputs)];
        var tile = new Tile
        {
            Lanes = lanes,
            State = ref state.Start,
            GradState = ref gradState.Start,
            Work = ref work.Start,
            GradWork = ref gradWork.Start,
            Weights = ref weights[0],
            TransposedWeights = ref transposed[0],
            Gradient = ref gradient[0],
        };
        Rows rows = FlowGen.Kernels.Rows.State(0, 1, shape.Inputs);
        Planes.Load(ref tile, planes, rows, from);
        convolution.Forward(ref tile, 0, from, to, shape.Activation);
        Planes.Read(planes, shape.Outputs, ref Unsafe.Add(ref work.Start, to), ref work.Start, lanes);
        Planes.LoadGradient(ref tile, planes, shape.Outputs, to);
        convolution.Backward(ref tile, 0, from, to, 0, inputActivation);
        Planes.AddGradient(ref tile, planes, rows, from);

        foreach (GuardedBlock block in (GuardedBlock[])[state, gradState, work, gradWork])
        {
            block.AssertGuards(slackWritten: false);
        }

        work.Span.Slice(to, planes.Floats(shape.Outputs)).CopyTo(Output.Span);
        gradient.AsSpan(0, tensor).CopyTo(TensorGradient.Span);
        gradient.AsSpan(tensor).CopyTo(BiasGradient.Span);
        gradWork.Span.Slice(from, planes.Floats(shape.Inputs)).CopyTo(InputGradient.Span);
        for (int channel = 0; channel < shape.Outputs; channel++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                Assert.Equal(lane < Pixels ? At(Output, channel, lane) : 0, work[(channel * lanes) + lane]);
            }
        }

        for (int channel = 0; channel < shape.Inputs; channel++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                Assert.Equal(lane < Pixels ? At(InputGradient, channel, lane) : 0, gradState[(channel * lanes) + lane]);
            }
        }
    }

    /// <summary>Compares with plain loops, and looks at every float that is not a pixel.</summary>
    public void Verify()
    {
        double[] argument = new double[shape.Outputs * Pixels];
        double[] inputGradient = new double[shape.Inputs * Pixels];
        double[] tensorGradient = new double[tensor];
        for (int output = 0; output < shape.Outputs; output++)
        {
            for (int pixel = 0; pixel < Pixels; pixel++)
            {
                int place = (output * Pixels) + pixel;
                argument[place] = parameters[tensor + output];
                foreach (Tap tap in taps[output])
                {
                    int row = (pixel / shape.Width) + tap.Row;
                    int column = (pixel % shape.Width) + tap.Column;
                    if (row >= 0 && row < shape.Height && column >= 0 && column < shape.Width)
                    {
                        int source = (tap.Plane * Pixels) + (row * shape.Width) + column;
                        argument[place] += (double)parameters[tap.Weight] * input[source];
                        inputGradient[source] += (double)parameters[tap.Weight] * upstream[place];
                        tensorGradient[tap.Weight] += (double)input[source] * upstream[place];
                    }
                }
            }
        }

        double tolerance = 1e-6 * (4 + taps.Max(static list => list.Count));
        AssertPlanes(Output, shape.Outputs, place => (shape.Adds ? before[place] : 0) + DenseReference.Apply(shape.Activation, argument[place]), tolerance);
        if (shape.KeepsPreActivation)
        {
            AssertPlanes(PreActivation, shape.Outputs, place => argument[place], tolerance);
        }

        AssertPlanes(
            InputGradient,
            shape.Inputs,
            place => (shape.Adds ? gradientBefore[place] : 0) + (inputGradient[place] * DenseReference.Derivative(inputActivation, inputArgument[place])),
            1e-6 * (4 + (shape.Outputs * shape.Kernel * shape.Kernel)));
        for (int weight = 0; weight < tensor; weight++)
        {
            Assert.Equal(GradientStart + tensorGradient[weight], TensorGradient[weight], 1e-6 * (4 + Pixels));
        }

        for (int output = 0; output < shape.Outputs; output++)
        {
            Assert.Equal(GradientStart + upstream.Skip(output * Pixels).Take(Pixels).Sum(static value => (double)value), BiasGradient[output], 1e-6 * (4 + Pixels));
        }

        foreach (GuardedBlock block in (GuardedBlock[])[Output, PreActivation, InputGradient, TensorGradient, BiasGradient])
        {
            block.AssertGuards(slackWritten: false);
        }
    }

    private void AssertPlanes(GuardedBlock block, int count, Func<int, double> expected, double tolerance)
    {
        bool[] isPixel = new bool[block.Length];
        for (int channel = 0; channel < count; channel++)
        {
            for (int pixel = 0; pixel < Pixels; pixel++)
            {
                isPixel[Place(channel, pixel)] = true;
                Assert.Equal(expected((channel * Pixels) + pixel), At(block, channel, pixel), tolerance);
            }
        }

        for (int i = 0; i < isPixel.Length; i++)
        {
            Assert.True(isPixel[i] || block[i] == 0, $"{block[i]} at {i}, which is a border");
        }
    }

    private int Place(int channel, int pixel) =>
        planes.Lead + (channel * planes.Size) + (pixel / shape.Width * planes.Stride) + (pixel % shape.Width);

    private float At(GuardedBlock block, int channel, int pixel) => block[Place(channel, pixel)];

    private float[] Prepared(WeightForm form)
    {
        float[] prepared = new float[convolution.PreparedSize];
        var preparation = new Preparation { Parameters = parameters, Prepared = prepared, Form = form };
        convolution.Prepare(ref preparation, 0, 0);
        return prepared;
    }

    private GuardedBlock PlaneBlock(int count)
    {
        GuardedBlock block = Block(planes.Floats(count));
        block.Span.Fill(Stale);
        return block;
    }

    private GuardedBlock Filled(float[] image, int channels)
    {
        GuardedBlock block = PlaneBlock(channels);
        Fill(image, channels, block);
        return block;
    }

    private void Fill(float[] image, int channels, GuardedBlock block)
    {
        float[] rows = [.. image, .. new float[64]];
        Planes.Fill(planes, channels, ref rows[0], Pixels, ref block.Start, PixelSet.All);
    }

    private GuardedBlock Rows(float[] image, int channels, int lanes)
    {
        GuardedBlock rows = Block(channels * lanes);
        for (int channel = 0; channel < channels; channel++)
        {
            image.AsSpan(channel * Pixels, Pixels).CopyTo(rows.Span[(channel * lanes)..]);
        }

        return rows;
    }

    private static GuardedBlock Block(int length) => new(length, slack: 0);
}
