using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Dense layers applied at every position of an image by itself.</summary>
/// <param name="pixels">H W.</param>
/// <param name="inputs">The channels that it reads.</param>
/// <param name="dense">The layers.</param>
/// <param name="outputs">The channels that it makes.</param>
internal sealed class PixelConditioner(int pixels, int inputs, DenseConditioner dense, int outputs) : ConditionerDescription
{
    /// <summary>The layers.</summary>
    public DenseConditioner Dense => dense;

    /// <inheritdoc/>
    public override void DeclareTensors(TensorList list) => dense.DeclareTensors(list);

    /// <inheritdoc/>
    public override Span<float> Start(Span<float> trainables, ParameterRandom random) => dense.Start(trainables, random);

    /// <inheritdoc/>
    public override string?[] Options() => dense.Options();

    /// <inheritdoc/>
    public override double[] Evaluate(ReferenceWeights weights, double[] x)
    {
        double[] y = new double[outputs * pixels];
        double[] channels = new double[inputs];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            for (int channel = 0; channel < inputs; channel++)
            {
                channels[channel] = x[(channel * pixels) + pixel];
            }

            double[] made = dense.Evaluate(weights, channels);
            for (int channel = 0; channel < outputs; channel++)
            {
                y[(channel * pixels) + pixel] = made[channel];
            }
        }

        return y;
    }
}
