namespace FlowGen.Tests.Kernels;

/// <summary>Activations and their derivatives in double precision, from their definitions.</summary>
internal static class DenseReference
{
    public static double Apply(Activation activation, double x) => activation switch
    {
        Activation.Relu => Math.Max(x, 0),
        Activation.LeakyRelu => x > 0 ? x : 0.01 * x,
        Activation.Elu => x > 0 ? x : Math.Exp(x) - 1,
        Activation.Tanh => Math.Tanh(x),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Activation.Softplus => Math.Log(1 + Math.Exp(x)),
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.Gelu => x * NormalDistribution(x),
        _ => x,
    };

    public static double Derivative(Activation activation, double x)
    {
        double sigmoid = 1 / (1 + Math.Exp(-x));
        return activation switch
        {
            Activation.Relu => x > 0 ? 1 : 0,
            Activation.LeakyRelu => x > 0 ? 1 : 0.01,
            Activation.Elu => x > 0 ? 1 : Math.Exp(x),
            Activation.Tanh => 1 - (Math.Tanh(x) * Math.Tanh(x)),
            Activation.Sigmoid => sigmoid * (1 - sigmoid),
            Activation.Softplus => sigmoid,
            Activation.Silu => sigmoid * (1 + (x * (1 - sigmoid))),
            Activation.Gelu => NormalDistribution(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)),
            _ => 1,
        };
    }

    // Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...): converges for every x, fast for the small ones of the tests.
    private static double NormalDistribution(double x)
    {
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
