using System.Runtime.CompilerServices;
using FlowGen.Kernels;

namespace FlowGen;

// Losses and their gradients.
public sealed unsafe partial class FlowEngine
{
    /// <summary>How far, relative to max(1, |x|), a value that is rebuilt may be from the true one.</summary>
    private const float RebuildTolerance = 1e-4f;

    /// <summary>
    /// The fewest samples of a gradient whose forward pass leaves out zeros: what it saves must make up for packing the weights, which are otherwise read as they lie. Where a core multiplies twice a cycle,
    /// it saves nothing: its inputs are rows, for the way back.
    /// </summary>
    internal int FewestToSkip { get; set; } = Processor.MultipliesTwice ? int.MaxValue : 128;

    private readonly ObjectPool<GradientWork> gradients;
    private long recomputedTiles;

    /// <summary>How many tiles of gradients in recompute mode were done again with stored activations, because their rebuilt input was off.</summary>
    public long RecomputedTiles => Interlocked.Read(ref recomputedTiles);

    /// <inheritdoc cref="IFlow.LossGradient"/>
    public double LossGradient(ReadOnlySpan<float> x, Span<float> gradient, GradientOptions? options) =>
        Loss(x, gradient, options ?? DefaultOptions, options is null ? default : options.SampleWeights.Span, updateRunning: false);

    /// <summary>A gradient in training mode that also moves running statistics.</summary>
    internal double TrainingStep(ReadOnlySpan<float> x, ReadOnlySpan<float> sampleWeights, Span<float> gradient, GradientOptions options) =>
        Loss(x, gradient, options, sampleWeights, updateRunning: true);

    /// <inheritdoc cref="IFlow.Pullback"/>
    public void Pullback(ReadOnlySpan<float> x, ReadOnlySpan<float> gradZ, ReadOnlySpan<float> gradLogDet, Span<float> gradX, Span<float> gradient) =>
        Pullback(x, gradZ, gradLogDet, gradX, gradient, FlowMode.Evaluation);

    /// <summary>The same with the statistics that a mode asks for.</summary>
    internal void Pullback(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gradZ, ReadOnlySpan<float> gradLogDet, Span<float> gradX, Span<float> gradient, FlowMode mode)
    {
        RequireInitialized();
        int count = CountSamples(x.Length, nameof(x));
        RequireLength(gradZ.Length, x.Length, nameof(gradZ), "dL/dz of each coordinate of each sample");
        RequireLength(gradLogDet.Length, count, nameof(gradLogDet), "dL/dlog-det of each sample");
        if (!gradX.IsEmpty)
        {
            RequireLength(gradX.Length, x.Length, nameof(gradX), "dL/dx of each coordinate of each sample");
            RequireApart(x, gradX, nameof(gradX), sameAllowed: false);
            RequireApart(gradZ, gradX, nameof(gradX), sameAllowed: false);
        }

        if (!gradient.IsEmpty)
        {
            RequireLength(gradient.Length, shape.Trainables, nameof(gradient), "one number for each trainable parameter");
            RequireApart(x, gradient, nameof(gradient), sameAllowed: false);
            RequireApart(gradZ, gradient, nameof(gradient), sameAllowed: false);
            RequireApart(gradLogDet, gradient, nameof(gradient), sameAllowed: false);
            RequireApart(gradX, gradient, nameof(gradient), sameAllowed: false);
        }

        if (count == 0)
        {
            gradient.Clear();
            return;
        }

        fixed (float* source = x, byZ = gradZ, byLogDet = gradLogDet, toX = gradX, toParameters = gradient)
        {
            var call = new GradientCall { Source = source, Count = count, GradZ = byZ, GradLogDet = byLogDet, GradX = toX, Gradient = toParameters, Memory = DefaultMemory };
            Run(ref call, mode, updateRunning: false);
        }
    }

    /// <summary>The gradient of log p by x of each sample, and log p: the score function.</summary>
    internal void Score(ReadOnlySpan<float> x, Span<float> gradX)
    {
        RequireInitialized();
        int count = CountSamples(x.Length, nameof(x));
        RequireLength(gradX.Length, x.Length, nameof(gradX), "the derivative by each coordinate of each sample");
        RequireApart(x, gradX, nameof(gradX), sameAllowed: false);
        if (count == 0)
        {
            return;
        }

        fixed (float* source = x, toX = gradX)
        {
            // The loss is the sum of -log p, so its gradient is minus the score.
            var call = new GradientCall { Source = source, Count = count, InverseWeightSum = 1, GradX = toX, Memory = DefaultMemory };
            Run(ref call, FlowMode.Evaluation, updateRunning: false);
        }

        for (int i = 0; i < gradX.Length; i++)
        {
            gradX[i] = -gradX[i];
        }
    }

    /// <summary>Latents and log-dets in training mode: layers that normalise by the batch use its statistics.</summary>
    internal void ForwardTraining(ReadOnlySpan<float> x, Span<float> z, Span<float> logDet)
    {
        RequireInitialized();
        int count = CountSamples(x.Length, nameof(x));
        RequireLength(z.Length, x.Length, nameof(z), "as many numbers as the input");
        RequireLength(logDet.Length, count, nameof(logDet), "one log-determinant for each sample");
        RequireApart(x, z, nameof(z), sameAllowed: true);
        if (count == 0)
        {
            return;
        }

        fixed (float* source = x, latent = z, determinants = logDet)
        {
            var call = new GradientCall { Source = source, Count = count, Latent = latent, Densities = determinants };
            Run(ref call, FlowMode.Training, updateRunning: false);
        }
    }

    private static readonly GradientOptions DefaultOptions = new();

    private double Loss(ReadOnlySpan<float> x, Span<float> gradient, GradientOptions options, ReadOnlySpan<float> sampleWeights, bool updateRunning)
    {
        RequireInitialized();
        int count = CountSamples(x.Length, nameof(x));
        RequireLength(gradient.Length, shape.Trainables, nameof(gradient), "one number for each trainable parameter");
        RequireApart(x, gradient, nameof(gradient), sameAllowed: false);
        RequireApart(sampleWeights, gradient, nameof(gradient), sameAllowed: false);
        if (count == 0)
        {
            throw new ArgumentException($"{Description.Name}: a loss is a mean over samples, and there are none.", nameof(x));
        }

        double weightSum = sampleWeights.IsEmpty ? count : SumWeights(sampleWeights, count);
        fixed (float* source = x, toParameters = gradient, perSample = sampleWeights)
        {
            var call = new GradientCall
            {
                Source = source,
                Count = count,
                SampleWeights = perSample,
                InverseWeightSum = 1 / weightSum,
                Gradient = toParameters,
                Memory = options.Memory ?? DefaultMemory,
            };
            return Run(ref call, options.Mode, updateRunning);
        }
    }

    private double SumWeights(ReadOnlySpan<float> sampleWeights, int count)
    {
        RequireLength(sampleWeights.Length, count, nameof(sampleWeights), "one weight for each sample");
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            if (!(sampleWeights[i] >= 0) || !float.IsFinite(sampleWeights[i]))
            {
                throw new ArgumentException($"{Description.Name}: the weight of sample {i} is {sampleWeights[i]}; weights are 0 or more, and finite.", nameof(sampleWeights));
            }

            sum += sampleWeights[i];
        }

        return sum > 0 ? sum : throw new ArgumentException($"{Description.Name}: the weights of all {count} samples are zero.", nameof(sampleWeights));
    }

    private double Run(ref GradientCall call, FlowMode mode, bool updateRunning)
    {
        Partition(ref call);
        var work = gradients.Rent();
        bool batch = mode == FlowMode.Training && Description.Layers.Any(static layer => layer is IBatchCoupledLayer);
        return batch || call.Latent != null
            ? IsImage ? work.RunImageBatch(call, updateRunning) : work.RunBatch(call, updateRunning)
            : work.RunTiles(call);
    }

    /// <summary>
    /// Divides the batch: few large tiles where the gradient itself does not fit in cache, since every tile reads and writes all of it.
    /// </summary>
    private void Partition(ref GradientCall call)
    {
        int most = shape.GradientFloats <= 64 * 1024 ? TileGeometry.TileLanes : Math.Max(128, TileGeometry.TileLanes);
        int slots = shape.GradientFloats <= 64 * 1024 ? 8 : shape.GradientFloats <= 1024 * 1024 ? 4 : 2;
        call.Lanes = IsImage ? 1 : Math.Min(most, TileGeometry.PadTile(call.Count));
        call.Tiles = (call.Count + call.Lanes - 1) / call.Lanes;
        call.Slots = Math.Min(slots, call.Tiles);
        if (shape.Tables > 0)
        {
            // Where tables are so much larger than what a sample reads of them, sums over few samples cost more to begin and to add up than they save.
            call.Slots = (int)Math.Clamp(Cost(call.Count) / (12L * shape.GradientFloats), 1, call.Slots);
        }
    }

    private bool WorthThreads(in GradientCall call) => 3 * Cost(call.Count) > WorthSharing;

    /// <summary>The memory of one tile in a gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TileMemory TakeMemory(int lanes, int first, int last, MemoryMode memory)
    {
        int state = TileGeometry.BlockFloats(size, lanes);
        int gradWork = TileGeometry.BlockFloats(recordRows, lanes);
        int turned = TileGeometry.Pad16(lanes * (TileGeometry.Pad16(Math.Max(shape.WidestInput, 1)) + 16)) + 256;
        long records = 0;
        int kept = 0;
        if (memory == MemoryMode.Stored)
        {
            for (int layer = first; layer < last; layer++)
            {
                records += state + TileGeometry.BlockFloats(places[layer].RecordRows, lanes);
            }
        }
        else
        {
            records = TileGeometry.BlockFloats(Math.Max(recordRows, shape.WorkRows), lanes);
            kept = keptLayers > 0 ? state * (keptLayers + 1) : 0;
        }

        var scratch = Scratch.Rent(checked((int)((2 * state) + gradWork + turned + (6 * TileGeometry.Pad16(lanes)) + kept + records)));
        return new TileMemory
        {
            State = scratch.Take(state),
            GradState = scratch.Take(state),
            GradWork = scratch.Take(gradWork),
            Turned = scratch.Take(turned),
            LogDet = scratch.Take(2 * TileGeometry.Pad16(lanes)),
            Discarded = scratch.Take(2 * TileGeometry.Pad16(lanes)),
            GradLogDet = scratch.Take(TileGeometry.Pad16(lanes)),
            LaneWeights = scratch.Take(TileGeometry.Pad16(lanes)),
            Kept = scratch.Take(kept),
            Records = scratch.Take((int)records),
        };
    }

    // Weights are not worth packing where they are more than the caches hold.
    private bool SkipsZeros(in GradientCall call) => skipsZeros && call.Count >= FewestToSkip && shape.Weights <= 1 << 20;

    private Tile CreateTile(in TileMemory memory, int lanes, float* gradient) => new()
    {
        Lanes = lanes,
        State = ref *memory.State,
        LogDet = ref *memory.LogDet,
        Weights = ref *weights.Get(WeightForm.Tile),
        TransposedWeights = ref *weights.Get(WeightForm.Transposed),
        Parameters = ref Trainables,
        GradState = ref *memory.GradState,
        GradLogDet = ref *memory.GradLogDet,
        GradWork = ref *memory.GradWork,
        Turned = ref *memory.Turned,
        Gradient = ref *gradient,
    };

    /// <summary>Layers first .. last - 1, keeping of each its input and what its backward pass reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Record(ref Tile tile, in TileMemory memory, int first, int last)
    {
        int state = TileGeometry.BlockFloats(size, tile.Lanes);
        float* record = memory.Records;
        tile.Recording = true;
        for (int layer = first; layer < last; layer++)
        {
            new ReadOnlySpan<float>(memory.State, size * tile.Lanes).CopyTo(new Span<float>(record, size * tile.Lanes));
            tile.Work = ref *(record + state);
            program.Forward(ref tile, layer, layer + 1);
            record += state + TileGeometry.BlockFloats(places[layer].RecordRows, tile.Lanes);
        }
    }

    /// <summary>The backward pass over what <see cref="Record"/> kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unwind(ref Tile tile, in TileMemory memory, int first, int last)
    {
        int state = TileGeometry.BlockFloats(size, tile.Lanes);
        float* record = memory.Records;
        for (int layer = first; layer < last; layer++)
        {
            record += state + TileGeometry.BlockFloats(places[layer].RecordRows, tile.Lanes);
        }

        for (int layer = last - 1; layer >= first; layer--)
        {
            record -= state + TileGeometry.BlockFloats(places[layer].RecordRows, tile.Lanes);
            tile.State = ref *record;
            tile.Work = ref *(record + state);
            program.Backward(ref tile, layer);
        }
    }

    /// <summary>
    /// The backward pass that rebuilds each layer's input from its output. Returns whether what was rebuilt agrees with what is known: the data, and the outputs of
    /// the layers that kept their inputs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Rebuild(ref Tile tile, in TileMemory memory, float* source, int count)
    {
        tile.Recording = true;
        tile.Work = ref *memory.Records;
        tile.LogDet = ref *memory.Discarded;
        int block = TileGeometry.BlockFloats(size, tile.Lanes);
        int floats = size * tile.Lanes;
        float* rebuilt = memory.Kept + (block * (nint)keptLayers);
        float* kept = rebuilt;
        bool isKnown = true;
        for (int layer = places.Length - 1; layer >= 0; layer--)
        {
            if (places[layer].KeepsInput)
            {
                kept -= block;
                if (!isKnown)
                {
                    new ReadOnlySpan<float>(memory.State, floats).CopyTo(new Span<float>(rebuilt, floats));
                }

                new ReadOnlySpan<float>(kept, floats).CopyTo(new Span<float>(memory.State, floats));
                if (!isKnown || places[layer].RecordRows > 0)
                {
                    program.Forward(ref tile, layer, layer + 1);
                    if (!isKnown && !IsRebuilt(rebuilt, memory.State, tile.Lanes, 1, tile.Lanes, count))
                    {
                        return false;
                    }

                    new ReadOnlySpan<float>(kept, floats).CopyTo(new Span<float>(memory.State, floats));
                }

                isKnown = true;
            }
            else
            {
                program.Inverse(ref tile, layer, layer + 1);
                isKnown = false;
            }

            program.Backward(ref tile, layer);
        }

        return isKnown || IsRebuilt(memory.State, source, 1, size, tile.Lanes, count);
    }

    /// <summary>All layers, keeping the inputs of those that are not rebuilt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardKeeping(ref Tile tile, in TileMemory memory)
    {
        int floats = size * tile.Lanes;
        float* kept = memory.Kept;
        int from = 0;
        for (int layer = 0; layer < places.Length; layer++)
        {
            if (places[layer].KeepsInput)
            {
                program.Forward(ref tile, from, layer);
                new ReadOnlySpan<float>(memory.State, floats).CopyTo(new Span<float>(kept, floats));
                kept += TileGeometry.BlockFloats(size, tile.Lanes);
                from = layer;
            }
        }

        program.Forward(ref tile, from, places.Length);
    }

    /// <summary>One tile's share of the loss and of the gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double GradientTile(in GradientCall call, int index, float* gradient, float* retry)
    {
        int row = index * call.Lanes;
        int count = call.RowsOf(index);
        int lanes = call.LanesOf(index);
        var memory = TakeMemory(lanes, 0, shape.Layers, call.Memory);
        var tile = CreateTile(memory, lanes, call.Memory == MemoryMode.Recompute ? retry : gradient);
        if (SkipsZeros(call))
        {
            tile.Samples = lanes;
            tile.SingleWeights = ref *weights.Get(WeightForm.Single);
        }

        TileLayout.Load(call.Source + ((nint)row * size), count, size, memory.State, lanes);
        new Span<float>(memory.LogDet, 2 * lanes).Clear();
        if (call.Memory == MemoryMode.Stored)
        {
            Record(ref tile, memory, 0, shape.Layers);
        }
        else
        {
            new Span<float>(retry, shape.GradientFloats).Clear();
            tile.Work = ref *memory.Records;
            ForwardKeeping(ref tile, memory);
        }

        double loss = Upstream(ref tile, memory, call, row, count);
        if (call.Memory == MemoryMode.Stored)
        {
            Unwind(ref tile, memory, 0, shape.Layers);
        }
        else
        {
            if (!Rebuild(ref tile, memory, call.Source + ((nint)row * size), count))
            {
                _ = Interlocked.Increment(ref recomputedTiles);
                var stored = call;
                stored.Memory = MemoryMode.Stored;
                return GradientTile(stored, index, gradient, retry);
            }

            Accumulate(retry, gradient, shape.GradientFloats);
        }

        if (call.GradX != null)
        {
            TileLayout.Store(memory.GradState, lanes, call.GradX + ((nint)row * size), count, size);
        }

        return loss;
    }

    /// <summary>Sets dL/dz and dL/dlog-det of the tile, zero in lanes without a sample; returns the tile's share of the loss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Upstream(ref Tile tile, in TileMemory memory, in GradientCall call, int row, int count)
    {
        int lanes = tile.Lanes;
        var byLogDet = new Span<float>(memory.GradLogDet, lanes);
        byLogDet.Clear();
        if (call.GradZ != null)
        {
            new ReadOnlySpan<float>(call.GradLogDet + row, count).CopyTo(byLogDet);
            TileLayout.Load(call.GradZ + ((nint)row * size), count, size, memory.GradState, lanes);
            for (int feature = 0; feature < size; feature++)
            {
                new Span<float>(memory.GradState + ((nint)feature * lanes) + count, lanes - count).Clear();
            }

            return 0;
        }

        var laneWeights = new Span<float>(memory.LaneWeights, lanes);
        laneWeights.Clear();
        for (int lane = 0; lane < count; lane++)
        {
            double weight = call.SampleWeights == null ? call.InverseWeightSum : call.SampleWeights[row + lane] * call.InverseWeightSum;
            laneWeights[lane] = (float)weight;
            byLogDet[lane] = (float)-weight;
        }

        PriorKernels.AddLogProb(ref tile, size, Description.Prior);
        PriorKernels.Gradient(ref tile, size, Description.Prior, ref *memory.LaneWeights);
        double loss = 0;
        for (int lane = 0; lane < count; lane++)
        {
            double weight = call.SampleWeights == null ? call.InverseWeightSum : call.SampleWeights[row + lane] * call.InverseWeightSum;
            double logProb = (double)memory.LogDet[lane] + memory.LogDet[lanes + lane];
            loss -= weight == 0 ? 0 : weight * logProb;
        }

        return loss;
    }

    /// <summary>Whether a tile agrees with what it should be, of which the strides from feature to feature and from sample to sample are given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsRebuilt(float* rebuilt, float* truth, nint featureStride, nint sampleStride, int lanes, int count)
    {
        for (int feature = 0; feature < size; feature++)
        {
            for (int lane = 0; lane < count; lane++)
            {
                if (IsOff(rebuilt[((nint)feature * lanes) + lane], truth[(feature * featureStride) + (lane * sampleStride)]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOff(float a, float b) => !(Math.Abs(a - b) <= RebuildTolerance * Math.Max(1, Math.Min(Math.Abs(a), Math.Abs(b))));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(float* source, float* destination, int count)
    {
        int width = System.Numerics.Vector<float>.Count;
        int i = 0;
        for (; i <= count - width; i += width)
        {
            var sum = System.Numerics.Vector.Load(destination + i) + System.Numerics.Vector.Load(source + i);
            System.Numerics.Vector.Store(sum, destination + i);
        }

        for (; i < count; i++)
        {
            destination[i] += source[i];
        }
    }

    private struct TileMemory
    {
        public float* State;
        public float* GradState;
        public float* GradWork;
        public float* Turned;
        public float* LogDet;
        public float* Discarded;
        public float* GradLogDet;
        public float* LaneWeights;

        /// <summary>The inputs that are kept, and behind them room for one output.</summary>
        public float* Kept;

        public float* Records;
    }
}
