namespace FlowGen;

/// <summary>What <see cref="Adam"/>, <see cref="AdamW"/> and <see cref="Adamax"/> have in common: running moments of the gradient (Kingma and Ba, 2015).</summary>
public abstract class AdaptiveOptimizer : Optimizer
{
    private readonly double beta1 = 0.9;
    private readonly double beta2 = 0.999;
    private readonly double epsilon = 1e-8;

    private protected AdaptiveOptimizer()
    {
    }

    /// <summary>How much of the mean gradient a step keeps. The default is 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in [0, 1).</exception>
    public double Beta1
    {
        get => beta1;
        init => beta1 = Decay(value, nameof(Beta1));
    }

    /// <summary>How much of the mean squared gradient, or in <see cref="Adamax"/> of the largest, a step keeps. The default is 0.999.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in [0, 1).</exception>
    public double Beta2
    {
        get => beta2;
        init => beta2 = Decay(value, nameof(Beta2));
    }

    /// <summary>Added to the root of the corrected mean square, or in <see cref="Adamax"/> to the gradient's absolute value. The default is 1e-8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite; or zero in <see cref="Adamax"/>, where parameters without a gradient would be divided by zero.</exception>
    public double Epsilon
    {
        get => epsilon;
        init => epsilon = Floor(value, nameof(Epsilon));
    }

    /// <summary>Refuses an epsilon that does not fit.</summary>
    private protected virtual double Floor(double value, string name) => NonNegative(value, name);

    private static double Decay(double value, string name) => value is >= 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "0 or more and less than 1 was expected.");
}
