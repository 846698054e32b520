using System.Globalization;

namespace FlowGen;

/// <summary>Finds where a value that is not finite came from: a batch goes through the layers one by one.</summary>
/// <param name="flow">The flow, with the weights that the loss was computed with.</param>
/// <param name="rows">The rows of the batch.</param>
/// <param name="values">Their values, with noise.</param>
/// <param name="options">The training's options.</param>
/// <param name="state">Where the training is.</param>
internal sealed class LossDiagnosis(IFlow flow, int[] rows, float[] values, FitOptions options, FitState state)
{
    /// <summary>The square of a larger latent overflows.</summary>
    private const float LargestLatent = 1e18f;

    private readonly FlowDescription description = flow.Engine.Description;
    private float[] latents = [];

    /// <summary>The loss of a step, or its gradient, is not finite.</summary>
    public NonFiniteLossException ExplainStep(double loss, ReadOnlySpan<float> gradient, double learningRate)
    {
        string what = double.IsFinite(loss) ? "the gradient of the loss is not finite" : $"the loss is {Text(loss)}";
        var (layer, cause) = InWeights() ?? InLayers() ?? InPrior(loss) ?? InGradient(gradient) ?? (null, "Every layer's output on these rows is finite outside training mode.");
        return Create(what, state.Step + 1, layer, cause, learningRate);
    }

    /// <summary>The log-density of a validation row is not finite.</summary>
    public NonFiniteLossException ExplainValidation(double logProb, double learningRate)
    {
        var (layer, cause) = InWeights() ?? InLayers() ?? InPrior(logProb) ?? (null, "Every layer's output on it is finite.");
        return Create($"the log-density of validation row {rows[0]} is {Text(logProb)}", 0, layer, cause, learningRate);
    }

    private static string Text(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static int FindNonFinite(ReadOnlySpan<float> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!float.IsFinite(numbers[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static float Largest(ReadOnlySpan<float> numbers)
    {
        float largest = 0;
        foreach (float number in numbers)
        {
            largest = Math.Max(largest, Math.Abs(number));
        }

        return largest;
    }

    private NonFiniteLossException Create(string what, int step, int? layer, string cause, double learningRate)
    {
        string place = step > 0 ? $"epoch {state.Epoch}, step {step}" : $"epoch {state.Epoch}, validation";
        string kept = state.BestEpoch > 0 ? $"the model of epoch {state.BestEpoch}" : "the weights that training started from";
        return new NonFiniteLossException(
            $"{description.Name}, {place}: {what}. {cause} " +
            $"What helps most often: a lower learning rate (it is {Text(learningRate)}), a warm-up ({nameof(LearningRateSchedule)}.{nameof(LearningRateSchedule.WarmUp)}), a lower {nameof(FitOptions.ClipNorm)} (it is {Text(options.ClipNorm)}), " +
            $"data near unit scale ([Standardize] or [ActNorm] as a first layer), and scales that are bounded ({nameof(ScaleFunction)}.{nameof(ScaleFunction.TanhBounded)}). The flow holds {kept}.",
            state.Epoch,
            step,
            layer);
    }

    private string Name(int layer) => $"layer {layer} ({description.Layers[layer].Declaration})";

    private (int? Layer, string Cause)? InWeights()
    {
        foreach (var layer in description.Layers)
        {
            foreach (var tensor in layer.Tensors)
            {
                int bad = FindNonFinite(flow.Parameters.Read(tensor));
                if (bad >= 0)
                {
                    return (layer.Index, $"The tensor {tensor} of {Name(layer.Index)} holds {Text(flow.Parameters.Read(tensor)[bad])} at {bad} already.");
                }
            }
        }

        return null;
    }

    private (int? Layer, string Cause)? InLayers()
    {
        int size = description.EventShape.Size;
        float[] input = values;
        float[] logDet = new float[rows.Length];
        for (int layer = 0; layer < description.Layers.Count; layer++)
        {
            float[] output = new float[input.Length];
            flow.Engine.Run(input, output, logDet, layer, layer + 1, inverse: false);
            int bad = FindNonFinite(output);
            int badLogDet = FindNonFinite(logDet);
            if (bad >= 0 || badLogDet >= 0)
            {
                int row = bad >= 0 ? bad / size : badLogDet;
                string result = bad >= 0 ? $"{Text(output[bad])} in coordinate {bad % size}" : $"a log-determinant of {Text(logDet[badLogDet])}";
                return (layer, $"Of row {rows[row]}, whose largest coordinate was {Text(Largest(input.AsSpan(row * size, size)))} before it, {Name(layer)} made {result}.");
            }

            input = output;
        }

        latents = input;
        return null;
    }

    private (int? Layer, string Cause)? InPrior(double loss)
    {
        float largest = Largest(latents);
        return double.IsFinite(loss) || largest < LargestLatent
            ? null
            : (null, $"Every layer's output is finite, but the latents reach {Text(largest)}, where the density of the prior is zero in single precision.");
    }

    private (int? Layer, string Cause)? InGradient(ReadOnlySpan<float> gradient)
    {
        // The backward pass begins at the last layer.
        foreach (var layer in description.Layers.Reverse())
        {
            foreach (var tensor in layer.Tensors.Where(static tensor => tensor.IsTrainable))
            {
                var part = gradient.Slice(tensor.Offset, tensor.Count);
                int bad = FindNonFinite(part);
                if (bad >= 0)
                {
                    return (layer.Index, $"The backward pass, which begins at the last layer, first fails at {Name(layer.Index)}: the gradient by {tensor} is {Text(part[bad])} at {bad}.");
                }
            }
        }

        return null;
    }
}
