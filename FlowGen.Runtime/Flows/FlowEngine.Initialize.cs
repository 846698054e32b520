using FlowGen.Kernels;

namespace FlowGen;

// Data-dependent initialisation.
public sealed unsafe partial class FlowEngine
{
    /// <inheritdoc cref="IFlow.Initialize"/>
    public void Initialize(ReadOnlySpan<float> x)
    {
        int count = CountSamples(x.Length, nameof(x));
        if ((long)count * Description.EventShape.Pixels < 2)
        {
            throw new ArgumentException($"{Description.Name}: moments are taken over at least 2 samples; {count} were given.", nameof(x));
        }

        if (IsInitialized)
        {
            return;
        }

        if (IsImage)
        {
            InitializeImages(x, count);
            return;
        }

        // Strictly forward: each layer sees what its initialised predecessors make of the batch.
        var call = new GradientCall { Count = count, Lanes = Math.Min(TileGeometry.TileLanes, TileGeometry.PadTile(count)) };
        call.Tiles = (count + call.Lanes - 1) / call.Lanes;
        int stride = TileGeometry.BlockFloats(size, call.Lanes);
        float[] memory = GC.AllocateArray<float>(checked(stride * call.Tiles), pinned: true);
        double[] mean = new double[size];
        double[] variance = new double[size];
        fixed (float* source = x, tiles = memory)
        {
            for (int index = 0; index < call.Tiles; index++)
            {
                TileLayout.Load(source + ((nint)index * call.Lanes * size), call.RowsOf(index), size, tiles + ((nint)index * stride), call.LanesOf(index));
            }

            int done = 0;
            foreach (var layer in Description.Layers)
            {
                if (layer is not IDataDependentLayer waiting)
                {
                    continue;
                }

                var (trainables, buffers) = Parameters.LayerParts(layer);
                if (buffers[waiting.InitializedFlag] != 0)
                {
                    continue;
                }

                Advance(tiles, stride, call, done, layer.Index);
                done = layer.Index;
                Moments(tiles, stride, call, mean, variance);
                waiting.Initialize(mean, variance, trainables, buffers);
                buffers[waiting.InitializedFlag] = 1;
                Parameters.MarkChanged();
            }
        }
    }

    private void Advance(float* tiles, int stride, in GradientCall call, int first, int last)
    {
        for (int index = 0; index < call.Tiles; index++)
        {
            int lanes = call.LanesOf(index);
            int work = TileGeometry.BlockFloats(shape.WorkRows, lanes);
            int sums = TileGeometry.Pad16(2 * lanes);
            var scratch = Scratch.Rent(work + sums);
            var tile = new Tile
            {
                Lanes = lanes,
                State = ref *(tiles + ((nint)index * stride)),
                Work = ref *scratch.Take(work),
                LogDet = ref *scratch.Take(sums),
                Weights = ref *weights.Get(WeightForm.Tile),
                Parameters = ref Trainables,
            };
            program.Forward(ref tile, first, last);
        }
    }
}
