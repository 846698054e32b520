using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>
/// A Mint layer of images (Song, Meng and Ermon, 2019): z = t x + W3 * h(W2 * h(W1 * x + b1) + b2) + b3 with masked convolutions; log-det is the sum over
/// pixels and channels of the logarithm of d = t + sum over i of w3 h'(v) sum over j of w2 h'(u) w1, w the centre taps, which is at least t.
/// </summary>
/// <remarks>
/// Inverted by x - (f(x) - z) / d until the residual is small, or, where that takes too long, pixel by pixel in the order of the triangle: each coordinate
/// is the root of an increasing function, bracketed by its least slope t.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MintImage
{
    private readonly MintPlanes planes;
    private readonly Activation activation;

    /// <summary>A layer's shape.</summary>
    /// <param name="channels">The channels of the image.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="paths">Hidden channels for each channel.</param>
    /// <param name="kernel">The rows and columns of the kernels: odd.</param>
    /// <param name="triangle">Which coordinates an output reads beside its own.</param>
    /// <param name="order">The order of the coordinates.</param>
    /// <param name="activation">The function h.</param>
    public MintImage(int channels, int height, int width, int paths, int kernel, Triangle triangle, TriangularOrder order, Activation activation)
    {
        planes = new MintPlanes(channels, height, width, paths, kernel, triangle, order);
        this.activation = activation;
    }

    /// <summary>The parameters of the layer.</summary>
    public int ParameterCount => planes.ParameterCount;

    /// <summary>The floats that the layer takes in the prepared weights.</summary>
    public int PreparedSize => planes.SequenceWeights + planes.Sequence.PreparedSize;

    /// <summary>The floats of scratch that the layer needs in gradients.</summary>
    public int RecordFloats => planes.WorkFloats;

    /// <summary>The floats of scratch that the layer needs, inversion included.</summary>
    public int WorkFloats => planes.WorkFloats + planes.Sequence.ScratchFloats;

    /// <summary>Packs the convolutions, with the signs that keep the diagonal at t or above.</summary>
    /// <param name="p">The preparation.</param>
    /// <param name="parameters">Where the layer's parameters start.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    public void Prepare(ref Preparation p, int parameters, int weights)
    {
        bool isTransposed = p.Form == WeightForm.Transposed;
        int paths = planes.Paths;
        var shape = planes.Shape;
        var from = p.Parameters.Slice(parameters, planes.ParameterCount);
        var to = p.Prepared.Slice(weights, PreparedSize);
        to[..planes.Centre3].Fill(1);
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            for (int row = 0; row < shape.Height; row++)
            {
                for (int column = 0; column < shape.Width; column++)
                {
                    float slope = from[planes.Slope + (((channel * shape.Height) + row) * shape.Width) + column];
                    to[(channel * shape.Lanes) + (row * shape.Stride) + column] = Math.Max(Math.Abs(slope), Mint.Floor);
                }
            }
        }

        float[] scratch = ArrayPool<float>.Shared.Rent(planes.SecondMask.Count + (planes.Units * (paths + 1)));
        var second = scratch.AsSpan(0, planes.SecondMask.Count);
        var inner = scratch.AsSpan(planes.SecondMask.Count, planes.Units * paths);
        from.Slice(planes.Weight2, planes.SecondMask.Count).CopyTo(second);
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            for (int i = 0; i < paths; i++)
            {
                float w3 = from[planes.Weight3 + planes.ThirdMask.Centre(channel, 0, i)];
                to[planes.Centre3 + (channel * paths) + i] = w3;
                for (int j = 0; j < paths; j++)
                {
                    float w1 = from[planes.FirstMask.Centre(channel, j, 0)];
                    ref float w2 = ref second[planes.SecondMask.Centre(channel, i, j)];
                    w2 = Math.Sign(w3) * Math.Sign(w1) * Math.Abs(w2);

                    (int row, int column) = isTransposed ? (j, i) : (i, j);
                    inner[(((channel * paths) + row) * paths) + column] = w2 * w1 * w3;
                }
            }

            DensePack.Blocks(inner[(channel * paths * paths)..], paths, paths, to[(planes.Inner + (channel * paths * paths))..]);
        }

        if (planes.FirstTaps is { } firstTaps && isTransposed)
        {
            Pack(firstTaps.Convolution, WeightForm.Tile, from[..planes.Bias1], default, to[planes.Convolution1..]);
        }
        else
        {
            Pack(planes.First, p.Form, from[..planes.Bias1], from.Slice(planes.Bias1, planes.Units), to[planes.Convolution1..]);
        }

        Pack(planes.Second, p.Form, second, from.Slice(planes.Bias2, planes.Units), to[planes.Convolution2..]);
        if (planes.ThirdTaps is { } taps && !isTransposed)
        {
            // The biases of the channels are those of the centre taps, which come first.
            var bias = scratch.AsSpan(planes.SecondMask.Count + (planes.Units * paths), taps.Convolution.Outputs);
            bias.Clear();
            from.Slice(planes.Bias3, planes.Channels).CopyTo(bias);
            Pack(taps.Convolution, p.Form, from[planes.Weight3..planes.Bias3], bias, to[planes.Convolution3..]);
        }
        else
        {
            Pack(planes.Third, p.Form, from[planes.Weight3..planes.Bias3], from.Slice(planes.Bias3, planes.Channels), to[planes.Convolution3..]);
        }

        if (!isTransposed)
        {
            to[planes.ShortestStep] = ShortestStep(from, second);
            planes.Sequence.Prepare(planes, from, second, to[planes.SequenceWeights..]);
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    /// <summary>The least t / (t + S (sup h')^2) of any coordinate, S the sum of w3 w2 w1 over the paths of its channel: its least slope over its largest.</summary>
    private float ShortestStep(ReadOnlySpan<float> from, ReadOnlySpan<float> second)
    {
        int paths = planes.Paths;
        int pixels = planes.Shape.Height * planes.Shape.Width;
        double steepest = activation == Activation.Sigmoid ? 1.0 / 16 : 1;
        double least = 1;
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            double sum = 0;
            for (int i = 0; i < paths; i++)
            {
                for (int j = 0; j < paths; j++)
                {
                    sum += (double)from[planes.Weight3 + planes.ThirdMask.Centre(channel, 0, i)] * second[planes.SecondMask.Centre(channel, i, j)]
                        * from[planes.FirstMask.Centre(channel, j, 0)];
                }
            }

            for (int pixel = 0; pixel < pixels; pixel++)
            {
                double slope = Math.Max(Math.Abs(from[planes.Slope + (channel * pixels) + pixel]), Mint.Floor);
                least = Math.Min(least, slope / (slope + (steepest * sum)));
            }
        }

        return (float)least;
    }

    /// <summary>x to z in place.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(ref Tile t, int weights)
    {
        switch (activation)
        {
            case Activation.Elu: Run(ref t, new MintImageForward<EluOp>(planes, weights, activation)); break;
            case Activation.Tanh: Run(ref t, new MintImageForward<TanhOp>(planes, weights, activation)); break;
            case Activation.Sigmoid: Run(ref t, new MintImageForward<SigmoidOp>(planes, weights, activation)); break;
            case Activation.Softplus: Run(ref t, new MintImageForward<SoftplusOp>(planes, weights, activation)); break;
            default: throw Mint.NotSmooth(activation);
        }
    }

    /// <summary>z to x in place.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Inverse(ref Tile t, int weights)
    {
        switch (activation)
        {
            case Activation.Elu: Run(ref t, new MintImageInverse<EluOp>(planes, weights, activation)); break;
            case Activation.Tanh: Run(ref t, new MintImageInverse<TanhOp>(planes, weights, activation)); break;
            case Activation.Sigmoid: Run(ref t, new MintImageInverse<SigmoidOp>(planes, weights, activation)); break;
            case Activation.Softplus: Run(ref t, new MintImageInverse<SoftplusOp>(planes, weights, activation)); break;
            default: throw Mint.NotSmooth(activation);
        }
    }

    /// <summary>
    /// dL/dz to dL/dx in place; adds the gradients of the parameters, those by W2's centre taps through the diagonal as sums for <see cref="Finish"/>:
    /// for each channel the products of dL/de and h'(u), <c>[paths, paths]</c>.
    /// </summary>
    /// <param name="t">The tile.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    /// <param name="parameters">Where its parameters start.</param>
    /// <param name="sums">Where its sums start.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(ref Tile t, int weights, int parameters, int sums)
    {
        switch (activation)
        {
            case Activation.Elu: Run(ref t, new MintImageGradient<EluOp>(planes, weights, parameters, sums)); break;
            case Activation.Tanh: Run(ref t, new MintImageGradient<TanhOp>(planes, weights, parameters, sums)); break;
            case Activation.Sigmoid: Run(ref t, new MintImageGradient<SigmoidOp>(planes, weights, parameters, sums)); break;
            case Activation.Softplus: Run(ref t, new MintImageGradient<SoftplusOp>(planes, weights, parameters, sums)); break;
            default: throw Mint.NotSmooth(activation);
        }
    }

    /// <summary>The gradients by the centre taps and by t, whose signs are not theirs.</summary>
    /// <param name="g">The sums.</param>
    /// <param name="parameters">Where the layer's parameters start.</param>
    /// <param name="sums">Where its sums start.</param>
    public void Finish(ref GradientSums g, int parameters, int sums)
    {
        int paths = planes.Paths;
        var from = g.Parameters.Slice(parameters, planes.ParameterCount);
        var to = g.Gradient.Slice(parameters, planes.ParameterCount);
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            for (int i = 0; i < paths; i++)
            {
                float w3 = from[planes.Weight3 + planes.ThirdMask.Centre(channel, 0, i)];
                for (int j = 0; j < paths; j++)
                {
                    int first = planes.FirstMask.Centre(channel, j, 0);
                    int second = planes.Weight2 + planes.SecondMask.Centre(channel, i, j);
                    float sum = w3 * g.Gradient[sums + (((channel * paths) + i) * paths) + j];
                    float sign = Math.Sign(w3) * Math.Sign(from[first]);
                    to[first] += sign * Math.Abs(from[second]) * sum;
                    to[second] = sign * Math.Sign(from[second]) * (to[second] + (from[first] * sum));
                }
            }
        }

        for (int i = planes.Slope; i < to.Length; i++)
        {
            to[i] *= Math.Abs(from[i]) > Mint.Floor ? Math.Sign(from[i]) : 0;
        }
    }

    private static void Pack(TapConvolution convolution, WeightForm form, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> prepared) =>
        convolution.Pack(form, weights, bias, prepared[..convolution.PreparedSize]);

    // The pixels are the lanes, as in every layer of images.
    private static void Run<TKernel>(ref Tile t, TKernel kernel)
        where TKernel : struct, IWideKernel => KernelWidth.OverCoordinates(ref t, ref kernel);
}
