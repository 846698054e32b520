using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Layers;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// A masked convolution of an image: z = W * x + b whose matrix is triangular, its diagonal sign e^s of each channel; log-det is the number of pixels
/// times the sum of s (MintNet, basic module).
/// </summary>
/// <remarks>Parameters: the kept taps without the centres of the diagonal; s; b. Buffers: the signs, or none (-1) where the diagonal is e^s, within a <see cref="Sum"/>. Inverted by substitution, coordinate by coordinate.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MaskedConvImage
{
    private readonly PlaneShape shape;
    private readonly TriangularMask mask;
    private readonly TapConvolution convolution;
    private readonly int channels;
    private readonly int[] order;
    private readonly Tap[] taps;
    private readonly int[] starts;

    /// <summary>A layer's shape.</summary>
    /// <param name="channels">The channels of the image.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="kernel">The rows and columns of the kernel: odd.</param>
    /// <param name="triangle">Which coordinates an output reads beside its own.</param>
    /// <param name="order">The order of the coordinates.</param>
    public MaskedConvImage(int channels, int height, int width, int kernel, Triangle triangle, TriangularOrder order)
    {
        this.channels = channels;
        shape = new PlaneShape(height, width, kernel / 2);
        mask = new TriangularMask(channels, kernel, triangle, order, 1, 1);
        convolution = MintPlanes.Convolution(shape, mask);
        this.order = [.. TriangularReference.InOrder(channels, height, width, triangle, order)];
        var others = new List<Tap>();
        starts = new int[channels + 1];
        for (int output = 0; output < channels; output++)
        {
            others.AddRange(MintPlanes.KeptTaps(mask, output).Where(tap => tap.Weight != mask.Centre(output, 0, 0)));
            starts[output + 1] = others.Count;
        }

        taps = [.. others];
    }

    /// <summary>The floats that the layer takes in the prepared weights.</summary>
    public int PreparedSize => Inverse0 + Dense.Pad(channels) + Dense.Pad(mask.Count);

    /// <summary>The floats of scratch that the layer needs.</summary>
    public int WorkFloats => 2 * shape.Floats(channels);

    // The log-det in two floats, the convolution, then for the inverse 1 / diagonal and all taps in the order of the tensor.
    private int Inverse0 => 16 + convolution.PreparedSize;

    private int Y => shape.Floats(channels);

    /// <summary>Packs W.</summary>
    /// <param name="p">The preparation.</param>
    /// <param name="parameters">Where the layer's parameters start.</param>
    /// <param name="buffers">Where its buffers start.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    public void Prepare(ref Preparation p, int parameters, int buffers, int weights)
    {
        int rest = mask.Count - channels;
        var to = p.Prepared.Slice(weights, PreparedSize);
        float[] tensor = new float[mask.Count];
        int channel = 0;
        int next = parameters;
        double logDet = 0;
        for (int i = 0; i < tensor.Length; i++)
        {
            if (channel < channels && i == mask.Centre(channel, 0, 0))
            {
                float log = p.Parameters[parameters + rest + channel];
                tensor[i] = (float)(Sign(p.Buffers, buffers, channel) * Math.Exp(log));
                to[Inverse0 + channel] = (float)(Sign(p.Buffers, buffers, channel) * Math.Exp(-log));
                logDet += log;
                channel++;
            }
            else
            {
                tensor[i] = p.Parameters[next++];
            }
        }

        to[0] = (float)logDet;
        to[1] = (float)(logDet - to[0]);
        convolution.Pack(p.Form, tensor, p.Parameters.Slice(parameters + mask.Count, channels), to.Slice(16, convolution.PreparedSize));
        tensor.CopyTo(to[(Inverse0 + Dense.Pad(channels))..]);
    }

    /// <summary>x to z in place.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(ref Tile t, int weights)
    {
        Planes.Fill(shape, channels, ref t.State, t.Lanes, ref t.Work, PixelSet.All);
        convolution.Forward(ref t, weights + 16, 0, Y);
        Planes.Read(shape, channels, ref Unsafe.Add(ref t.Work, Y), ref t.State, t.Lanes);
        if (!Unsafe.IsNullRef(ref t.LogDetRows))
        {
            LogDetRows.AddLogarithms(ref t, channels, ref Unsafe.Add(ref t.Weights, weights + Inverse0), ofInverses: true);
            return;
        }

        ref float logDet = ref Unsafe.Add(ref t.Weights, weights);
        LogDetSum.AddConstant(ref t, logDet, Unsafe.Add(ref logDet, 1));
    }

    /// <summary>z to x in place.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Inverse(ref Tile t, int weights)
    {
        Planes.Fill(shape, channels, ref t.State, t.Lanes, ref Unsafe.Add(ref t.Work, Y), PixelSet.All);
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref t.Work, Y).Clear();
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float bias = ref Unsafe.Add(ref prepared, 16);
        ref float inverse = ref Unsafe.Add(ref prepared, Inverse0);
        ref float tensor = ref Unsafe.Add(ref inverse, Dense.Pad(channels));
        int pixels = shape.Height * shape.Width;
        foreach (int coordinate in order)
        {
            (int channel, int pixel) = Math.DivRem(coordinate, pixels);
            (int row, int column) = Math.DivRem(pixel, shape.Width);
            int position = shape.Lead + (row * shape.Stride) + column;
            float sum = Unsafe.Add(ref bias, channel);
            for (int n = starts[channel]; n < starts[channel + 1]; n++)
            {
                Tap tap = taps[n];
                float x = Unsafe.Add(ref t.Work, (tap.Plane * shape.Size) + position + (tap.Row * shape.Stride) + tap.Column);
                sum = float.MultiplyAddEstimate(Unsafe.Add(ref tensor, tap.Weight), x, sum);
            }

            int place = (channel * shape.Size) + position;
            Unsafe.Add(ref t.Work, place) = (Unsafe.Add(ref t.Work, Y + place) - sum) * Unsafe.Add(ref inverse, channel);
        }

        Planes.Read(shape, channels, ref t.Work, ref t.State, t.Lanes);
        LogDetSum.AddConstant(ref t, -prepared, -Unsafe.Add(ref prepared, 1));
    }

    /// <summary>dL/dz to dL/dx in place; adds dL/dz x^T of all kept taps at <paramref name="sums"/>, then the sum of dL/dlog-det over the pixels.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    /// <param name="parameters">Where its parameters start.</param>
    /// <param name="sums">Where its sums start.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(ref Tile t, int weights, int parameters, int sums)
    {
        // The inverse, too, leaves x in its planes.
        var kernel = new Gradients(this, weights, parameters, sums);
        KernelWidth.OverCoordinates(ref t, ref kernel);
    }

    /// <summary>Turns the sums over the batch into the gradients of the taps and of s.</summary>
    /// <param name="g">The sums.</param>
    /// <param name="parameters">Where the layer's parameters start.</param>
    /// <param name="buffers">Where its buffers start.</param>
    /// <param name="sums">Where its sums start.</param>
    public void Finish(ref GradientSums g, int parameters, int buffers, int sums)
    {
        int rest = mask.Count - channels;
        int channel = 0;
        int next = parameters;
        for (int i = 0; i < mask.Count; i++)
        {
            if (channel < channels && i == mask.Centre(channel, 0, 0))
            {
                int log = parameters + rest + channel;
                double diagonal = Sign(g.Buffers, buffers, channel) * Math.Exp(g.Parameters[log]);
                g.Gradient[log] += (float)((diagonal * g.Gradient[sums + i]) + g.Gradient[sums + mask.Count]);
                channel++;
            }
            else
            {
                g.Gradient[next++] += g.Gradient[sums + i];
            }
        }
    }

    private static float Sign(ReadOnlySpan<float> signs, int first, int channel) => first < 0 ? 1 : signs[first + channel];

    private readonly struct Gradients(MaskedConvImage layer, int weights, int parameters, int sums) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            ref float upstream = ref Unsafe.Add(ref t.GradWork, layer.Y);
            Planes.Fill(layer.shape, layer.channels, ref t.GradState, t.Lanes, ref upstream, PixelSet.All);
            layer.convolution.AddWeightGradients<V>(
                ref upstream, ref t.Work, ref Unsafe.Add(ref t.Gradient, sums), ref Unsafe.Add(ref t.Gradient, parameters + layer.mask.Count));
            layer.convolution.InputGradient<V>(
                ref Unsafe.Add(ref t.TransposedWeights, weights + 16), ref upstream, ref t.GradWork, Activation.Identity, ref t.Work, accumulate: false);
            Planes.Read(layer.shape, layer.channels, ref t.GradWork, ref t.GradState, t.Lanes);
            if (!Unsafe.IsNullRef(ref t.GradLogDetRows))
            {
                LaneSums.AddRows<V>(
                    ref t.GradLogDetRows, t.Lanes, t.Lanes, layer.channels, ref Unsafe.Add(ref t.Gradient, parameters + layer.mask.Count - layer.channels));
                return;
            }

            float logDet = 0;
            for (int lane = 0; lane < t.Lanes; lane++)
            {
                logDet += Unsafe.Add(ref t.GradLogDet, lane);
            }

            Unsafe.Add(ref t.Gradient, sums + layer.mask.Count) += logDet;
        }
    }
}
