using System.Buffers;
using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>
/// A convolution with a learned scale: y = (w * x + b) e^(f s), one s for each output channel. With f = 1, a convolution and an ActNorm of its outputs in one (Glow, section 3.1);
/// with f = 3, as in the code of the paper, the convolution that starts at zero (section 3.3).
/// </summary>
/// <remarks>Parameters: w <c>[outputs, inputs, kernel, kernel]</c>, b <c>[outputs]</c>, s <c>[outputs]</c>. The convolution that runs has the weights w e^(f s) and the bias b e^(f s).</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NormalizedConvolution
{
    /// <summary>Prepares the convolution with scaled weights.</summary>
    /// <param name="p">The preparation.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="parameters">Where w starts in the parameters.</param>
    /// <param name="weights">Where the convolution starts in the prepared weights.</param>
    /// <param name="factor">f: how fast the scale moves with its parameter.</param>
    public static void Prepare(ref Preparation p, TapConvolution convolution, int parameters, int weights, float factor = 1)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        var at = new Places(convolution, parameters);
        float[] scaled = ArrayPool<float>.Shared.Rent(at.Tensor + at.Outputs);
        var w = scaled.AsSpan(0, at.Tensor);
        var bias = scaled.AsSpan(at.Tensor, at.Outputs);
        for (int output = 0; output < at.Outputs; output++)
        {
            double scale = Math.Exp((double)factor * p.Parameters[at.Scale + output]);
            var from = p.Parameters.Slice(at.Weight + (output * at.Each), at.Each);
            var to = w.Slice(output * at.Each, at.Each);
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = (float)(scale * from[i]);
            }

            bias[output] = (float)(scale * p.Parameters[at.Bias + output]);
        }

        convolution.Pack(p.Form, w, bias, p.Prepared.Slice(weights, convolution.PreparedSize));
        ArrayPool<float>.Shared.Return(scaled);
    }

    /// <summary>
    /// Turns the gradients of the scaled weights and of the scaled bias, summed over the batch where those of w and b belong, into those of w, b and s.
    /// </summary>
    /// <param name="s">The sums.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="parameters">Where w starts in the parameters.</param>
    /// <param name="factor">f: how fast the scale moves with its parameter.</param>
    public static void Finish(ref GradientSums s, TapConvolution convolution, int parameters, float factor = 1)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        var at = new Places(convolution, parameters);
        for (int output = 0; output < at.Outputs; output++)
        {
            double scale = Math.Exp((double)factor * s.Parameters[at.Scale + output]);
            ref float ofBias = ref s.Gradient[at.Bias + output];
            double along = (double)ofBias * s.Parameters[at.Bias + output];
            var w = s.Parameters.Slice(at.Weight + (output * at.Each), at.Each);
            var gradient = s.Gradient.Slice(at.Weight + (output * at.Each), at.Each);
            for (int i = 0; i < w.Length; i++)
            {
                along += (double)gradient[i] * w[i];
                gradient[i] = (float)(scale * gradient[i]);
            }

            ofBias = (float)(scale * ofBias);
            s.Gradient[at.Scale + output] += (float)(factor * scale * along);
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
