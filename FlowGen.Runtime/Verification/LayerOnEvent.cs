namespace FlowGen.Verification;

/// <summary>
/// A layer's definition on a whole sample: the coordinates that were split off before it pass by, and a layer of an image that is the same at every
/// position is applied position by position.
/// </summary>
internal static class LayerOnEvent
{
    /// <summary>Data to latent on one sample <c>[D]</c>, in place; returns the log-det.</summary>
    public static double Forward(LayerDescription layer, ReferenceWeights weights, Span<double> sample) => Run(layer, weights, sample, inverse: false);

    /// <summary>Latent to data on one sample <c>[D]</c>, in place; returns the log-det of the inverse.</summary>
    public static double Inverse(LayerDescription layer, ReferenceWeights weights, Span<double> sample) => Run(layer, weights, sample, inverse: true);

    /// <summary>Whether the derivative of a coordinate of the sample by another may be other than zero.</summary>
    public static bool MayDepend(LayerDescription layer, int output, int input)
    {
        if (output < layer.Emitted || input < layer.Emitted)
        {
            return output == input;
        }

        output -= layer.Emitted;
        input -= layer.Emitted;
        if (!AtEveryPixel(layer))
        {
            return layer.MayDepend(output, input);
        }

        int pixels = layer.Input.Pixels;
        return output % pixels == input % pixels && layer.MayDepend(output / pixels, input / pixels);
    }

    /// <summary>A layer of a sum, data to latent: the same, and adds the logarithm of the diagonal of its Jacobian coordinate by coordinate.</summary>
    public static void Forward(LayerDescription layer, ReferenceWeights weights, Span<double> state, Span<double> logDiagonal)
    {
        double[] logs = new double[AtEveryPixel(layer) ? layer.Input.Channels : state.Length];
        if (!AtEveryPixel(layer))
        {
            layer.Forward(weights, state, logs);
            for (int i = 0; i < logs.Length; i++)
            {
                logDiagonal[i] += logs[i];
            }

            return;
        }

        int pixels = layer.Input.Pixels;
        double[] channels = new double[logs.Length];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            for (int channel = 0; channel < channels.Length; channel++)
            {
                channels[channel] = state[(channel * pixels) + pixel];
            }

            layer.Forward(weights, channels, logs);
            for (int channel = 0; channel < channels.Length; channel++)
            {
                state[(channel * pixels) + pixel] = channels[channel];
                logDiagonal[(channel * pixels) + pixel] += logs[channel];
            }
        }
    }

    private static bool AtEveryPixel(LayerDescription layer) => layer.Input.IsImage && layer.IsPixelwise;

    private static double Run(LayerDescription layer, ReferenceWeights weights, Span<double> sample, bool inverse)
    {
        var state = sample[layer.Emitted..];
        if (!AtEveryPixel(layer))
        {
            return Map(layer, weights, state, inverse);
        }

        int pixels = layer.Input.Pixels;
        double logDet = 0;
        double[] channels = new double[layer.Input.Channels];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            for (int channel = 0; channel < channels.Length; channel++)
            {
                channels[channel] = state[(channel * pixels) + pixel];
            }

            logDet += Map(layer, weights, channels, inverse);
            for (int channel = 0; channel < channels.Length; channel++)
            {
                state[(channel * pixels) + pixel] = channels[channel];
            }
        }

        return logDet;
    }

    private static double Map(LayerDescription layer, ReferenceWeights weights, Span<double> x, bool inverse) =>
        inverse ? layer.Inverse(weights, x) : layer.Forward(weights, x);
}
