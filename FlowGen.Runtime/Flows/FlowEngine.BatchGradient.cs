using FlowGen.Kernels;

namespace FlowGen;

// Training mode of flows with batch statistics: all samples reach a normalization before any goes on.
public sealed unsafe partial class FlowEngine
{
    private sealed partial class GradientWork
    {
        private readonly List<Block> inputs = [];
        private readonly Block states = new();
        private readonly Block logDets = new();
        private readonly List<int> barriers = [];
        private readonly List<double[]> scales = [];
        private readonly double[] mean = new double[engine.size];
        private readonly double[] variance = new double[engine.size];
        private int segmentFirst;
        private int segmentLast;
        private int segment;

        private int TileStride => TileGeometry.BlockFloats(engine.size, call.Lanes);

        /// <summary>The whole batch, segment by segment between the layers with batch statistics.</summary>
        public double RunBatch(in GradientCall what, bool updateRunning)
        {
            call = what;
            phase = Phase.BatchForward;
            PrepareSlots();
            FindBarriers();
            states.Reserve((long)TileStride * call.Tiles);
            logDets.Reserve(2L * call.Lanes * call.Tiles);
            new Span<float>(logDets.Start, 2 * call.Lanes * call.Tiles).Clear();
            Hold();
            PrepareWeights();
            float* weights = engine.weights.Get(WeightForm.Tile);
            for (int tile = 0; tile < call.Tiles; tile++)
            {
                TileLayout.Load(call.Source + ((nint)tile * call.Lanes * engine.size), call.RowsOf(tile), engine.size, StateOf(tile), call.LanesOf(tile));
            }

            for (segment = 0; segment <= barriers.Count; segment++)
            {
                SetSegment();
                inputs[segment].Reserve((long)TileStride * call.Tiles);
                new ReadOnlySpan<float>(states.Start, TileStride * call.Tiles).CopyTo(new Span<float>(inputs[segment].Start, TileStride * call.Tiles));
                Run(call.Tiles, Threads);
                if (segment < barriers.Count)
                {
                    Normalize(barriers[segment], weights, updateRunning);
                }
            }

            if (call.Latent != null)
            {
                StoreLatents();
                engine.weights.Invalidate();
                Drop();
                return 0;
            }

            phase = Phase.BatchBackward;
            for (segment = barriers.Count; segment >= 0; segment--)
            {
                SetSegment();
                Run(call.Slots, Math.Min(Threads, call.Slots));
                if (segment > 0)
                {
                    NormalizeBackward(barriers[segment - 1]);
                }
            }

            // The normalizations' prepared weights hold this batch's statistics.
            engine.weights.Invalidate();
            if (call.GradX != null)
            {
                for (int tile = 0; tile < call.Tiles; tile++)
                {
                    TileLayout.Store(StateOf(tile), call.LanesOf(tile), call.GradX + ((nint)tile * call.Lanes * engine.size), call.RowsOf(tile), engine.size);
                }
            }

            return Finish();
        }

        private float* StateOf(int tile) => states.Start + ((nint)tile * TileStride);

        private float* InputOf(int ofSegment, int tile) => inputs[ofSegment].Start + ((nint)tile * TileStride);

        private float* LogDetOf(int tile) => logDets.Start + (2 * (nint)tile * call.Lanes);

        private void FindBarriers()
        {
            barriers.Clear();
            foreach (var layer in engine.Description.Layers)
            {
                if (layer is IBatchCoupledLayer)
                {
                    barriers.Add(layer.Index);
                }
            }

            while (inputs.Count <= barriers.Count)
            {
                inputs.Add(new Block());
                scales.Add(new double[engine.size]);
            }
        }

        private void SetSegment()
        {
            segmentFirst = segment == 0 ? 0 : barriers[segment - 1] + 1;
            segmentLast = segment == barriers.Count ? engine.shape.Layers : barriers[segment];
        }

        private void ForwardSegment(int index)
        {
            int lanes = call.LanesOf(index);
            int work = TileGeometry.BlockFloats(engine.shape.WorkRows, lanes);
            var tile = new Tile
            {
                Lanes = lanes,
                State = ref *StateOf(index),
                Work = ref *Scratch.Rent(work).Take(work),
                LogDet = ref *LogDetOf(index),
                Weights = ref *engine.weights.Get(WeightForm.Tile),
                Parameters = ref engine.Trainables,
            };
            engine.program.Forward(ref tile, segmentFirst, segmentLast);
        }

        /// <summary>Stored activations of one segment at a time; <see cref="states"/> holds dL/dz of the segment's output, then of its input.</summary>
        private void BackwardSegment(int slot)
        {
            bool outermost = segment == barriers.Count;
            float* sum = SumOf(slot);
            if (outermost)
            {
                new Span<float>(sum, engine.shape.GradientFloats).Clear();
            }

            for (int index = slot; index < call.Tiles; index += call.Slots)
            {
                int lanes = call.LanesOf(index);
                int count = call.RowsOf(index);
                int row = index * call.Lanes;
                var memory = engine.TakeMemory(lanes, segmentFirst, segmentLast, MemoryMode.Stored);
                var tile = engine.CreateTile(memory, lanes, sum);
                int floats = engine.size * lanes;
                if (outermost)
                {
                    // The state is z here: the loss and its gradient first, then back over this segment.
                    new ReadOnlySpan<float>(StateOf(index), floats).CopyTo(new Span<float>(memory.State, floats));
                    new ReadOnlySpan<float>(LogDetOf(index), 2 * lanes).CopyTo(new Span<float>(memory.LogDet, 2 * lanes));
                    losses[slot] += engine.Upstream(ref tile, memory, call, row, count);
                    new ReadOnlySpan<float>(memory.GradState, floats).CopyTo(new Span<float>(StateOf(index), floats));
                    new ReadOnlySpan<float>(memory.GradLogDet, lanes).CopyTo(new Span<float>(LogDetOf(index), lanes));
                }
                else
                {
                    new ReadOnlySpan<float>(LogDetOf(index), lanes).CopyTo(new Span<float>(memory.GradLogDet, lanes));
                }

                new ReadOnlySpan<float>(InputOf(segment, index), floats).CopyTo(new Span<float>(memory.State, floats));
                new ReadOnlySpan<float>(StateOf(index), floats).CopyTo(new Span<float>(memory.GradState, floats));
                engine.Record(ref tile, memory, segmentFirst, segmentLast);
                engine.Unwind(ref tile, memory, segmentFirst, segmentLast);
                new ReadOnlySpan<float>(memory.GradState, floats).CopyTo(new Span<float>(StateOf(index), floats));
            }
        }

        private void Normalize(int layer, float* weights, bool updateRunning)
        {
            engine.Moments(states.Start, TileStride, call, mean, variance);
            var description = engine.Description.Layers[layer];
            var normalization = (IBatchCoupledLayer)description;
            if (call.Count < 2)
            {
                throw new ArgumentException(
                    $"{engine.Description.Name}: layer {layer} ({description.Kind}) normalises by the statistics of the batch in training mode; a batch of {call.Count} sample has no variance.");
            }

            normalization.PrepareBatch(mean, variance, new Span<float>(weights + engine.places[layer].Weights, engine.shape.Weights - engine.places[layer].Weights));
            double[] scale = scales[segment];
            for (int feature = 0; feature < engine.size; feature++)
            {
                scale[feature] = 1 / Math.Sqrt(variance[feature] + normalization.Epsilon);
            }

            if (updateRunning)
            {
                normalization.UpdateRunning(mean, variance, engine.Parameters.LayerParts(description).Buffers);
            }

            for (int index = 0; index < call.Tiles; index++)
            {
                var tile = new Tile { Lanes = call.LanesOf(index), State = ref *StateOf(index), LogDet = ref *LogDetOf(index), Weights = ref *weights };
                engine.program.Forward(ref tile, layer, layer + 1);
            }
        }

        /// <summary>
        /// g_x = (g_y - mean(g_y) - y (mean(g_y y) + mean(g_logdet))) / sqrt(v + eps): the exact gradient through the batch's statistics, where the
        /// log-det of each sample is minus half the sum of log(v + eps).
        /// </summary>
        private void NormalizeBackward(int layer)
        {
            double meanLogDet = 0;
            for (int index = 0; index < call.Tiles; index++)
            {
                for (int lane = 0; lane < call.RowsOf(index); lane++)
                {
                    meanLogDet += LogDetOf(index)[lane];
                }
            }

            meanLogDet /= call.Count;
            int before = barriers.IndexOf(layer);
            for (int feature = 0; feature < engine.size; feature++)
            {
                double sum = 0;
                double product = 0;
                for (int index = 0; index < call.Tiles; index++)
                {
                    float* g = StateOf(index) + ((nint)feature * call.LanesOf(index));
                    float* y = InputOf(before + 1, index) + ((nint)feature * call.LanesOf(index));
                    for (int lane = 0; lane < call.RowsOf(index); lane++)
                    {
                        sum += g[lane];
                        product += (double)g[lane] * y[lane];
                    }
                }

                double shift = sum / call.Count;
                double slope = (product / call.Count) + meanLogDet;
                double scale = scales[before][feature];
                for (int index = 0; index < call.Tiles; index++)
                {
                    float* g = StateOf(index) + ((nint)feature * call.LanesOf(index));
                    float* y = InputOf(before + 1, index) + ((nint)feature * call.LanesOf(index));
                    for (int lane = 0; lane < call.RowsOf(index); lane++)
                    {
                        g[lane] = (float)(scale * (g[lane] - shift - (y[lane] * slope)));
                    }
                }
            }
        }

        private void StoreLatents()
        {
            for (int index = 0; index < call.Tiles; index++)
            {
                int row = index * call.Lanes;
                TileLayout.Store(StateOf(index), call.LanesOf(index), call.Latent + ((nint)row * engine.size), call.RowsOf(index), engine.size);
                for (int lane = 0; lane < call.RowsOf(index); lane++)
                {
                    call.Densities[row + lane] = LogDetOf(index)[lane] + LogDetOf(index)[call.LanesOf(index) + lane];
                }
            }
        }
    }

    /// <summary>Mean and variance of each coordinate over a batch in tiles, in double, in the order of the samples.</summary>
    private void Moments(float* tiles, int stride, in GradientCall call, Span<double> mean, Span<double> variance)
    {
        for (int feature = 0; feature < size; feature++)
        {
            double sum = 0;
            for (int index = 0; index < call.Tiles; index++)
            {
                float* values = tiles + ((nint)index * stride) + ((nint)feature * call.LanesOf(index));
                for (int lane = 0; lane < call.RowsOf(index); lane++)
                {
                    sum += values[lane];
                }
            }

            double center = sum / call.Count;
            double squares = 0;
            for (int index = 0; index < call.Tiles; index++)
            {
                float* values = tiles + ((nint)index * stride) + ((nint)feature * call.LanesOf(index));
                for (int lane = 0; lane < call.RowsOf(index); lane++)
                {
                    double deviation = values[lane] - center;
                    squares += deviation * deviation;
                }
            }

            mean[feature] = center;
            variance[feature] = squares / call.Count;
        }
    }
}
