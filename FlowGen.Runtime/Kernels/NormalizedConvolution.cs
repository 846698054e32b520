using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>A convolution and an ActNorm of its outputs in one: y = (w * x + b) e^s, one s for each output channel (Glow, section 3.1).</summary>
/// <remarks>Parameters: w <c>[outputs, inputs, kernel, kernel]</c>, b <c>[outputs]</c>, s <c>[outputs]</c>. The convolution that runs has the weights w e^s and the bias b e^s.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NormalizedConvolution
{
    /// <summary>Prepares the convolution with scaled weights.</summary>
    /// <param name="p">The preparation.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="parameters">Where w starts in the parameters.</param>
    /// <param name="weights">Where the convolution starts in the prepared weights.</param>
    public static void Prepare(ref Preparation p, TapConvolution convolution, int parameters, int weights)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        var at = new Places(convolution, parameters);
        float[] w = new float[at.Tensor];
        float[] bias = new float[at.Outputs];
        for (int output = 0; output < at.Outputs; output++)
        {
            double scale = Math.Exp(p.Parameters[at.Scale + output]);
            for (int i = 0; i < at.Each; i++)
            {
                w[(output * at.Each) + i] = (float)(scale * p.Parameters[at.Weight + (output * at.Each) + i]);
            }

            bias[output] = (float)(scale * p.Parameters[at.Bias + output]);
        }

        convolution.Pack(p.Form, w, bias, p.Prepared.Slice(weights, convolution.PreparedSize));
    }

    /// <summary>Turns the gradients of the scaled weights and of the scaled bias, summed over the batch, into those of w, b and s.</summary>
    /// <param name="s">The sums.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="parameters">Where w starts in the parameters.</param>
    /// <param name="sums">Where the gradient of the scaled weights starts, that of the scaled bias behind it.</param>
    public static void Finish(ref GradientSums s, TapConvolution convolution, int parameters, int sums)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        var at = new Places(convolution, parameters);
        for (int output = 0; output < at.Outputs; output++)
        {
            double scale = Math.Exp(s.Parameters[at.Scale + output]);
            double ofBias = s.Gradient[sums + at.Tensor + output];
            double along = ofBias * s.Parameters[at.Bias + output];
            for (int i = output * at.Each; i < (output + 1) * at.Each; i++)
            {
                double upstream = s.Gradient[sums + i];
                s.Gradient[at.Weight + i] += (float)(scale * upstream);
                along += upstream * s.Parameters[at.Weight + i];
            }

            s.Gradient[at.Bias + output] += (float)(scale * ofBias);
            s.Gradient[at.Scale + output] += (float)(scale * along);
        }
    }

    private readonly struct Places(TapConvolution convolution, int parameters)
    {
        public int Outputs { get; } = convolution.Outputs;

        public int Tensor { get; } = convolution.TensorSize;

        public int Each => Tensor / Outputs;

        public int Weight { get; } = parameters;

        public int Bias => Weight + Tensor;

        public int Scale => Bias + Outputs;
    }
}
