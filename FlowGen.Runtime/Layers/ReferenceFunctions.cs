namespace FlowGen.Layers;

/// <summary>The elementary functions of layers in double precision, for the reference.</summary>
internal static class ReferenceFunctions
{
    private const double LeakySlope = 0.01;

    public static double Apply(Activation activation, double x) => activation switch
    {
        Activation.Relu => Math.Max(x, 0),
        Activation.LeakyRelu => x > 0 ? x : LeakySlope * x,
        Activation.Elu => x > 0 ? x : Expm1(x),
        Activation.Tanh => Math.Tanh(x),
        Activation.Sigmoid => Sigmoid(x),
        Activation.Softplus => Softplus(x),
        // The limit at minus infinity, where the product has no number.
        Activation.Silu or Activation.Gelu when double.IsNegativeInfinity(x) => 0,
        Activation.Silu => x * Sigmoid(x),
        Activation.Gelu => x * 0.5 * Erfc(-x / Math.Sqrt(2)),
        Activation.Identity => x,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation."),
    };

    /// <summary>The x with Apply(x) = y; NaN or infinite outside of the range.</summary>
    public static double Inverse(Activation activation, double y) => activation switch
    {
        Activation.LeakyRelu => y > 0 ? y : y / LeakySlope,
        Activation.Elu => y > 0 ? y : Log1p(y),
        Activation.Tanh => Math.Atanh(y),
        Activation.Sigmoid => Math.Log(y) - Log1p(-y),
        Activation.Softplus => y + Math.Log(-Expm1(-y)),
        Activation.Identity => y,
        _ => throw NotIncreasing(activation),
    };

    /// <summary>The logarithm of the derivative.</summary>
    public static double LogDerivative(Activation activation, double x) => activation switch
    {
        Activation.LeakyRelu => x > 0 ? 0 : Math.Log(LeakySlope),
        Activation.Elu => Math.Min(x, 0),
        Activation.Tanh => 2 * (Math.Log(2) - Math.Abs(x) - Softplus(-2 * Math.Abs(x))),
        Activation.Sigmoid => -Softplus(x) - Softplus(-x),
        Activation.Softplus => -Softplus(-x),
        Activation.Identity => 0,
        _ => throw NotIncreasing(activation),
    };

    /// <summary>The derivative of a function that nowhere falls.</summary>
    public static double Derivative(Activation activation, double x) => Math.Exp(LogDerivative(activation, x));

    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return x > 0 ? 1 / (1 + e) : e / (1 + e);
    }

    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary>log(1 + x) by the quotient of two equally wrong numbers (Kahan).</summary>
    public static double Log1p(double x)
    {
        double sum = 1 + x;
        return sum == 1 || double.IsInfinity(sum) ? x : Math.Log(sum) * x / (sum - 1);
    }

    /// <summary>e^x - 1, likewise.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) > 1)
        {
            return Math.Exp(x) - 1;
        }

        double e = Math.Exp(x);
        return e == 1 ? x : (e - 1) * x / Math.Log(e);
    }

    /// <summary>1 - erf(x): the Maclaurin series of erf(x) e^(x^2), all of whose terms are positive, or for larger x Laplace's continued fraction.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x) || Math.Abs(x) > 30)
        {
            return double.IsNaN(x) ? x : x > 0 ? 0 : 2;
        }

        double a = Math.Abs(x);
        double scale = Math.Exp(-a * a) / Math.Sqrt(Math.PI);
        double upper;
        if (a < 2.5)
        {
            double term = 2 * a;
            double sum = 0;
            for (int n = 1; sum + term > sum; n++)
            {
                sum += term;
                term *= 2 * a * a / ((2 * n) + 1);
            }

            upper = 1 - (scale * sum);
        }
        else
        {
            double fraction = a;
            for (int n = 120; n > 0; n--)
            {
                fraction = a + (n / 2.0 / fraction);
            }

            upper = scale / fraction;
        }

        return x < 0 ? 2 - upper : upper;
    }

    private static ArgumentOutOfRangeException NotIncreasing(Activation activation) =>
        new(nameof(activation), activation, "Not a strictly increasing function.");
}
