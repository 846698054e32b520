using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>
/// Convolutions with an activation between them (Glow, section 3.3): 3x3 to the first hidden width, 1x1 to the second, 3x3 to the output, which has a
/// learned scale: y = (W * h + b) e^(3 k). Without hidden widths the last alone.
/// </summary>
/// <param name="image">An image of the size in question.</param>
/// <param name="inputs">The channels that it reads.</param>
/// <param name="hidden">The widths of its hidden layers, at most two; the second is the first again if it is not given.</param>
/// <param name="outputs">The channels that it makes.</param>
/// <param name="activation">The activation of the hidden layers.</param>
internal sealed class ConvolutionConditioner(EventShape image, int inputs, int[] hidden, int outputs, Activation activation) : ConditionerDescription
{
    private readonly (int Width, int Kernel)[] layers =
        hidden.Length == 0 ? [(outputs, 3)] : [(hidden[0], 3), (hidden[^1], 1), (outputs, 3)];

    /// <summary>The number of convolutions.</summary>
    public int Count => layers.Length;

    /// <summary>The activation of the hidden layers.</summary>
    public Activation Activation => activation;

    /// <summary>Declares <c>net.0.weight</c> [out, in, 3, 3], <c>net.0.bias</c> [out], <c>net.1.weight</c> [out, in, 1, 1], ..., and <c>net.2.log_scale</c> [out].</summary>
    public override void DeclareTensors(TensorList list)
    {
        int width = inputs;
        for (int k = 0; k < layers.Length; k++)
        {
            var (next, kernel) = layers[k];
            list.Trainable($"net.{k}.weight", next, width, kernel, kernel);
            list.Trainable($"net.{k}.bias", next);
            width = next;
        }

        list.Trainable($"net.{layers.Length - 1}.log_scale", outputs);
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

            trainables = trainables[count..];
            width = next;
        }

        return trainables[outputs..];
    }

    /// <inheritdoc/>
    public override string?[] Options() =>
    [
        DeclarationText.Choice("Activation", activation, Activation.Relu),
        DeclarationText.Choice("Net", CouplingNet.Conv, CouplingNet.Mlp),
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
            if (k < layers.Length - 1)
            {
                h = [.. h.Select(value => ReferenceFunctions.Apply(activation, value))];
            }
        }

        var logScale = weights[$"net.{layers.Length - 1}.log_scale"];
        for (int i = 0; i < h.Length; i++)
        {
            h[i] *= Math.Exp(3 * logScale[i / image.Pixels]);
        }

        return h;
    }
}
