using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>
/// A residual network of convolutions (Real NVP, section 3.7, without batch normalisation): h = 3x3(x), s = 1x1(h); in each block
/// h = h + 3x3(act(3x3(act(h)))), s = s + 1x1(h); the output is 1x1(act(s)). The weights of each convolution are normalised: w = g v / |v|, one
/// magnitude for each of its outputs.
/// </summary>
/// <param name="image">An image of the size in question.</param>
/// <param name="inputs">The channels that it reads.</param>
/// <param name="width">The channels of h and s.</param>
/// <param name="blocks">The number of blocks.</param>
/// <param name="outputs">The channels that it makes.</param>
/// <param name="activation">The activation.</param>
internal sealed class ResNetConditioner(EventShape image, int inputs, int width, int blocks, int outputs, Activation activation) : ConditionerDescription
{
    /// <summary>The number of blocks where a declaration gives none.</summary>
    public const int DefaultBlocks = 2;

    /// <summary>The number of blocks.</summary>
    public int Blocks => blocks;

    /// <summary>The activation.</summary>
    public Activation Activation => activation;

    /// <summary>Declares <c>net.input.weight_g</c> [out, 1, 1, 1], <c>net.input.weight_v</c> [out, in, 3, 3], <c>net.input.bias</c> [out], and the same of each convolution in order.</summary>
    public override void DeclareTensors(TensorList list)
    {
        foreach (var layer in Layers())
        {
            list.Trainable($"{layer.Name}.weight_g", layer.Outputs, 1, 1, 1);
            list.Trainable($"{layer.Name}.weight_v", layer.Outputs, layer.Inputs, layer.Kernel, layer.Kernel);
            list.Trainable($"{layer.Name}.bias", layer.Outputs);
        }
    }

    /// <summary>
    /// Directions and biases start uniform within 1 / sqrt(inputs kernel^2), magnitudes at the norms of the directions, so that w = v; the magnitudes
    /// and biases of the output start at zero. Returns what follows the conditioner's parameters.
    /// </summary>
    public override Span<float> Start(Span<float> trainables, ParameterRandom random)
    {
        foreach (var layer in Layers())
        {
            int fan = layer.Inputs * layer.Kernel * layer.Kernel;
            double bound = 1 / Math.Sqrt(fan);
            var directions = trainables.Slice(layer.Outputs, layer.Outputs * fan);
            for (int i = 0; i < directions.Length; i++)
            {
                directions[i] = random.Uniform(bound);
            }

            for (int output = 0; output < layer.Outputs && layer.Name != "net.output"; output++)
            {
                double squares = 0;
                foreach (float value in directions.Slice(output * fan, fan))
                {
                    squares += (double)value * value;
                }

                trainables[output] = (float)Math.Sqrt(squares);
                trainables[layer.Outputs + directions.Length + output] = random.Uniform(bound);
            }

            trainables = trainables[(layer.Outputs * (fan + 2))..];
        }

        return trainables;
    }

    /// <inheritdoc/>
    public override string?[] Options() =>
    [
        DeclarationText.Choice("Activation", activation, Activation.Relu),
        DeclarationText.Choice("Net", CouplingNet.ResNet, CouplingNet.Mlp),
        blocks == DefaultBlocks ? null : $"Blocks = {blocks}",
    ];

    /// <inheritdoc/>
    public override double[] Evaluate(ReferenceWeights weights, double[] x)
    {
        double[] h = Apply(weights, "net.input", x, inputs, 3);
        double[] s = Apply(weights, "net.skips.0", h, width, 1);
        for (int block = 0; block < blocks; block++)
        {
            double[] inner = Apply(weights, $"net.blocks.{block}.0", Activate(h), width, 3);
            h = Sum(h, Apply(weights, $"net.blocks.{block}.1", Activate(inner), width, 3));
            s = Sum(s, Apply(weights, $"net.skips.{block + 1}", h, width, 1));
        }

        return Apply(weights, "net.output", Activate(s), width, 1);
    }

    /// <summary>The normalised weights of a convolution: g v / |v|.</summary>
    /// <param name="weights">The tensors of the layer.</param>
    /// <param name="name">The convolution, as <c>net.blocks.0.1</c>.</param>
    public static double[] Kernel(ReferenceWeights weights, string name)
    {
        var magnitudes = weights[$"{name}.weight_g"];
        double[] w = weights[$"{name}.weight_v"].ToArray();
        int fan = w.Length / magnitudes.Length;
        for (int output = 0; output < magnitudes.Length; output++)
        {
            var direction = w.AsSpan(output * fan, fan);
            double squares = 0;
            foreach (double value in direction)
            {
                squares += value * value;
            }

            double scale = magnitudes[output] / Math.Max(Math.Sqrt(squares), 1e-12);
            foreach (ref double value in direction)
            {
                value *= scale;
            }
        }

        return w;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, static (left, right) => left + right)];

    private double[] Activate(double[] x) => [.. x.Select(value => ReferenceFunctions.Apply(activation, value))];

    private double[] Apply(ReferenceWeights weights, string name, double[] x, int channels, int kernel)
    {
        return ReferenceConvolution.Apply(
            EventShape.Image(channels, image.Height, image.Width), x, Kernel(weights, name), weights[$"{name}.bias"], kernel);
    }

    private IEnumerable<(string Name, int Inputs, int Outputs, int Kernel)> Layers()
    {
        yield return ("net.input", inputs, width, 3);
        yield return ("net.skips.0", width, width, 1);
        for (int block = 0; block < blocks; block++)
        {
            yield return ($"net.blocks.{block}.0", width, width, 3);
            yield return ($"net.blocks.{block}.1", width, width, 3);
            yield return ($"net.skips.{block + 1}", width, width, 1);
        }

        yield return ("net.output", width, outputs, 1);
    }
}
