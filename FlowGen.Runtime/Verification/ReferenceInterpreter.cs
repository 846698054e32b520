namespace FlowGen.Verification;

/// <summary>
/// The flow as its mathematics: layer after layer, sample after sample, in double precision, driven by the description and a copy of the
/// parameters. It shares no code with the kernels; the verifier holds them against it.
/// </summary>
internal sealed class ReferenceInterpreter
{
    private readonly FlowDescription description;
    private readonly ReferenceWeights[] weights;

    /// <summary>Takes a copy of the parameters as they are now.</summary>
    public ReferenceInterpreter(FlowDescription description, FlowParameters parameters)
    {
        this.description = description;
        Trainables = Array.ConvertAll(parameters.MutableTrainables, static value => (double)value);
        Buffers = Array.ConvertAll(parameters.MutableBuffers, static value => (double)value);
        weights = [.. description.Layers.Select(layer => new ReferenceWeights(layer, Trainables, Buffers))];
    }

    /// <summary>The trainable parameters; they may be changed, and take effect at once.</summary>
    public double[] Trainables { get; }

    /// <summary>The buffers.</summary>
    public double[] Buffers { get; }

    /// <summary>The number of coordinates of a sample.</summary>
    public int Size => description.EventShape.Size;

    /// <summary>The number of layers.</summary>
    public int Layers => description.Layers.Count;

    /// <summary>Layers <paramref name="first"/> to <paramref name="last"/> - 1 on one sample, in place, with running statistics; returns their log-det.</summary>
    public double Forward(Span<double> x, int first, int last)
    {
        double logDet = 0;
        for (int layer = first; layer < last; layer++)
        {
            logDet += LayerOnEvent.Forward(description.Layers[layer], weights[layer], x);
        }

        return logDet;
    }

    /// <summary>Layers <paramref name="last"/> - 1 down to <paramref name="first"/> backwards on one sample, in place; returns the log-det of the inverse.</summary>
    public double Inverse(Span<double> z, int first, int last)
    {
        double logDet = 0;
        for (int layer = last - 1; layer >= first; layer--)
        {
            logDet += LayerOnEvent.Inverse(description.Layers[layer], weights[layer], z);
        }

        return logDet;
    }

    /// <summary>log p(x) of one sample, in nats.</summary>
    public double LogProb(ReadOnlySpan<double> x)
    {
        double[] z = x.ToArray();
        double logDet = Forward(z, 0, Layers);
        return logDet + PriorLogProb(z);
    }

    /// <summary>The log-density of a latent, in nats: -(z^2 + log 2 pi) / 2 or -softplus(z) - softplus(-z) in each coordinate.</summary>
    public double PriorLogProb(ReadOnlySpan<double> z)
    {
        double sum = 0;
        foreach (double value in z)
        {
            sum += description.Prior == Prior.StandardLogistic
                ? -Math.Abs(value) - (2 * Math.Log(1 + Math.Exp(-Math.Abs(value))))
                : -0.5 * ((value * value) + Math.Log(2 * Math.PI));
        }

        return sum;
    }

    /// <summary>The derivative of the log-density of a latent by one of its coordinates.</summary>
    public double PriorScore(double z) => description.Prior == Prior.StandardLogistic ? -Math.Tanh(z / 2) : -z;

    /// <summary>
    /// Layers <paramref name="first"/> to <paramref name="last"/> - 1 on a batch <c>[N, D]</c>, in place, adding to the log-dets <c>[N]</c>. In training
    /// mode a layer with batch statistics normalises by mean and variance (divided by N) of the batch.
    /// </summary>
    public void Forward(double[] states, double[] logDets, int first, int last, FlowMode mode)
    {
        for (int layer = first; layer < last; layer++)
        {
            if (mode == FlowMode.Training && description.Layers[layer] is IBatchCoupledLayer coupled)
            {
                Normalize(description.Layers[layer], states, logDets, coupled.Epsilon);
                continue;
            }

            for (int sample = 0; sample < logDets.Length; sample++)
            {
                logDets[sample] += LayerOnEvent.Forward(description.Layers[layer], weights[layer], states.AsSpan(sample * Size, Size));
            }
        }
    }

    /// <summary>The mean negative log-likelihood, in nats, of samples whose latents and log-dets are known.</summary>
    public double Loss(ReadOnlySpan<double> latents, ReadOnlySpan<double> logDets)
    {
        double sum = 0;
        for (int sample = 0; sample < logDets.Length; sample++)
        {
            sum -= PriorLogProb(latents.Slice(sample * Size, Size)) + logDets[sample];
        }

        return sum / logDets.Length;
    }

    // Of an image, every channel is normalised over all its positions, and counts once for each of them in the log-det.
    private void Normalize(LayerDescription layer, double[] states, double[] logDets, double epsilon)
    {
        int count = logDets.Length;
        int pixels = layer.Input.Pixels;
        double logDet = 0;
        for (int channel = 0; channel < layer.Input.Channels; channel++)
        {
            double mean = 0;
            double square = 0;
            foreach (int at in Places(layer, channel, count))
            {
                mean += states[at] / ((double)count * pixels);
            }

            foreach (int at in Places(layer, channel, count))
            {
                double deviation = states[at] - mean;
                square += deviation * deviation / ((double)count * pixels);
            }

            double scale = Math.Sqrt(square + epsilon);
            logDet -= pixels * Math.Log(scale);
            foreach (int at in Places(layer, channel, count))
            {
                states[at] = (states[at] - mean) / scale;
            }
        }

        for (int sample = 0; sample < count; sample++)
        {
            logDets[sample] += logDet;
        }
    }

    private IEnumerable<int> Places(LayerDescription layer, int channel, int count)
    {
        int pixels = layer.Input.Pixels;
        for (int sample = 0; sample < count; sample++)
        {
            int first = (sample * Size) + layer.Emitted + (channel * pixels);
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                yield return first + pixel;
            }
        }
    }
}
