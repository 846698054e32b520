using System.Runtime.CompilerServices;
using FlowGen.Kernels;

namespace FlowGen;

// Images: one at a time, channels as rows and pixels as lanes, in a tile that changes its form along the stack.
public sealed unsafe partial class FlowEngine
{
    /// <summary>The form of the image before each layer, and after the last; empty for vectors.</summary>
    private readonly ImageView[] views;

    /// <summary>The most lanes and the most floats of state that an image has on its way.</summary>
    private readonly int imageLanes;
    private readonly int imageState;

    private bool IsImage => views.Length > 0;

    private static ImageView[] FindViews(FlowDescription description)
    {
        if (!description.EventShape.IsImage)
        {
            return [];
        }

        var views = new ImageView[description.Layers.Count + 1];
        for (int i = 0; i < views.Length; i++)
        {
            bool last = i == description.Layers.Count;
            var shape = last ? description.LatentShape : description.Layers[i].Input;
            views[i] = new ImageView(shape.Channels, shape.Pixels, description.EventShape.Size - shape.Size);
        }

        return views;
    }

    /// <summary>Image <paramref name="row"/> of a batch, outside gradients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunImage(in InferenceCall call, int row)
    {
        int stateFloats = ImageFloats(imageState);
        int latentFloats = ImageFloats(size);
        int workFloats = ImageFloats(shape.WorkRows);
        int sumFloats = 2 * Math.Max(imageLanes, TileGeometry.PadTile(size));
        var scratch = Scratch.Rent(stateFloats + latentFloats + workFloats + TileGeometry.Pad16(sumFloats));
        float* latent;
        var tile = new Tile
        {
            State = ref *scratch.Take(stateFloats),
            Latent = ref *(latent = scratch.Take(latentFloats)),
            Work = ref *scratch.Take(workFloats),
            LogDet = ref *scratch.Take(TileGeometry.Pad16(sumFloats)),
            Weights = ref *weights.Get(WeightForm.Tile),
            Parameters = ref Trainables,
            Unmeasured = call.Kind == InferenceKind.Sample,
        };
        new Span<float>(Unsafe.AsPointer(ref tile.LogDet), sumFloats).Clear();
        if (call.Inversion != null)
        {
            tile.Inversion = ref *(call.Inversion + ((nint)row * InversionRecord.Rows));
            new Span<float>(Unsafe.AsPointer(ref tile.Inversion), InversionRecord.Rows).Clear();
            tile.InverseTolerance = call.InverseTolerance;
            tile.InverseLimit = call.InverseLimit;
            tile.InverseStep = call.InverseStep;
            tile.InverseIsPlain = call.InverseIsPlain;
        }

        float* source = call.Source + ((nint)row * size);
        float* destination = call.Destination + ((nint)row * size);
        switch (call.Kind)
        {
            case InferenceKind.Forward:
                ImageTile.Load(ref tile, source, views[call.First]);
                program.Forward(ref tile, call.First, call.Last);
                ImageTile.Store(ref tile, destination, views[call.Last]);
                break;
            case InferenceKind.Inverse:
                ImageTile.Load(ref tile, source, views[call.Last]);
                program.Inverse(ref tile, call.First, call.Last);
                ImageTile.Store(ref tile, destination, views[call.First]);
                break;
            case InferenceKind.LogProb:
                ImageTile.Load(ref tile, source, views[0]);
                program.Forward(ref tile, 0, call.Last);
                EmitRest(ref tile);
                tile.FoldedLogDet = ImageTile.LogDet(ref tile) + LatentLogProb(ref tile);
                break;
            case InferenceKind.Sample:
                DrawLatent(latent, 1, call.Seed, row, call.Temperature);
                TakeRest(ref tile);
                program.Inverse(ref tile, 0, call.Last);
                ImageTile.Store(ref tile, destination, views[0]);
                break;
            default:
                DrawLatent(latent, 1, call.Seed, row, call.Temperature);
                new ReadOnlySpan<float>(latent, size).CopyTo(new Span<float>(destination, size));
                tile.FoldedLogDet = LatentLogProb(ref tile);
                break;
        }

        if (call.LogDet != null)
        {
            bool folded = call.Kind is InferenceKind.LogProb or InferenceKind.Latent;
            call.LogDet[row] = (float)(folded ? tile.FoldedLogDet : ImageTile.LogDet(ref tile));
        }
    }

    /// <summary>A block with the slack that kernels rely on.</summary>
    private static int ImageFloats(int floats) => TileGeometry.Pad16(floats) + (16 * TileGeometry.SlackRows);

    /// <summary>What reaches the end of the stack is the last part of the latent.</summary>
    private void EmitRest(ref Tile tile)
    {
        var view = views[^1];
        ImageTile.StoreRows(ref tile.State, ref Unsafe.Add(ref tile.Latent, view.Emitted), view.Channels, view.Pixels, view.Lanes);
    }

    private void TakeRest(ref Tile tile)
    {
        var view = views[^1];
        ImageTile.Enter(ref tile, view);
        ImageTile.LoadRows(ref Unsafe.Add(ref tile.Latent, view.Emitted), ref tile.State, view.Channels, view.Pixels, view.Lanes, fill: true);
    }

    /// <summary>log p of the latent: a tile of one row, with its coordinates as lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double LatentLogProb(ref Tile tile)
    {
        var row = LatentRow(ref tile);
        new Span<float>(Unsafe.AsPointer(ref row.LogDet), 2 * row.Lanes).Clear();
        PriorKernels.AddLogProb(ref row, 1, Description.Prior);
        row.FoldedLogDet = 0;
        return ImageTile.LogDet(ref row);
    }

    private Tile LatentRow(ref Tile tile)
    {
        var row = tile;
        row.Lanes = TileGeometry.PadTile(size);
        row.Pixels = size;
        row.State = ref tile.Latent;
        row.GradState = ref tile.GradLatent;
        ImageTile.Fill(ref row.State, size, row.Lanes, 0);
        return row;
    }
}
