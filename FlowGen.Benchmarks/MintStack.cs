using System.Runtime.InteropServices;
using FlowGen.Kernels;
using FlowGen.Layers;

namespace FlowGen.Benchmarks;

/// <summary>One Mint layer of images on an image of random numbers, and what its roofline counts.</summary>
internal sealed class MintStack
{
    private const int Kernel = 3;

    private readonly MintImage layer;
    private readonly PlaneShape shape;
    private readonly int pixels;
    private readonly int lanes;
    private readonly int channels;
    private readonly int paths;
    private readonly double taps;
    private readonly float[] image, state, gradImage, gradState, work, gradWork, weights, transposed, gradient, sums, upstream, turned;

    public MintStack(int channels, int size, int paths)
    {
        this.channels = channels;
        this.paths = paths;
        layer = new MintImage(channels, size, size, paths, Kernel, Triangle.Lower, TriangularOrder.ChannelMajor, Activation.Elu);
        shape = new PlaneShape(size, size, Kernel / 2);
        pixels = size * size;
        lanes = TileGeometry.PadTile(pixels);
        taps = Taps(1, paths) + Taps(paths, paths) + Taps(paths, 1);
        image = Numbers(channels * lanes, 1, 4);
        state = Numbers(channels * lanes, 1, 4);
        gradImage = Numbers(channels * lanes, 5, 1);
        gradState = Numbers(channels * lanes, 5, 1);
        work = Numbers(layer.WorkFloats + 256, 2, 0);
        gradWork = Numbers(layer.WorkFloats + 256, 3, 0);
        gradient = new float[layer.ParameterCount + (channels * paths * paths)];
        sums = new float[2 * lanes];
        upstream = new float[lanes];
        upstream.AsSpan(0, pixels).Fill(1);
        turned = Numbers(shape.Size * (TileGeometry.Pad16(paths) + 16), 3, 0);
        float[] parameters = Numbers(layer.ParameterCount, 4, 0.5f);
        weights = GC.AllocateArray<float>(layer.PreparedSize + 64, pinned: true);
        transposed = GC.AllocateArray<float>(layer.PreparedSize + 64, pinned: true);
        Prepare(parameters, weights, WeightForm.Tile);
        Prepare(parameters, transposed, WeightForm.Transposed);
    }

    /// <summary>
    /// Multiply-adds of the forward pass, the lanes behind rows and the last pixel included: the kept taps, and for the diagonal the products of paths with paths and their sum.
    /// </summary>
    public double ForwardProducts => shape.Lanes * (taps + (channels * paths * (paths + 1.0)));

    /// <summary>Elements to which the forward pass applies the activation.</summary>
    public double Activations => 2.0 * shape.Lanes * channels * paths;

    /// <summary>Multiply-adds of the backward pass: each product twice, for its left and for its right side.</summary>
    public double BackwardProducts => 2 * ForwardProducts;

    public void Forward()
    {
        Tile tile = Tile(recording: false);
        Copy(image, tile.Lanes * channels, ref tile.State);
        layer.Forward(ref tile, 0);
    }

    public void Record()
    {
        Tile tile = Tile(recording: true);
        Copy(image, tile.Lanes * channels, ref tile.State);
        layer.Forward(ref tile, 0);
    }

    /// <summary>The backward pass; again after itself it reads gradients where values were, which takes the same time.</summary>
    public void Backward()
    {
        Tile tile = Tile(recording: true);
        Copy(gradImage, tile.Lanes * channels, ref tile.GradState);
        layer.Backward(ref tile, 0, 0, layer.ParameterCount);
    }

    private double Taps(int inputs, int outputs) => new TriangularMask(channels, Kernel, Triangle.Lower, TriangularOrder.ChannelMajor, inputs, outputs).Count;

    private void Prepare(float[] parameters, float[] to, WeightForm form)
    {
        var preparation = new Preparation { Parameters = parameters, Prepared = MemoryMarshal.CreateSpan(ref Line(to), layer.PreparedSize), Form = form };
        layer.Prepare(ref preparation, 0, 0);
    }

    private static void Copy(float[] from, int count, ref float to) => from.AsSpan(0, count).CopyTo(MemoryMarshal.CreateSpan(ref to, count));

    /// <summary>The first cache line that starts in memory that stays where it is: where an engine has its planes and weights.</summary>
    private static ref float Line(float[] pinned) => ref pinned[(int)(-Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0) & 63) / sizeof(float)];

    private static float[] Numbers(int count, int seed, float scale)
    {
        var random = new System.Random(seed);
        float[] values = GC.AllocateArray<float>(count + 16, pinned: true);
        foreach (ref float value in values.AsSpan())
        {
            value = (random.NextSingle() - 0.5f) * scale;
        }

        return values;
    }

    private Tile Tile(bool recording) => new()
    {
        Lanes = lanes,
        Pixels = pixels,
        Recording = recording,
        State = ref Line(state),
        GradState = ref Line(gradState),
        Work = ref Line(work),
        GradWork = ref Line(gradWork),
        Weights = ref Line(weights),
        TransposedWeights = ref Line(transposed),
        Gradient = ref gradient[0],
        LogDet = ref sums[0],
        GradLogDet = ref upstream[0],
        Turned = ref turned[0],
    };
}
