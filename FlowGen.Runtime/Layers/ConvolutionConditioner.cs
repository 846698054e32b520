using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>
/// Convolutions with an activation between them (Glow, section 3.3): 3x3 to the first hidden width, 1x1 to the second, 3x3 to the output, which has a
/// learned scale: y = (W * h + b) e^(3 k). Without hidden widths the last alone. Normalised, an ActNorm follows each hidden one: (W * h + b) e^s.
/// </summary>
/// <param name="image">An image of the size in question.</param>
/// <param name="inputs">The channels that it reads.</param>
/// <param name="hidden">The widths of its hidden layers, at most two; the second is the first again if it is not given.</param>
/// <param name="outputs">The channels that it makes.</param>
/// <param name="activation">The activation of the hidden layers.</param>
/// <param name="isNormalized">Whether an ActNorm follows each hidden convolution.</param>
internal sealed class ConvolutionConditioner(EventShape image, int inputs, int[] hidden, int outputs, Activation activation, bool isNormalized) : ConditionerDescription
{
    /// <summary>The most positions whose moments are taken.</summary>
    private const int MostPositions = 4096;

    private readonly (int Width, int Kernel)[] layers =
        hidden.Length == 0 ? [(outputs, 3)] : [(hidden[0], 3), (hidden[^1], 1), (outputs, 3)];

    /// <summary>The number of convolutions.</summary>
    public int Count => layers.Length;

    /// <summary>The activation of the hidden layers.</summary>
    public Activation Activation => activation;

    /// <summary>Whether an ActNorm follows each hidden convolution.</summary>
    public bool IsNormalized => isNormalized;

    /// <inheritdoc/>
    public override bool StartsFromData => isNormalized && hidden.Length > 0;

    /// <summary>
    /// Declares <c>net.0.weight</c> [out, in, 3, 3], <c>net.0.bias</c> [out], <c>net.1.weight</c> [out, in, 1, 1], ..., and <c>net.2.log_scale</c> [out]; normalised
    /// <c>net.0.log_scale</c> and <c>net.1.log_scale</c> as well.
    /// </summary>
    public override void DeclareTensors(TensorList list)
    {
        int width = inputs;
        for (int k = 0; k < layers.Length; k++)
        {
            var (next, kernel) = layers[k];
            list.Trainable($"net.{k}.weight", next, width, kernel, kernel);
            list.Trainable($"net.{k}.bias", next);
            if (isNormalized || k == layers.Length - 1)
            {
                list.Trainable($"net.{k}.log_scale", next);
            }

            width = next;
        }

        if (StartsFromData)
        {
            list.Buffer("initialized", TensorElement.Flag);
        }
    }

    /// <summary>Hidden layers start uniform within 1 / sqrt(inputs kernel^2), the last one zero, its scale one; returns what follows the conditioner's parameters.</summary>
    public override Span<float> Start(Span<float> trainables, ParameterRandom random)
    {
        int width = inputs;
        for (int k = 0; k < layers.Length; k++)
        {
            var (next, kernel) = layers[k];
            int fan = width * kernel * kernel;
            int count = next * (fan + 1);
            for (int i = 0; i < count && k < layers.Length - 1; i++)
            {
                trainables[i] = random.Uniform(1 / Math.Sqrt(fan));
            }

            trainables = trainables[(isNormalized || k == layers.Length - 1 ? count + next : count)..];
            width = next;
        }

        return trainables;
    }

    /// <summary>What goes into the activations gets mean zero and deviation one over up to 4096 positions, spread over the images.</summary>
    public override void Initialize(LayerDescription layer, IReadOnlyList<double[]> inputs, Span<float> trainables)
    {
        double[][] h = Patches(inputs);
        for (int k = 0; k < layers.Length - 1; k++)
        {
            int width = layers[k].Width;
            int fan = h[0].Length;
            var weight = trainables[..(width * fan)];
            var bias = trainables.Slice(weight.Length, width);
            var logScale = trainables.Slice(weight.Length + width, width);
            double[][] y = new double[h.Length][];
            for (int n = 0; n < h.Length; n++)
            {
                y[n] = new double[width];
                for (int output = 0; output < width; output++)
                {
                    double sum = bias[output];
                    for (int i = 0; i < fan; i++)
                    {
                        sum += weight[(output * fan) + i] * h[n][i];
                    }

                    y[n][output] = sum;
                }
            }

            double[] mean = [.. Enumerable.Range(0, width).Select(output => y.Average(row => row[output]))];
            double[] variance = [.. Enumerable.Range(0, width).Select(output => y.Average(row => (row[output] - mean[output]) * (row[output] - mean[output])))];
            DataMoments.RequireVariance(layer, mean, variance, "channel", $"hidden convolution {k}");
            for (int output = 0; output < width; output++)
            {
                bias[output] = (float)(bias[output] - mean[output]);
                logScale[output] = (float)(-0.5 * Math.Log(variance[output]));
            }

            h = [.. y.Select(row => row.Select((value, output) => ReferenceFunctions.Apply(activation, (value - mean[output]) / Math.Sqrt(variance[output]))).ToArray())];
            trainables = trainables[(weight.Length + (2 * width))..];
        }
    }

    /// <inheritdoc/>
    public override string?[] Options() =>
    [
        DeclarationText.Choice("Activation", activation, Activation.Relu),
        DeclarationText.Choice("Net", isNormalized ? CouplingNet.NormalizedConv : CouplingNet.Conv, CouplingNet.Mlp),
    ];

    /// <inheritdoc/>
    public override double[] Evaluate(ReferenceWeights weights, double[] x)
    {
        double[] h = x;
        int width = inputs;
        for (int k = 0; k < layers.Length; k++)
        {
            var (next, kernel) = layers[k];
            h = ReferenceConvolution.Apply(
                EventShape.Image(width, image.Height, image.Width), h, weights[$"net.{k}.weight"], weights[$"net.{k}.bias"], kernel);
            width = next;
            if (isNormalized && k < layers.Length - 1)
            {
                Scale(h, weights[$"net.{k}.log_scale"], factor: 1);
            }

            if (k < layers.Length - 1)
            {
                h = [.. h.Select(value => ReferenceFunctions.Apply(activation, value))];
            }
        }

        Scale(h, weights[$"net.{layers.Length - 1}.log_scale"], factor: 3);
        return h;
    }

    private void Scale(double[] planes, ReadOnlySpan<double> logScale, double factor)
    {
        for (int channel = 0; channel < logScale.Length; channel++)
        {
            double scale = Math.Exp(factor * logScale[channel]);
            foreach (ref double value in planes.AsSpan(channel * image.Pixels, image.Pixels))
            {
                value *= scale;
            }
        }
    }

    // What the 3x3 convolution reads at some positions of some images, in the order of its weights.
    private double[][] Patches(IReadOnlyList<double[]> images)
    {
        long positions = (long)images.Count * image.Pixels;

        // With a step that has no factor in common with the sides, every row and column is met.
        long step = (positions + MostPositions - 1) / MostPositions;
        while (Divisor(step, image.Width) > 1 || Divisor(step, image.Height) > 1)
        {
            step++;
        }

        double[][] patches = new double[(positions + step - 1) / step][];
        for (int n = 0; n < patches.Length; n++)
        {
            var (number, pixel) = Math.DivRem(n * step, image.Pixels);
            int row = (int)pixel / image.Width;
            int column = (int)pixel % image.Width;
            patches[n] = new double[inputs * 9];
            for (int i = 0; i < patches[n].Length; i++)
            {
                int y = row + (i / 3 % 3) - 1;
                int x = column + (i % 3) - 1;
                if (y >= 0 && y < image.Height && x >= 0 && x < image.Width)
                {
                    patches[n][i] = images[(int)number][(((i / 9 * image.Height) + y) * image.Width) + x];
                }
            }
        }

        return patches;
    }

    private static long Divisor(long a, long b) => b == 0 ? a : Divisor(b, a % b);
}
