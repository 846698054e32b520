using System.Runtime.CompilerServices;
using FlowGen.Kernels;

namespace FlowGen;

// Batches of images that meet: initialisation from data, and training mode with batch statistics.
public sealed unsafe partial class FlowEngine
{
    /// <summary>How many images a network that starts from data is shown.</summary>
    private const int ImagesOfNetworks = 256;

    /// <summary>Mean and variance of each channel over the images and positions of a batch, in double, in the order of the images.</summary>
    private void ImageMoments(float* states, int stride, int count, in ImageView view, Span<double> mean, Span<double> variance)
    {
        double total = (double)count * view.Pixels;
        for (int channel = 0; channel < view.Channels; channel++)
        {
            double sum = 0;
            for (int image = 0; image < count; image++)
            {
                foreach (float value in PixelsOf(states, stride, image, channel, view))
                {
                    sum += value;
                }
            }

            double center = sum / total;
            double squares = 0;
            for (int image = 0; image < count; image++)
            {
                foreach (float value in PixelsOf(states, stride, image, channel, view))
                {
                    double deviation = value - center;
                    squares += deviation * deviation;
                }
            }

            mean[channel] = center;
            variance[channel] = squares / total;
        }
    }

    private static Span<float> PixelsOf(float* states, int stride, int image, int channel, in ImageView view) =>
        new(states + ((nint)image * stride) + ((nint)channel * view.Lanes), view.Pixels);

    /// <summary>Strictly forward: each layer sees what its initialised predecessors make of the batch.</summary>
    private void InitializeImages(ReadOnlySpan<float> x, int count)
    {
        int stride = ImageFloats(imageState);
        int channels = views.Max(static view => view.Channels);
        float[] memory = GC.AllocateArray<float>(checked(stride * count), pinned: true);
        double[] mean = new double[channels];
        double[] variance = new double[channels];
        fixed (float* source = x, states = memory)
        {
            for (int image = 0; image < count; image++)
            {
                ImageTile.LoadRows(
                    ref *(source + ((nint)image * size)), ref *(states + ((nint)image * stride)), views[0].Channels, views[0].Pixels, views[0].Lanes, fill: true);
            }

            int done = 0;
            foreach (var layer in Description.Layers)
            {
                int flag = layer is IDataDependentLayer moments ? moments.InitializedFlag : layer is IDataDependentNetwork { StartsFromData: true } ? 0 : -1;
                var (trainables, buffers) = Parameters.LayerParts(layer);
                if (flag < 0 || buffers[flag] != 0)
                {
                    continue;
                }

                for (int image = 0; image < count; image++)
                {
                    _ = AdvanceImage(states + ((nint)image * stride), null, done, layer.Index);
                }

                done = layer.Index;
                var view = views[layer.Index];
                if (layer is IDataDependentLayer waiting)
                {
                    ImageMoments(states, stride, count, view, mean.AsSpan(0, view.Channels), variance.AsSpan(0, view.Channels));
                    waiting.Initialize(mean.AsSpan(0, view.Channels), variance.AsSpan(0, view.Channels), trainables, buffers);
                }
                else
                {
                    ((IDataDependentNetwork)layer).Initialize(SomeImages(states, stride, count, view), trainables);
                }

                buffers[flag] = 1;
                Parameters.MarkChanged();
            }
        }
    }

    /// <summary>Up to <see cref="ImagesOfNetworks"/> images of a batch, evenly spread over it, <c>[C, H, W]</c> each.</summary>
    private static double[][] SomeImages(float* states, int stride, int count, in ImageView view)
    {
        double[][] images = new double[Math.Min(count, ImagesOfNetworks)][];
        for (int i = 0; i < images.Length; i++)
        {
            int image = (int)((long)i * count / images.Length);
            images[i] = new double[view.Channels * view.Pixels];
            for (int channel = 0; channel < view.Channels; channel++)
            {
                var row = PixelsOf(states, stride, image, channel, view);
                for (int pixel = 0; pixel < row.Length; pixel++)
                {
                    images[i][(channel * view.Pixels) + pixel] = row[pixel];
                }
            }
        }

        return images;
    }

    /// <summary>Some layers on one image whose rows and split-off parts are kept by the caller, the latter perhaps nowhere; returns their log-det.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double AdvanceImage(float* state, float* latent, int first, int last)
    {
        int work = ImageFloats(shape.WorkRows);
        int sums = 2 * TileGeometry.Pad16(imageLanes);
        int parts = ImageFloats(size);
        var scratch = Scratch.Rent(work + sums + parts);
        var tile = new Tile
        {
            State = ref *state,
            Work = ref *scratch.Take(work),
            LogDet = ref *scratch.Take(sums),
            Latent = ref *(latent == null ? scratch.Take(parts) : latent),
            Weights = ref *weights.Get(WeightForm.Tile),
            Parameters = ref Trainables,
        };
        new Span<float>(Unsafe.AsPointer(ref tile.LogDet), sums).Clear();
        ImageTile.Enter(ref tile, views[first]);
        program.Forward(ref tile, first, last);
        return ImageTile.LogDet(ref tile);
    }

    // As for vectors (RunBatch), with the state of every image, what was split off it, and its log-det kept between the layers with batch statistics.
    private sealed partial class GradientWork
    {
        private readonly Block latents = new();
        private readonly Block gradLatents = new();
        private double[] imageLogDets = [];

        private int ImageStride => ImageFloats(engine.imageState);

        private int LatentStride => ImageFloats(TileGeometry.PadTile(engine.size));

        /// <summary>The whole batch, segment by segment between the layers with batch statistics.</summary>
        public double RunImageBatch(in GradientCall what, bool updateRunning)
        {
            call = what;
            phase = Phase.ImagesForward;
            PrepareSlots();
            FindBarriers();
            states.Reserve((long)ImageStride * call.Count);
            latents.Reserve((long)LatentStride * call.Count);
            gradLatents.Reserve((long)LatentStride * call.Count);
            imageLogDets = imageLogDets.Length < call.Count ? new double[call.Count] : imageLogDets;
            Array.Clear(imageLogDets);
            Hold();
            PrepareWeights();
            float* prepared = engine.weights.Get(WeightForm.Tile);
            var view = engine.views[0];
            for (int image = 0; image < call.Count; image++)
            {
                ImageTile.LoadRows(ref *(call.Source + ((nint)image * engine.size)), ref *ImageState(image), view.Channels, view.Pixels, view.Lanes, fill: true);
            }

            for (segment = 0; segment <= barriers.Count; segment++)
            {
                SetSegment();
                inputs[segment].Reserve((long)ImageStride * call.Count);
                new ReadOnlySpan<float>(states.Start, ImageStride * call.Count).CopyTo(new Span<float>(inputs[segment].Start, ImageStride * call.Count));
                Run(call.Count, Threads);
                if (segment < barriers.Count)
                {
                    NormalizeImages(barriers[segment], prepared, updateRunning);
                }
            }

            if (call.Latent != null)
            {
                for (int image = 0; image < call.Count; image++)
                {
                    float* state = ImageState(image);
                    float* parts = Latents(image);
                    var end = engine.views[^1];
                    new ReadOnlySpan<float>(parts, end.Emitted).CopyTo(new Span<float>(call.Latent + ((nint)image * engine.size), end.Emitted));
                    ImageTile.StoreRows(ref *state, ref *(call.Latent + ((nint)image * engine.size) + end.Emitted), end.Channels, end.Pixels, end.Lanes);
                    call.Densities[image] = (float)imageLogDets[image];
                }

                engine.weights.Invalidate();
                Drop();
                return 0;
            }

            phase = Phase.ImagesBackward;
            for (segment = barriers.Count; segment >= 0; segment--)
            {
                SetSegment();
                Run(call.Slots, Math.Min(Threads, call.Slots));
                if (segment > 0)
                {
                    NormalizeImagesBackward(barriers[segment - 1]);
                }
            }

            // The normalizations' prepared weights hold this batch's statistics.
            engine.weights.Invalidate();
            if (call.GradX != null)
            {
                for (int image = 0; image < call.Count; image++)
                {
                    ImageTile.StoreRows(ref *ImageState(image), ref *(call.GradX + ((nint)image * engine.size)), view.Channels, view.Pixels, view.Lanes);
                }
            }

            return Finish();
        }

        private float* ImageState(int image) => states.Start + ((nint)image * ImageStride);

        private float* Latents(int image) => latents.Start + ((nint)image * LatentStride);

        private float* GradLatents(int image) => gradLatents.Start + ((nint)image * LatentStride);

        private void ForwardImage(int image) =>
            imageLogDets[image] += engine.AdvanceImage(ImageState(image), Latents(image), segmentFirst, segmentLast);

        /// <summary>Stored activations of one segment at a time; the states hold dL/dz of the segment's output, then of its input.</summary>
        private void BackwardImages(int slot)
        {
            bool outermost = segment == barriers.Count;
            float* sum = sums[slot].Start;
            if (outermost)
            {
                new Span<float>(sum, engine.shape.GradientFloats).Clear();
            }

            for (int image = slot; image < call.Count; image += call.Slots)
            {
                var tile = engine.TakeImage(segmentFirst, segmentLast, MemoryMode.Stored, sum, out float* records);
                tile.Latent = ref *Latents(image);
                tile.GradLatent = ref *GradLatents(image);
                int floats = ImageStride;
                if (outermost)
                {
                    tile.State = ref *ImageState(image);
                    ImageTile.Enter(ref tile, engine.views[^1]);
                    engine.EmitRest(ref tile);
                    tile.FoldedLogDet = imageLogDets[image];
                    losses[slot] += engine.UpstreamOfImage(ref tile, call, image);
                    new ReadOnlySpan<float>(Unsafe.AsPointer(ref tile.GradState), floats).CopyTo(new Span<float>(ImageState(image), floats));
                    imageLogDets[image] = tile.ImageGradLogDet;
                    tile = engine.TakeImage(segmentFirst, segmentLast, MemoryMode.Stored, sum, out records);
                    tile.Latent = ref *Latents(image);
                    tile.GradLatent = ref *GradLatents(image);
                }

                tile.ImageGradLogDet = (float)imageLogDets[image];
                new ReadOnlySpan<float>(inputs[segment].Start + ((nint)image * ImageStride), floats).CopyTo(new Span<float>(Unsafe.AsPointer(ref tile.State), floats));
                new ReadOnlySpan<float>(ImageState(image), floats).CopyTo(new Span<float>(Unsafe.AsPointer(ref tile.GradState), floats));
                ImageTile.Enter(ref tile, engine.views[segmentFirst]);
                engine.RecordImage(ref tile, records, segmentFirst, segmentLast);
                engine.UnwindImage(ref tile, records, segmentFirst, segmentLast);
                new ReadOnlySpan<float>(Unsafe.AsPointer(ref tile.GradState), floats).CopyTo(new Span<float>(ImageState(image), floats));
            }
        }

        private void NormalizeImages(int layer, float* prepared, bool updateRunning)
        {
            var view = engine.views[layer];
            var description = engine.Description.Layers[layer];
            var normalization = (IBatchCoupledLayer)description;
            if ((long)call.Count * view.Pixels < 2)
            {
                throw new ArgumentException(
                    $"{engine.Description.Name}: layer {layer} ({description.Kind}) normalises by the statistics of the batch in training mode; a batch of {call.Count} image of one pixel has no variance.");
            }

            var means = mean.AsSpan(0, view.Channels);
            var variances = variance.AsSpan(0, view.Channels);
            engine.ImageMoments(states.Start, ImageStride, call.Count, view, means, variances);
            normalization.PrepareBatch(means, variances, new Span<float>(prepared + engine.places[layer].Weights, engine.shape.Weights - engine.places[layer].Weights));
            for (int channel = 0; channel < view.Channels; channel++)
            {
                scales[segment][channel] = 1 / Math.Sqrt(variances[channel] + normalization.Epsilon);
            }

            if (updateRunning)
            {
                normalization.UpdateRunning(means, variances, engine.Parameters.LayerParts(description).Buffers);
            }

            for (int image = 0; image < call.Count; image++)
            {
                imageLogDets[image] += engine.AdvanceImage(ImageState(image), Latents(image), layer, layer + 1);
            }
        }

        /// <summary>As <see cref="NormalizeBackward"/>, with means over images and positions.</summary>
        private void NormalizeImagesBackward(int layer)
        {
            var view = engine.views[layer];
            double meanLogDet = 0;
            for (int image = 0; image < call.Count; image++)
            {
                meanLogDet += imageLogDets[image] / call.Count;
            }

            int before = barriers.IndexOf(layer);
            float* outputs = inputs[before + 1].Start;
            double total = (double)call.Count * view.Pixels;
            for (int channel = 0; channel < view.Channels; channel++)
            {
                double sum = 0;
                double product = 0;
                for (int image = 0; image < call.Count; image++)
                {
                    var g = PixelsOf(states.Start, ImageStride, image, channel, view);
                    var y = PixelsOf(outputs, ImageStride, image, channel, view);
                    for (int pixel = 0; pixel < view.Pixels; pixel++)
                    {
                        sum += g[pixel];
                        product += (double)g[pixel] * y[pixel];
                    }
                }

                double shift = sum / total;
                double slope = (product / total) + meanLogDet;
                double scale = scales[before][channel];
                for (int image = 0; image < call.Count; image++)
                {
                    var g = PixelsOf(states.Start, ImageStride, image, channel, view);
                    var y = PixelsOf(outputs, ImageStride, image, channel, view);
                    for (int pixel = 0; pixel < view.Pixels; pixel++)
                    {
                        g[pixel] = (float)(scale * (g[pixel] - shift - (y[pixel] * slope)));
                    }
                }
            }
        }
    }
}
