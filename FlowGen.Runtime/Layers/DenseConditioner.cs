using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>
/// Dense layers with an activation between them (NICE, section 3.2), in the residual form with
/// h + act(W h + b) from the second hidden layer on.
/// </summary>
internal sealed class DenseConditioner(int inputs, int[] hidden, int outputs, Activation activation, CouplingNet net) : ConditionerDescription
{
    /// <summary>The widths of the hidden layers.</summary>
    public IReadOnlyList<int> Hidden => hidden;

    /// <summary>The activation of the hidden layers.</summary>
    public Activation Activation => activation;

    /// <summary>Whether hidden layers from the second on add to what they read.</summary>
    public bool IsResidual => net == CouplingNet.ResidualMlp;

    /// <inheritdoc/>
    /// <remarks>Two hidden layers of a single input are a table, as a rule, and no zeros come of it.</remarks>
    public override bool MakesZeros => activation == Activation.Relu && (inputs > 1 || hidden.Length > 2) && hidden.Any(static width => width >= Kernels.DenseSparse.MinDepth);

    /// <summary>Declares <c>net.0.weight</c> [out, in], <c>net.0.bias</c> [out], <c>net.1.weight</c>, ...</summary>
    public override void DeclareTensors(TensorList list)
    {
        int width = inputs;
        for (int k = 0; k <= hidden.Length; k++)
        {
            int next = k < hidden.Length ? hidden[k] : outputs;
            list.Trainable($"net.{k}.weight", next, width);
            list.Trainable($"net.{k}.bias", next);
            width = next;
        }
    }

    /// <summary>Hidden layers start uniform within 1 / sqrt(inputs), the last one zero; returns what follows the conditioner's parameters.</summary>
    public override Span<float> Start(Span<float> trainables, ParameterRandom random)
    {
        int width = inputs;
        foreach (int next in hidden)
        {
            double bound = 1 / Math.Sqrt(width);
            int count = next * (width + 1);
            for (int i = 0; i < count; i++)
            {
                trainables[i] = random.Uniform(bound);
            }

            trainables = trainables[count..];
            width = next;
        }

        return trainables[(outputs * (width + 1))..];
    }

    /// <inheritdoc/>
    public override string?[] Options() =>
    [
        DeclarationText.Choice("Activation", activation, Activation.Relu),
        DeclarationText.Choice("Net", net, CouplingNet.Mlp),
    ];

    /// <inheritdoc/>
    public override double[] Evaluate(ReferenceWeights weights, double[] x)
    {
        double[] h = x;
        for (int k = 0; k < hidden.Length; k++)
        {
            double[] next = Dense(weights, k, h, hidden[k]);
            for (int i = 0; i < next.Length; i++)
            {
                next[i] = ReferenceFunctions.Apply(activation, next[i]);
                if (IsResidual && k > 0)
                {
                    next[i] += h[i];
                }
            }

            h = next;
        }

        return Dense(weights, hidden.Length, h, outputs);
    }

    private static double[] Dense(ReferenceWeights weights, int layer, double[] x, int outputs)
    {
        var matrix = weights[$"net.{layer}.weight"];
        var bias = weights[$"net.{layer}.bias"];
        var y = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            double sum = bias[o];
            for (int i = 0; i < x.Length; i++)
            {
                sum += matrix[(o * x.Length) + i] * x[i];
            }

            y[o] = sum;
        }

        return y;
    }
}
