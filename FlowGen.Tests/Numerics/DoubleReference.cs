namespace FlowGen.Tests.Numerics;

/// <summary>Elementary functions in double precision, from textbook formulas: what the single-precision ones are measured by.</summary>
internal static class DoubleReference
{
    /// <summary>e^x - 1 (Kahan's correction of the naive form).</summary>
    public static double Expm1(double x)
    {
        double e = Math.Exp(x);
        return Math.Abs(x) < 1e-5 ? x + (x * x / 2) + (x * x * x / 6)
            : Math.Abs(x) > 1 ? e - 1
            : (e - 1) * x / Math.Log(e);
    }

    /// <summary>ln(1 + x) (Kahan's correction of the naive form).</summary>
    public static double Log1p(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x
            : double.IsInfinity(sum) || sum <= 0 ? Math.Log(sum)
            : Math.Log(sum) * x / (sum - 1);
    }

    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return x > 0 ? 1 / (1 + e) : e / (1 + e);
    }

    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    public static double Elu(double x) => x > 0 ? x : Expm1(x);

    public static double TanhLogDerivative(double x)
    {
        double a = Math.Abs(x);
        return a < 1e-3 ? (a * a * a * a / 6) - (a * a) : 2 * (Math.Log(2) - a - Log1p(Math.Exp(-2 * a)));
    }

    /// <summary>ln(p / (1 - p)) without cancellation about 1/2.</summary>
    public static double Logit(double p) => p < 0.25 ? Math.Log(p / (1 - p)) : Log1p(((2 * p) - 1) / (1 - p));

    public static double SoftplusInverse(double y) => y > 1 ? y + Math.Log(-Expm1(-y)) : Math.Log(Expm1(y));

    /// <summary>The error function: its series of positive terms, and 1 - erfc further out.</summary>
    public static double Erf(double x)
    {
        if (!(Math.Abs(x) < 2.5))
        {
            return Math.CopySign(1 - Erfc(Math.Abs(x)), x);
        }

        double sum = 0;
        double term = x;
        for (int n = 0; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * n) + 3);
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>1 - erf(x), by Laplace's continued fraction where that is small.</summary>
    public static double Erfc(double x)
    {
        if (x < 2.5)
        {
            return 1 - Erf(x);
        }

        double fraction = 0;
        for (int k = 120; k > 0; k--)
        {
            fraction = k / 2.0 / (x + fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }

    public static double NormalTail(double x) => 0.5 * Erfc(x / Math.Sqrt(2));

    public static double NormalDensity(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>x Phi(x).</summary>
    public static double Gelu(double x) => x < -40 ? 0 : x * NormalTail(-x);

    /// <summary>Phi(x) + x phi(x).</summary>
    public static double GeluDerivative(double x) => double.IsInfinity(x) ? (x > 0 ? 1 : 0) : NormalTail(-x) + (x * NormalDensity(x));

    public static double Silu(double x) => double.IsNegativeInfinity(x) ? 0 : x * Sigmoid(x);

    public static double SiluDerivative(double x) =>
        double.IsInfinity(x) ? (x > 0 ? 1 : 0) : Sigmoid(x) + (x * Sigmoid(x) * Sigmoid(-x));
}
