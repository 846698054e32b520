using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowGen.Kernels;
using FlowGen.Random;
using FlowGen.Tests.Kernels;
using FlowGen.Verification;

namespace FlowGen.Tests.Layers;

/// <summary>A layer with weights that are not those it starts with, run on tiles between guards and as its double reference.</summary>
internal sealed class LayerRun
{
    private readonly LayerCase layer;
    private readonly float[] trainables;
    private readonly float[] buffers;

    public LayerRun(LayerCase layer, int seed = 42)
    {
        this.layer = layer;
        trainables = new float[layer.Description.TrainableCount];
        buffers = new float[layer.Description.BufferCount];
        layer.Layer.Start(trainables.AsSpan(layer.Parameters), buffers.AsSpan(layer.Buffers), new ParameterRandom(1, 1));
        System.Random random = new(seed);
        layer.Disturb(buffers, random);
        for (int i = 0; i < trainables.Length; i++)
        {
            trainables[i] += layer.Disturbance * ((2 * random.NextSingle()) - 1);
        }
    }

    /// <summary>The lanes of tiles: every number of vectors of the widest vector, and the narrower ones.</summary>
    public static int[] TileLanes
    {
        get
        {
            int width = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 2;
            return [.. new[] { 4, 8, width, 2 * width, 3 * width, 4 * width, 5 * width }.Distinct()];
        }
    }

    /// <summary>The most lanes of any tile.</summary>
    public static int MostLanes => TileLanes.Max();

    public int ParameterCount => trainables.Length - layer.Parameters;

    /// <summary>Samples of the data <c>[count][D]</c>.</summary>
    public float[][] Data(int count, int seed = 7)
    {
        System.Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, layer.Size).Select(_ => layer.Draw(random)).ToArray())];
    }

    /// <summary>Numbers between -1 and 1.</summary>
    public static float[] Noise(int count, int seed)
    {
        System.Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    /// <summary>The reference on one sample; one parameter of the layer may be moved.</summary>
    public double Reference(Span<double> values, bool inverse = false, int parameter = -1, double step = 0)
    {
        double[] weights = Array.ConvertAll(trainables, static v => (double)v);
        if (parameter >= 0)
        {
            weights[layer.Parameters + parameter] += step;
        }

        var reference = new ReferenceWeights(layer.Layer, weights, Array.ConvertAll(buffers, static v => (double)v));
        return inverse ? layer.Layer.Inverse(reference, values) : layer.Layer.Forward(reference, values);
    }

    /// <summary>The kernels on a tile of as many lanes as there are samples.</summary>
    public TileResult Run(float[][] samples, bool inverse = false, bool recording = false)
    {
        var blocks = new Blocks(layer, trainables, samples);
        Prepare(blocks);
        Tile t = blocks.Tile(recording);
        (inverse ? layer.Inverse : layer.Forward)(ref t);
        blocks.AssertGuards();
        return blocks.Result();
    }

    /// <summary>Forward with recording, then the gradient.</summary>
    public TileResult Gradient(float[][] samples, float[][] gradZ, float[] gradLogDet)
    {
        var blocks = new Blocks(layer, trainables, samples);
        Prepare(blocks);
        Tile t = blocks.Tile(recording: true);
        layer.Forward(ref t);
        blocks.Load(blocks.State, samples);
        blocks.Load(blocks.GradState, gradZ);
        gradLogDet.CopyTo(blocks.GradLogDet.Span);
        t = blocks.Tile(recording: true);
        layer.Backward(ref t);
        GradientSums sums = new() { Parameters = trainables, Buffers = buffers, Gradient = blocks.Gradient.Span };
        layer.Finish(ref sums);
        blocks.AssertGuards();
        return blocks.Result();
    }

    private void Prepare(Blocks blocks)
    {
        Preparation p = new()
        {
            Parameters = trainables,
            Buffers = buffers,
            Prepared = blocks.Weights.Span,
            Form = blocks.Lanes == 1 ? WeightForm.Single : WeightForm.Tile,
        };
        layer.Prepare(ref p);
        p = new()
        {
            Parameters = trainables,
            Buffers = buffers,
            Prepared = blocks.TransposedWeights.Span,
            Form = WeightForm.Transposed,
        };
        layer.Prepare(ref p);
    }

    /// <summary>What a tile held afterwards.</summary>
    /// <param name="Values">The state <c>[lane][D]</c>.</param>
    /// <param name="LogDet">The log-dets, sum and error added.</param>
    /// <param name="LogDetParts">The log-dets as they are.</param>
    /// <param name="GradX">The gradient of the state <c>[lane][D]</c>.</param>
    /// <param name="Gradient">The gradient of the layer's parameters.</param>
    /// <param name="Work">The work area.</param>
    internal sealed record TileResult(float[][] Values, double[] LogDet, (float High, float Low)[] LogDetParts, float[][] GradX, float[] Gradient, float[] Work);

    private sealed class Blocks
    {
        private readonly LayerCase layer;
        private readonly float[] trainables;

        public Blocks(LayerCase layer, float[] trainables, float[][] samples)
        {
            this.layer = layer;
            this.trainables = trainables;
            Lanes = samples.Length;
            State = Rows(layer.Size);
            GradState = Rows(layer.Size);
            Work = Rows(layer.WorkRows);
            GradWork = Rows(layer.WorkRows);
            LogDet = new GuardedBlock(2 * Lanes, slack: 0);
            GradLogDet = new GuardedBlock(Lanes, slack: 0);
            Weights = new GuardedBlock(layer.PreparedFloats, slack: 0);
            TransposedWeights = new GuardedBlock(layer.PreparedFloats, slack: 0);
            int widest = Math.Max(Math.Max(layer.Size, layer.WorkRows), 16);
            Turned = new GuardedBlock((LayerCases.Pad(widest) + 32) * Math.Max(Lanes, 16), slack: 0);
            Gradient = new GuardedBlock(layer.GradientFloats, slack: 0);
            Work.Randomize(new System.Random(3));
            GradWork.Randomize(new System.Random(4));
            Load(State, samples);
        }

        public int Lanes { get; }

        public GuardedBlock State { get; }

        public GuardedBlock GradState { get; }

        public GuardedBlock Work { get; }

        public GuardedBlock GradWork { get; }

        public GuardedBlock LogDet { get; }

        public GuardedBlock GradLogDet { get; }

        public GuardedBlock Weights { get; }

        public GuardedBlock TransposedWeights { get; }

        public GuardedBlock Turned { get; }

        public GuardedBlock Gradient { get; }

        public void Load(GuardedBlock block, float[][] samples)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                for (int i = 0; i < layer.Size; i++)
                {
                    block.Span[(i * Lanes) + lane] = samples[lane][i];
                }
            }
        }

        public Tile Tile(bool recording) => new()
        {
            Lanes = Lanes,
            Recording = recording,
            State = ref State.Start,
            Work = ref Work.Start,
            LogDet = ref LogDet.Start,
            Weights = ref Weights.Start,
            TransposedWeights = ref TransposedWeights.Start,
            Parameters = ref MemoryMarshal.GetArrayDataReference(trainables),
            GradState = ref GradState.Start,
            GradLogDet = ref GradLogDet.Start,
            GradWork = ref GradWork.Start,
            Turned = ref Turned.Start,
            Gradient = ref Gradient.Start,
        };

        public TileResult Result() => new(
            Columns(State),
            [.. Enumerable.Range(0, Lanes).Select(lane => (double)LogDet[lane] + LogDet[Lanes + lane])],
            [.. Enumerable.Range(0, Lanes).Select(lane => (LogDet[lane], LogDet[Lanes + lane]))],
            Columns(GradState),
            Gradient.Span[layer.Parameters..layer.Description.TrainableCount].ToArray(),
            Work.Span.ToArray());

        public void AssertGuards()
        {
            foreach (var block in (GuardedBlock[])[State, GradState, Work, GradWork, LogDet, GradLogDet, Weights, TransposedWeights, Turned, Gradient])
            {
                block.AssertGuards(slackWritten: true);
            }
        }

        // With one lane, vectors may reach up to the next multiple of 16 rows.
        private GuardedBlock Rows(int count) => new(count * Lanes, Lanes == 1 ? LayerCases.Pad(count) - count : 0);

        private float[][] Columns(GuardedBlock block) =>
            [.. Enumerable.Range(0, Lanes).Select(lane => Enumerable.Range(0, layer.Size).Select(i => block[(i * Lanes) + lane]).ToArray())];
    }
}
