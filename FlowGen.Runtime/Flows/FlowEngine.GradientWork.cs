using System.Runtime.CompilerServices;
using FlowGen.Kernels;

namespace FlowGen;

// A gradient over a batch: partial sums in slots, each done by one thread from beginning to end.
public sealed unsafe partial class FlowEngine
{
    private sealed partial class GradientWork(FlowEngine engine) : ParallelWork
    {
        /// <summary>The floats that one thread adds up at a time.</summary>
        private const int ChunkLength = 16384;

        private readonly List<Block> sums = [];
        private readonly List<Block> retries = [];
        private readonly double[] losses = new double[8];
        private GradientCall call;
        private Phase phase;
        private float* total;

        private enum Phase
        {
            Preparation,
            Addition,
            Tiles,
            BatchForward,
            BatchBackward,
            ImagesForward,
            ImagesBackward,
        }

        /// <summary>A flow whose samples do not meet: every tile goes all the way forward and back.</summary>
        public double RunTiles(in GradientCall what)
        {
            call = what;
            phase = Phase.Tiles;
            if (IsDirect && call.Tiles == call.Slots && Threads == 1)
            {
                // Partial sums of one tile each may as well be added up while they are made: the same additions in the same order, without the passes over each sum.
                call.Slots = 1;
            }

            PrepareSlots();
            Hold();
            PrepareWeights();
            Run(call.Slots, Math.Min(Threads, call.Slots));
            return Finish();
        }

        /// <summary>
        /// Whether the first partial sum is the gradient itself, as there are no sums behind it, which parts of it are still computed from. A layer without such sums adds
        /// to every element once a tile.
        /// </summary>
        private bool IsDirect => call.Gradient != null && !engine.IsImage && !HasSums;

        private bool HasSums => engine.shape.GradientFloats > engine.shape.Trainables;

        private float* SumOf(int slot) => slot == 0 && IsDirect ? call.Gradient : sums[slot].Start;

        private int Threads => engine.WorthThreads(call) ? FlowThreads.Maximum : 1;

        /// <summary>The forms of the weights, each by a thread of its own.</summary>
        private void PrepareWeights()
        {
            bool skips = engine.SkipsZeros(call);
            if (!engine.weights.IsCurrent(WeightForm.Tile) || !engine.weights.IsCurrent(WeightForm.Transposed) || (skips && !engine.weights.IsCurrent(WeightForm.Single)))
            {
                var next = phase;
                phase = Phase.Preparation;
                Run(skips ? 3 : 2, Threads);
                phase = next;
            }
        }

        protected override void Execute(int item)
        {
            switch (phase)
            {
                case Phase.Preparation:
                    _ = engine.weights.Get(item == 0 ? WeightForm.Tile : item == 1 ? WeightForm.Transposed : WeightForm.Single);
                    break;
                case Phase.Addition:
                    AddSlots(item * ChunkLength, Math.Min(ChunkLength, engine.shape.GradientFloats - (item * ChunkLength)));
                    break;
                case Phase.Tiles:
                    float* sum = SumOf(item);
                    new Span<float>(sum, engine.shape.GradientFloats).Clear();
                    double loss = 0;
                    for (int tile = item; tile < call.Tiles; tile += call.Slots)
                    {
                        loss += engine.IsImage
                            ? engine.ImageGradient(call, tile, sum, retries[item].Start)
                            : engine.GradientTile(call, tile, sum, retries[item].Start);
                    }

                    losses[item] = loss;
                    break;
                case Phase.BatchForward:
                    ForwardSegment(item);
                    break;
                case Phase.BatchBackward:
                    BackwardSegment(item);
                    break;
                case Phase.ImagesForward:
                    ForwardImage(item);
                    break;
                case Phase.ImagesBackward:
                    BackwardImages(item);
                    break;
            }
        }

        private void PrepareSlots()
        {
            for (int slot = 0; slot < call.Slots; slot++)
            {
                if (sums.Count <= slot)
                {
                    sums.Add(new Block());
                    retries.Add(new Block());
                }

                if (slot > 0 || !IsDirect)
                {
                    sums[slot].Reserve(engine.shape.GradientFloats);
                }

                if (call.Memory == MemoryMode.Recompute && phase == Phase.Tiles)
                {
                    retries[slot].Reserve(engine.shape.GradientFloats);
                }
            }

            Array.Clear(losses);
        }

        /// <summary>Adds up the slots in order and hands the gradient over.</summary>
        private double Finish()
        {
            double loss = 0;
            for (int slot = 0; slot < call.Slots; slot++)
            {
                loss += losses[slot];
            }

            if (call.Gradient != null)
            {
                // Straight to where it goes, unless there are sums behind the gradient, which parts of it are still computed from.
                total = HasSums ? SumOf(0) : call.Gradient;
                if (total != SumOf(0) || call.Slots > 1)
                {
                    phase = Phase.Addition;
                    Run((engine.shape.GradientFloats + ChunkLength - 1) / ChunkLength, Threads);
                }

                var finish = new GradientSums
                {
                    Parameters = engine.Parameters.MutableTrainables,
                    Buffers = engine.Parameters.MutableBuffers,
                    Weights = new ReadOnlySpan<float>(engine.weights.Get(WeightForm.Tile), engine.shape.Weights),
                    Gradient = new Span<float>(total, engine.shape.GradientFloats),
                };
                engine.program.FinishGradient(ref finish);
                if (HasSums)
                {
                    new ReadOnlySpan<float>(total, engine.shape.Trainables).CopyTo(new Span<float>(call.Gradient, engine.shape.Trainables));
                }
            }

            Drop();
            return loss;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddSlots(int start, int count)
        {
            var sum = new Span<float>(total + start, count);
            float* first = SumOf(0) + start;
            if (total + start != first)
            {
                new ReadOnlySpan<float>(first, count).CopyTo(sum);
            }

            for (int slot = 1; slot < call.Slots; slot++)
            {
                Accumulate(sums[slot].Start + start, total + start, count);
            }
        }

        protected override void Release() => engine.gradients.Return(this);

        /// <summary>Pinned memory that grows and stays.</summary>
        private sealed class Block
        {
            private float[] memory = [];

            public float* Start { get; private set; }

            public void Reserve(long floats)
            {
                if (memory.Length >= floats + 32)
                {
                    return;
                }

                memory = GC.AllocateArray<float>(checked((int)floats + 32), pinned: true);
                fixed (float* first = memory)
                {
                    Start = (float*)(((nuint)first + 63) & ~(nuint)63);
                }
            }
        }
    }
}
