using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>Activations over contiguous runs, one element at a time in double precision.</summary>
internal static class ActivationKernels
{
    /// <summary>Whether the derivative is computed from the pre-activation; otherwise the activation's output is enough.</summary>
    public static bool NeedsInput(Activation activation) => activation is Activation.Silu or Activation.Gelu;

    /// <summary>destination = activation(source), which may be the same run.</summary>
    public static void Apply(Activation activation, ref float source, ref float destination, nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            double x = Unsafe.Add(ref source, i);
            Unsafe.Add(ref destination, i) = (float)(activation switch
            {
                Activation.Relu => Math.Max(x, 0),
                Activation.LeakyRelu => x > 0 ? x : 0.01 * x,
                Activation.Elu => x > 0 ? x : Math.Exp(x) - 1,
                Activation.Tanh => Math.Tanh(x),
                Activation.Sigmoid => Sigmoid(x),
                Activation.Softplus => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
                Activation.Silu => x * Sigmoid(x),
                Activation.Gelu => x * Normal(x),
                _ => x,
            });
        }
    }

    /// <summary>gradient *= activation'(.), from the activation's output, or from its input where <see cref="NeedsInput"/>.</summary>
    public static void MultiplyByDerivative(Activation activation, ref float values, ref float gradient, nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            double v = Unsafe.Add(ref values, i);
            double derivative = activation switch
            {
                Activation.Relu => v > 0 ? 1 : 0,
                Activation.LeakyRelu => v > 0 ? 1 : 0.01,
                Activation.Elu => v > 0 ? 1 : v + 1,
                Activation.Tanh => 1 - (v * v),
                Activation.Sigmoid => v * (1 - v),
                Activation.Softplus => 1 - Math.Exp(-v),
                Activation.Silu => Sigmoid(v) * (1 + (v * Sigmoid(-v))),
                Activation.Gelu => Normal(v) + (v * Math.Exp(-v * v / 2) / Math.Sqrt(2 * Math.PI)),
                _ => 1,
            };
            Unsafe.Add(ref gradient, i) = (float)(Unsafe.Add(ref gradient, i) * derivative);
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...).
    private static double Normal(double x)
    {
        if (Math.Abs(x) > 7)
        {
            return x > 0 ? 1 : 0;
        }

        double term = x;
        double sum = x;
        for (int n = 3; n < 200; n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
