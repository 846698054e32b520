using FlowGen.Kernels;

namespace FlowGen.Layers;

/// <summary>A user's scalar function: what was proved about it, the function itself in double precision, and the compiled one.</summary>
public abstract class ScalarFunctionDescription
{
    private const double LargestBracket = 1e300;

    private readonly Func<double, double> value;
    private readonly Func<double, double> logDerivative;

    private ScalarFunctionDescription(
        string name, bool increasing, double leastSlope, double greatestSlope, int smoothness, Func<double, double> value, Func<double, double> logDerivative)
    {
        Name = name;
        IsIncreasing = increasing;
        LeastSlope = leastSlope;
        GreatestSlope = greatestSlope;
        Smoothness = smoothness;
        this.value = value;
        this.logDerivative = logDerivative;
    }

    /// <summary>The method's name.</summary>
    public string Name { get; }

    /// <summary>Whether it increases; else it decreases.</summary>
    public bool IsIncreasing { get; }

    /// <summary>A lower bound of the derivative.</summary>
    public double LeastSlope { get; }

    /// <summary>An upper bound of the derivative.</summary>
    public double GreatestSlope { get; }

    /// <summary>How often it is continuously differentiable: 0, 1, or 2 for twice or more.</summary>
    public int Smoothness { get; }

    /// <summary>Used by generated code.</summary>
    /// <typeparam name="TFunction">The function as the kernels take it.</typeparam>
    /// <param name="name">The method's name.</param>
    /// <param name="increasing">Whether it increases; else it decreases.</param>
    /// <param name="leastSlope">The least derivative, or a lower bound of it.</param>
    /// <param name="greatestSlope">The greatest derivative, or an upper bound of it.</param>
    /// <param name="smoothness">How often it is continuously differentiable: 0, 1, or 2 for twice or more.</param>
    /// <param name="value">The function in double precision.</param>
    /// <param name="logDerivative">The logarithm of its derivative's magnitude in double precision.</param>
    public static ScalarFunctionDescription Of<TFunction>(
        string name, bool increasing, double leastSlope, double greatestSlope, int smoothness, Func<double, double> value, Func<double, double> logDerivative)
        where TFunction : struct, IScalarFunction =>
        new Compiled<TFunction>(name, increasing, leastSlope, greatestSlope, smoothness, value, logDerivative);

    /// <summary>The function at x.</summary>
    public double Value(double x) => value(x);

    /// <summary>ln |f'(x)|.</summary>
    public double LogDerivative(double x) => logDerivative(x);

    /// <summary>The compiled function, on any lanes: also on such that write down what is done to them.</summary>
    internal abstract V Apply<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V>;

    /// <summary>Its ln |f'(x)|.</summary>
    internal abstract V LogDerivative<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V>;

    /// <summary>Its inverse.</summary>
    internal abstract V Inverse<V, TMath>(V z)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V>;

    /// <summary>The x whose value is z, by bisection of the doubles; NaN if there is none.</summary>
    internal double Inverse(double z)
    {
        if (double.IsNaN(z))
        {
            return z;
        }

        // Outward from 0, so that no function is asked for values that overflow unless there is no other way.
        double from = -1;
        double to = 1;
        while (IsAbove(from, z) && from > -LargestBracket)
        {
            (from, to) = (4 * from, from);
        }

        while (!IsAbove(to, z) && to < LargestBracket)
        {
            (from, to) = (Math.Max(from, to), to * 4);
        }

        if (IsAbove(from, z) || !IsAbove(to, z))
        {
            return double.NaN;
        }

        long low = Order(from);
        long high = Order(to);

        // The greatest x that is not above z, or its neighbour.
        while (low + 1 < high)
        {
            long middle = (low >> 1) + (high >> 1) + (low & high & 1);
            if (IsAbove(Number(middle), z))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        double below = Number(low);
        double above = Number(high);
        return Math.Abs(value(below) - z) <= Math.Abs(value(above) - z) ? below : above;
    }

    // Whether x is too large; where the function overflows against itself, it is if it is positive.
    private bool IsAbove(double x, double z)
    {
        double at = value(x);
        return double.IsNaN(at) ? x > 0 : IsIncreasing ? at > z : at < z;
    }

    private static long Order(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        return bits ^ ((bits >> 63) & long.MaxValue);
    }

    private static double Number(long order) => BitConverter.Int64BitsToDouble(order ^ ((order >> 63) & long.MaxValue));

    private sealed class Compiled<TFunction>(
        string name, bool increasing, double leastSlope, double greatestSlope, int smoothness, Func<double, double> value, Func<double, double> logDerivative)
        : ScalarFunctionDescription(name, increasing, leastSlope, greatestSlope, smoothness, value, logDerivative)
        where TFunction : struct, IScalarFunction
    {
        internal override V Apply<V, TMath>(V x) => TFunction.Apply<V, TMath>(x);

        internal override V LogDerivative<V, TMath>(V x) => TFunction.LogDerivative<V, TMath>(x);

        internal override V Inverse<V, TMath>(V z) => TFunction.Inverse<V, TMath>(z);
    }
}
