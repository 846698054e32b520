using FlowGen.Kernels;

namespace FlowGen;

// A gradient over a batch: partial sums in slots, each done by one thread from beginning to end.
public sealed unsafe partial class FlowEngine
{
    private sealed partial class GradientWork(FlowEngine engine) : ParallelWork
    {
        private readonly List<Block> sums = [];
        private readonly List<Block> retries = [];
        private readonly double[] losses = new double[8];
        private GradientCall call;
        private Phase phase;

        private enum Phase
        {
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
            PrepareSlots();
            _ = engine.weights.Get(WeightForm.Tile);
            _ = engine.weights.Get(WeightForm.Transposed);
            Hold();
            Run(call.Slots, engine.WorthThreads(call) ? Math.Min(FlowThreads.Maximum, call.Slots) : 1);
            return Finish();
        }

        protected override void Execute(int item)
        {
            switch (phase)
            {
                case Phase.Tiles:
                    float* sum = sums[item].Start;
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

                sums[slot].Reserve(engine.shape.GradientFloats);
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
            float* total = sums[0].Start;
            for (int slot = 0; slot < call.Slots; slot++)
            {
                loss += losses[slot];
                if (slot > 0)
                {
                    Accumulate(sums[slot].Start, total, engine.shape.GradientFloats);
                }
            }

            if (call.Gradient != null)
            {
                var finish = new GradientSums
                {
                    Parameters = engine.Parameters.MutableTrainables,
                    Buffers = engine.Parameters.MutableBuffers,
                    Gradient = new Span<float>(total, engine.shape.GradientFloats),
                };
                engine.program.FinishGradient(ref finish);
                new ReadOnlySpan<float>(total, engine.shape.Trainables).CopyTo(new Span<float>(call.Gradient, engine.shape.Trainables));
            }

            Drop();
            return loss;
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
