using System.Buffers;
using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>
/// A convolution whose weights are w = g v / |v|, one magnitude g and one norm for each output channel (Salimans and Kingma, 2016; Real NVP,
/// section 3.7).
/// </summary>
/// <remarks>Parameters: g <c>[outputs]</c>, v <c>[outputs, inputs, kernel, kernel]</c>, then the bias <c>[outputs]</c>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WeightNorm
{
    /// <summary>A norm below this counts as this: v = 0 has no direction.</summary>
    internal const double SmallestNorm = 1e-12;

    /// <summary>Prepares a convolution with the weights that g and v make.</summary>
    /// <param name="p">The preparation.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="parameters">Where g starts in the parameters.</param>
    /// <param name="weights">Where the convolution starts in the prepared weights.</param>
    public static void Prepare(ref Preparation p, TapConvolution convolution, int parameters, int weights)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        int outputs = convolution.Outputs;
        int tensor = convolution.TensorSize;
        int each = tensor / outputs;
        var v = p.Parameters.Slice(parameters + outputs, tensor);
        var bias = p.Parameters.Slice(parameters + outputs + tensor, outputs);
        float[] w = ArrayPool<float>.Shared.Rent(tensor);
        for (int output = 0; output < outputs; output++)
        {
            var direction = v.Slice(output * each, each);
            double scale = p.Parameters[parameters + output] / Norm(direction);
            for (int i = 0; i < each; i++)
            {
                w[(output * each) + i] = (float)(scale * direction[i]);
            }
        }

        convolution.Pack(p.Form, w.AsSpan(0, tensor), bias, p.Prepared.Slice(weights, convolution.PreparedSize));
        ArrayPool<float>.Shared.Return(w);
    }

    /// <summary>Turns the gradients of w and of the bias, summed over the batch, into those of g, v and the bias.</summary>
    /// <param name="s">The sums.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="parameters">Where g starts in the parameters.</param>
    /// <param name="sums">Where the gradient of w starts, that of the bias behind it.</param>
    public static void Finish(ref GradientSums s, TapConvolution convolution, int parameters, int sums)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        int outputs = convolution.Outputs;
        int tensor = convolution.TensorSize;
        int each = tensor / outputs;
        for (int output = 0; output < outputs; output++)
        {
            var v = s.Parameters.Slice(parameters + outputs + (output * each), each);
            var upstream = s.Gradient.Slice(sums + (output * each), each);
            var gradient = s.Gradient.Slice(parameters + outputs + (output * each), each);
            double norm = Norm(v);
            double along = 0;
            for (int i = 0; i < each; i++)
            {
                along += (double)upstream[i] * v[i];
            }

            along /= norm;
            s.Gradient[parameters + output] += (float)along;
            double scale = s.Parameters[parameters + output] / norm;
            for (int i = 0; i < each; i++)
            {
                gradient[i] += (float)(scale * (upstream[i] - (along * v[i] / norm)));
            }

            s.Gradient[parameters + outputs + tensor + output] += s.Gradient[sums + tensor + output];
        }
    }

    private static double Norm(ReadOnlySpan<float> v)
    {
        double squares = 0;
        foreach (float value in v)
        {
            squares += (double)value * value;
        }

        return Math.Max(Math.Sqrt(squares), SmallestNorm);
    }
}
