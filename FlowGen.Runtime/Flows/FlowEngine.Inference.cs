using System.Runtime.CompilerServices;
using FlowGen.Kernels;
using FlowGen.Random;

namespace FlowGen;

// Forward, inverse, density and samples. Compiled optimised at once: at tier 0 these few calls cost more than a small flow.
public sealed unsafe partial class FlowEngine
{
    /// <summary>Below this many multiplications a call is not worth a second thread: about fifteen microseconds.</summary>
    private const long WorthSharing = 1_000_000;

    // 32 MB, more than most caches hold: a layer's weights then come from memory for every tile. Where a core multiplies twice a cycle, 4 MB: the second cache hardly holds a layer beside a tile.
    private static readonly int FarWeights = Processor.MultipliesTwice ? 1 << 20 : 1 << 23;

    /// <summary>Above this residual, relative to max(1, max |z|), an inverse is no answer: what single precision loses is far below.</summary>
    private const float WorstResidual = 1e-3f;

    /// <summary>The most lanes of a tile, but for gradients. Only tests set it.</summary>
    internal int WidestTile { get; set; }

    private static readonly uint LatentStream = RandomNumbers.Stream(RandomPurpose.Sample);

    private readonly ObjectPool<InferenceWork> inference;

    /// <inheritdoc cref="IFlow.Forward"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(ReadOnlySpan<float> x, Span<float> z, Span<float> logDet)
    {
        RequireInitialized();
        Map(x, z, logDet, nameof(x), nameof(z), 0, shape.Layers, inverse: false);
    }

    /// <inheritdoc cref="IFlow.Inverse"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Inverse(ReadOnlySpan<float> z, Span<float> x, Span<float> logDet)
    {
        RequireInitialized();
        Map(z, x, logDet, nameof(z), nameof(x), 0, shape.Layers, inverse: true);
    }

    /// <inheritdoc cref="IFlow.LogProb"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void LogProb(ReadOnlySpan<float> x, Span<float> logProb)
    {
        RequireInitialized();
        int count = CountSamples(x.Length, nameof(x));
        RequireLength(logProb.Length, count, nameof(logProb), "one log-density for each sample");
        RequireApart(x, logProb, nameof(logProb), sameAllowed: size == 1);
        fixed (float* source = x, densities = logProb)
        {
            Run(new InferenceCall { Kind = InferenceKind.LogProb, Source = source, LogDet = densities, Count = count, Last = shape.Layers });
        }
    }

    /// <inheritdoc cref="IFlow.Sample"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Sample(Span<float> x, ulong seed, float temperature)
    {
        RequireInitialized();
        if (!(temperature >= 0) || !float.IsFinite(temperature))
        {
            throw new ArgumentException($"The temperature is {temperature}; it scales the latent and is 0 or more, and finite.", nameof(temperature));
        }

        int count = CountSamples(x.Length, nameof(x));
        fixed (float* destination = x)
        {
            Run(new InferenceCall { Kind = InferenceKind.Sample, Destination = destination, Count = count, Last = shape.Layers, Seed = seed, Temperature = temperature });
        }
    }

    /// <summary>Latents from the prior, as <see cref="Sample"/> draws them, with their log-densities.</summary>
    internal void SampleLatent(Span<float> z, Span<float> logProb, ulong seed)
    {
        int count = CountSamples(z.Length, nameof(z));
        fixed (float* destination = z, densities = logProb)
        {
            Run(new InferenceCall { Kind = InferenceKind.Latent, Destination = destination, LogDet = densities, Count = count, Seed = seed, Temperature = 1 });
        }
    }

    /// <summary>A range of layers, for the verifier and for finding where a value went wrong.</summary>
    internal void Run(ReadOnlySpan<float> source, Span<float> destination, Span<float> logDet, int first, int last, bool inverse) =>
        Map(source, destination, logDet, nameof(source), nameof(destination), first, last, inverse);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Map(
        ReadOnlySpan<float> source, Span<float> destination, Span<float> logDet, string sourceName, string destinationName, int first, int last, bool inverse)
    {
        int count = CountSamples(source.Length, sourceName);
        RequireLength(destination.Length, source.Length, destinationName, "as many numbers as the input");
        RequireApart(source, destination, destinationName, sameAllowed: true);
        if (!logDet.IsEmpty || count == 0)
        {
            RequireLength(logDet.Length, count, nameof(logDet), "one log-determinant for each sample");
            RequireApart(source, logDet, nameof(logDet), sameAllowed: false);
            RequireApart(destination, logDet, nameof(logDet), sameAllowed: false);
        }

        fixed (float* from = source, to = destination, determinants = logDet)
        {
            Run(new InferenceCall
            {
                Kind = inverse ? InferenceKind.Inverse : InferenceKind.Forward,
                Source = from,
                Destination = to,
                LogDet = determinants,
                Count = count,
                First = first,
                Last = last,
            });
        }
    }

    /// <summary>Latent to data, with a report of what iterative inverses reached.</summary>
    internal InverseReport Inverse(ReadOnlySpan<float> z, Span<float> x, Span<float> logDet, InverseOptions options) =>
        Inverse(z, x, logDet, options, 0, shape.Layers);

    /// <summary>The same through layers <paramref name="first"/> to <paramref name="last"/> - 1.</summary>
    internal InverseReport Inverse(ReadOnlySpan<float> z, Span<float> x, Span<float> logDet, InverseOptions options, int first, int last)
    {
        options.Check();
        RequireInitialized();
        int count = CountSamples(z.Length, nameof(z));
        RequireLength(x.Length, z.Length, nameof(x), "as many numbers as the input");
        RequireApart(z, x, nameof(x), sameAllowed: true);
        RequireLength(logDet.Length, count, nameof(logDet), "one log-determinant for each sample");
        RequireApart(z, logDet, nameof(logDet), sameAllowed: false);
        RequireApart(x, logDet, nameof(logDet), sameAllowed: false);
        float[] records = new float[count * InversionRecord.Rows];
        fixed (float* source = z, destination = x, determinants = logDet, inversion = records)
        {
            RunCall(new InferenceCall
            {
                Kind = InferenceKind.Inverse,
                Source = source,
                Destination = destination,
                LogDet = determinants,
                Count = count,
                First = first,
                Last = last,
                Inversion = inversion,
                InverseTolerance = (float)options.Tolerance,
                InverseLimit = options.MaximumIterations,
                InverseStep = (float)options.Step,
                InverseIsPlain = options.IsPlain,
            });
        }

        return new InverseReport(records, options.Tolerance, keptLayers > 0);
    }

    /// <summary>Runs a call; what iterative inverses reached is looked at even where nobody asks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(in InferenceCall call)
    {
        if (keptLayers == 0 || call.Kind is not (InferenceKind.Inverse or InferenceKind.Sample))
        {
            RunCall(call);
            return;
        }

        float[] records = System.Buffers.ArrayPool<float>.Shared.Rent(Math.Max(1, call.Count * InversionRecord.Rows));
        fixed (float* inversion = records)
        {
            var watched = call;
            watched.Inversion = inversion;
            RunCall(watched);
        }

        for (int sample = 0; sample < call.Count; sample++)
        {
            // What is not a number stays in its sample.
            float residual = records[sample * InversionRecord.Rows];
            if (residual > WorstResidual && float.IsFinite(residual))
            {
                System.Buffers.ArrayPool<float>.Shared.Return(records);
                throw new InverseNotConvergedException(
                    $"{Description.Name}: the inverse of sample {sample} leaves a residual of {residual:g3}, relative to its largest latent, though every coordinate is " +
                    "the nearest number of single precision: the layer takes numbers too large for that to latents too small. Call Inverse with InverseOptions for a report instead.");
            }
        }

        System.Buffers.ArrayPool<float>.Shared.Return(records);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunCall(in InferenceCall call)
    {
        int threads = FlowThreads.Maximum;
        if (threads > 1 && Cost(call.Count) > WorthSharing)
        {
            int rows = IsImage ? 1 : TileGeometry.SharedLanes(call.Count, threads, Widest(call));
            if (call.Count > rows)
            {
                inference.Rent().Run(call, rows, threads);
                return;
            }
        }

        RunRows(call, 0, call.Count);
    }

    // Samples of a tile whose inverses iterate wait for one another.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Widest(in InferenceCall call) => call.Inversion == null ? WidestTile : TileGeometry.TileLanes;

    /// <summary>Multiplications of a batch: every weight that is not in a table once for each sample, or for each pixel of a smaller level.</summary>
    private long Cost(int count) => (long)count * (shape.Weights - shape.Tables) * (IsImage ? Math.Max(1, views[^1].Pixels) : 1);

    /// <summary>Rows <paramref name="row"/> to <paramref name="end"/> - 1: full tiles, then the narrowest tile that holds the rest, or one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunRows(in InferenceCall call, int row, int end)
    {
        if (IsImage)
        {
            for (; row < end; row++)
            {
                RunImage(call, row);
            }

            return;
        }

        while (row < end)
        {
            int rest = end - row;
            int count = Math.Min(rest, Widest(call));
            int lanes = TileGeometry.PadWidth(count);
            if (rest <= TileGeometry.MostSingles)
            {
                count = lanes = 1;
            }

            RunTile(call, row, count, lanes);
            row += count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunTile(in InferenceCall call, int row, int count, int lanes)
    {
        int stateFloats = TileGeometry.BlockFloats(size, lanes);
        int workFloats = TileGeometry.BlockFloats(shape.WorkRows, lanes);
        int sumFloats = TileGeometry.Pad16(2 * lanes);
        int recordFloats = call.Inversion == null ? 0 : TileGeometry.Pad16(InversionRecord.Rows * lanes);
        var scratch = Scratch.Rent(stateFloats + workFloats + sumFloats + recordFloats);
        float* state = scratch.Take(stateFloats);
        float* work = scratch.Take(workFloats);
        float* sums = scratch.Take(sumFloats);
        float* records = scratch.Take(recordFloats);
        new Span<float>(sums, 2 * lanes).Clear();
        var tile = new Tile
        {
            Lanes = lanes,
            Unmeasured = call.Kind == InferenceKind.Sample,
            State = ref *state,
            Work = ref *work,
            LogDet = ref *sums,
            Weights = ref *weights.Get(lanes == 1 ? WeightForm.Single : WeightForm.Tile),
            Parameters = ref Trainables,
        };
        if (TileGeometry.HasFew && lanes > 1)
        {
            tile.Samples = count;
            if (skipsZeros || lanes == TileGeometry.Width)
            {
                tile.SingleWeights = ref *weights.Get(WeightForm.Single);
            }
        }

        if (call.Inversion != null)
        {
            new Span<float>(records, recordFloats).Clear();
            tile.Inversion = ref *records;
            tile.InverseTolerance = call.InverseTolerance;
            tile.InverseLimit = call.InverseLimit;
            tile.InverseStep = call.InverseStep;
        }

        float* destination = call.Destination + ((nint)row * size);
        switch (call.Kind)
        {
            case InferenceKind.Forward or InferenceKind.LogProb:
                TileLayout.Load(call.Source + ((nint)row * size), count, size, state, lanes);
                program.Forward(ref tile, call.First, call.Last);
                break;
            case InferenceKind.Inverse:
                TileLayout.Load(call.Source + ((nint)row * size), count, size, state, lanes);
                program.Inverse(ref tile, call.First, call.Last);
                break;
            default:
                DrawLatent(state, lanes, call.Seed, row, call.Temperature);
                if (call.Kind == InferenceKind.Sample)
                {
                    program.Inverse(ref tile, call.First, call.Last);
                }

                break;
        }

        if (call.Kind is InferenceKind.LogProb or InferenceKind.Latent)
        {
            PriorKernels.AddLogProb(ref tile, size, Description.Prior);
        }

        if (call.Kind != InferenceKind.LogProb)
        {
            TileLayout.Store(state, lanes, destination, count, size);
        }

        if (call.Inversion != null)
        {
            for (int i = 0; i < count * InversionRecord.Rows; i++)
            {
                call.Inversion[(row * InversionRecord.Rows) + i] = records[((i % InversionRecord.Rows) * lanes) + (i / InversionRecord.Rows)];
            }
        }

        if (call.LogDet != null)
        {
            for (int i = 0; i < count; i++)
            {
                call.LogDet[row + i] = sums[i] + sums[lanes + i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DrawLatent(float* state, int lanes, ulong seed, int row, float temperature)
    {
        if (Description.Prior == Prior.StandardLogistic)
        {
            TileRandom.FillLogistic(ref *state, size, lanes, seed, (ulong)row, LatentStream);
        }
        else
        {
            TileRandom.FillNormal(ref *state, size, lanes, seed, (ulong)row, LatentStream);
        }

        if (temperature != 1)
        {
            for (int i = 0; i < size * lanes; i++)
            {
                state[i] *= temperature;
            }
        }
    }

    private enum InferenceKind
    {
        Forward,
        Inverse,
        LogProb,
        Sample,
        Latent,
    }

    private struct InferenceCall
    {
        public InferenceKind Kind;
        public float* Source;
        public float* Destination;
        public float* LogDet;
        public int Count;
        public int First;
        public int Last;
        public ulong Seed;
        public float Temperature;

        /// <summary>Receives what iterative inverses report, <c>[count, 4]</c>; null where no layer iterates.</summary>
        public float* Inversion;
        public float InverseTolerance;
        public int InverseLimit;
        public bool InverseIsPlain;
        public float InverseStep;
    }

    /// <summary>A batch in tiles, shared between threads.</summary>
    private sealed class InferenceWork(FlowEngine engine) : ParallelWork
    {
        private InferenceCall call;
        private int rows;

        /// <summary>Tiles of <paramref name="samples"/> samples each.</summary>
        public void Run(in InferenceCall what, int samples, int threads)
        {
            call = what;
            rows = samples;
            Hold();
            Run((call.Count + rows - 1) / rows, threads);
            Drop();
        }

        protected override void Execute(int item) => engine.RunRows(call, item * rows, Math.Min(call.Count, (item + 1) * rows));

        protected override void Release() => engine.inference.Return(this);
    }
}
