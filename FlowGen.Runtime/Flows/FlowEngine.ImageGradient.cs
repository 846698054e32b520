using System.Runtime.CompilerServices;
using FlowGen.Kernels;

namespace FlowGen;

// Gradients of one image.
public sealed unsafe partial class FlowEngine
{
    /// <summary>The floats of stored activations beyond which an image recomputes unless it is told to store: four megabytes.</summary>
    private const long MostStored = 1 << 20;

    /// <summary>What a gradient keeps where nothing is said.</summary>
    private MemoryMode DefaultMemory { get; }

    private MemoryMode ChooseMemory() =>
        IsImage && Enumerable.Range(0, shape.Layers).Sum(layer => (long)RecordFloats(layer)) > MostStored ? MemoryMode.Recompute : MemoryMode.Stored;

    /// <summary>The memory of one image in a gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Tile TakeImage(int first, int last, MemoryMode memory, float* gradient, out float* records)
    {
        int state = ImageFloats(imageState);
        int latent = ImageFloats(TileGeometry.PadTile(size));
        int lanes = Math.Max(imageLanes, TileGeometry.PadTile(size));
        int work = ImageFloats(recordRows);
        int turned = TileGeometry.Pad16(lanes * (TileGeometry.Pad16(Math.Max(shape.WidestInput, 1)) + 16)) + 256;
        long recorded = 0;
        if (memory == MemoryMode.Stored)
        {
            for (int layer = first; layer < last; layer++)
            {
                recorded += RecordFloats(layer);
            }
        }
        else
        {
            recorded = ImageFloats(Math.Max(recordRows, shape.WorkRows));
            for (int layer = first; layer < last; layer++)
            {
                recorded += places[layer].KeepsInput ? ImageFloats(views[layer].StateFloats) : 0;
            }

            // Room for one output behind what is kept.
            recorded += keptLayers > 0 ? ImageFloats(imageState) : 0;
        }

        var scratch = Scratch.Rent(checked((int)((2 * state) + (2 * latent) + work + turned + (3 * TileGeometry.Pad16(lanes)) + recorded)));
        var tile = new Tile
        {
            Recording = true,
            State = ref *scratch.Take(state),
            GradState = ref *scratch.Take(state),
            Latent = ref *scratch.Take(latent),
            GradLatent = ref *scratch.Take(latent),
            GradWork = ref *scratch.Take(work),
            Turned = ref *scratch.Take(turned),
            LogDet = ref *scratch.Take(2 * TileGeometry.Pad16(lanes)),
            GradLogDet = ref *scratch.Take(TileGeometry.Pad16(lanes)),
            Weights = ref *weights.Get(WeightForm.Tile),
            Parameters = ref Trainables,
            TransposedWeights = ref *weights.Get(WeightForm.Transposed),
            Gradient = ref *gradient,
        };
        records = scratch.Take((int)recorded);
        tile.Work = ref *records;
        new Span<float>(Unsafe.AsPointer(ref tile.LogDet), 2 * lanes).Clear();
        return tile;
    }

    private int RecordFloats(int layer) => ImageFloats(views[layer].StateFloats) + ImageFloats(places[layer].RecordRows);

    /// <summary>Layers first .. last - 1, keeping of each its input and what its backward pass reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RecordImage(ref Tile tile, float* records, int first, int last)
    {
        for (int layer = first; layer < last; layer++)
        {
            int state = views[layer].StateFloats;
            new ReadOnlySpan<float>(Unsafe.AsPointer(ref tile.State), state).CopyTo(new Span<float>(records, state));
            tile.Work = ref *(records + ImageFloats(state));
            program.Forward(ref tile, layer, layer + 1);
            records += RecordFloats(layer);
        }
    }

    /// <summary>The backward pass over what <see cref="RecordImage"/> kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void UnwindImage(ref Tile tile, float* records, int first, int last)
    {
        for (int layer = first; layer < last; layer++)
        {
            records += RecordFloats(layer);
        }

        for (int layer = last - 1; layer >= first; layer--)
        {
            records -= RecordFloats(layer);
            tile.State = ref *records;
            tile.Work = ref *(records + ImageFloats(views[layer].StateFloats));
            ImageTile.EnterGradient(ref tile, views[layer]);
            program.Backward(ref tile, layer);
        }
    }

    /// <summary>
    /// The backward pass that rebuilds each layer's input from its output. Returns whether what was rebuilt agrees with what is known: the data, and the outputs of
    /// the layers that kept their inputs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool RebuildImage(ref Tile tile, float* rebuilt, float* source)
    {
        float* kept = rebuilt;
        bool isKnown = true;
        for (int layer = places.Length - 1; layer >= 0; layer--)
        {
            if (places[layer].KeepsInput)
            {
                int state = views[layer].StateFloats;
                kept -= ImageFloats(state);
                if (!isKnown)
                {
                    new ReadOnlySpan<float>(Unsafe.AsPointer(ref tile.State), state).CopyTo(new Span<float>(rebuilt, state));
                }

                new ReadOnlySpan<float>(kept, state).CopyTo(new Span<float>(Unsafe.AsPointer(ref tile.State), state));
                if (!isKnown || places[layer].RecordRows > 0)
                {
                    program.Forward(ref tile, layer, layer + 1);
                    if (!isKnown && !IsRebuilt(ref tile, rebuilt, tile.Lanes, views[layer]))
                    {
                        return false;
                    }

                    new ReadOnlySpan<float>(kept, state).CopyTo(new Span<float>(Unsafe.AsPointer(ref tile.State), state));
                }

                isKnown = true;
            }
            else
            {
                program.Inverse(ref tile, layer, layer + 1);
                isKnown = false;
            }

            ImageTile.SpreadGradLogDet(ref tile);
            program.Backward(ref tile, layer);
        }

        return isKnown || IsRebuilt(ref tile, source, views[0].Pixels, views[0]);
    }

    /// <summary>All layers, keeping the inputs of those that are not rebuilt; returns the end of what was kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* ForwardKeepingImage(ref Tile tile, float* records)
    {
        float* kept = records + ImageFloats(Math.Max(recordRows, shape.WorkRows));
        int from = 0;
        for (int layer = 0; layer < places.Length; layer++)
        {
            if (places[layer].KeepsInput)
            {
                program.Forward(ref tile, from, layer);
                int state = views[layer].StateFloats;
                new ReadOnlySpan<float>(Unsafe.AsPointer(ref tile.State), state).CopyTo(new Span<float>(kept, state));
                kept += ImageFloats(state);
                from = layer;
            }
        }

        program.Forward(ref tile, from, places.Length);
        return kept;
    }

    /// <summary>One image's share of the loss and of the gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double ImageGradient(in GradientCall call, int row, float* gradient, float* retry)
    {
        bool stored = call.Memory == MemoryMode.Stored;
        float* source = call.Source + ((nint)row * size);
        var tile = TakeImage(0, shape.Layers, call.Memory, stored ? gradient : retry, out float* records);
        ImageTile.Load(ref tile, source, views[0]);
        float* kept = records;
        if (stored)
        {
            RecordImage(ref tile, records, 0, shape.Layers);
        }
        else
        {
            new Span<float>(retry, shape.GradientFloats).Clear();
            tile.Recording = false;
            kept = ForwardKeepingImage(ref tile, records);
            tile.Recording = true;
        }

        EmitRest(ref tile);
        double loss = UpstreamOfImage(ref tile, call, row);
        if (stored)
        {
            UnwindImage(ref tile, records, 0, shape.Layers);
        }
        else
        {
            if (!RebuildImage(ref tile, kept, source))
            {
                _ = Interlocked.Increment(ref recomputedTiles);
                var again = call;
                again.Memory = MemoryMode.Stored;
                return ImageGradient(again, row, gradient, retry);
            }

            Accumulate(retry, gradient, shape.GradientFloats);
        }

        if (call.GradX != null)
        {
            ImageTile.StoreRows(ref tile.GradState, ref *(call.GradX + ((nint)row * size)), views[0].Channels, views[0].Pixels, views[0].Lanes);
        }

        return loss;
    }

    /// <summary>Sets dL/dz and dL/dlog-det of an image whose latent is complete; returns its share of the loss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double UpstreamOfImage(ref Tile tile, in GradientCall call, int row)
    {
        double loss = 0;
        if (call.GradZ != null)
        {
            new ReadOnlySpan<float>(call.GradZ + ((nint)row * size), size).CopyTo(new Span<float>(Unsafe.AsPointer(ref tile.GradLatent), size));
            tile.ImageGradLogDet = call.GradLogDet[row];
        }
        else
        {
            double weight = call.SampleWeights == null ? call.InverseWeightSum : call.SampleWeights[row] * call.InverseWeightSum;
            double logProb = ImageTile.LogDet(ref tile) + LatentLogProb(ref tile);
            var latent = LatentRow(ref tile);
            new Span<float>(Unsafe.AsPointer(ref latent.GradLogDet), latent.Lanes).Fill((float)weight);
            PriorKernels.Gradient(ref latent, 1, Description.Prior, ref latent.GradLogDet);
            tile.ImageGradLogDet = (float)-weight;
            loss = weight == 0 ? 0 : -weight * logProb;
        }

        var view = views[^1];
        ImageTile.LoadRows(ref Unsafe.Add(ref tile.GradLatent, view.Emitted), ref tile.GradState, view.Channels, view.Pixels, view.Lanes, fill: false);
        return loss;
    }

    /// <summary>Whether the state agrees with another block, of which the stride from channel to channel is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsRebuilt(ref Tile tile, float* other, nint stride, in ImageView view)
    {
        for (int channel = 0; channel < view.Channels; channel++)
        {
            for (int pixel = 0; pixel < view.Pixels; pixel++)
            {
                if (IsOff(Unsafe.Add(ref tile.State, (channel * view.Lanes) + pixel), other[(channel * stride) + pixel]))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
