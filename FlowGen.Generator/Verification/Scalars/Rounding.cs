namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// Double arithmetic with a known direction of rounding. Hosts of the compiler round to nearest and in double (64-bit processes
/// and SSE2); a result that was not exact moves to its neighbour.
/// </summary>
internal static class Rounding
{
    // Below it the error term of a product may itself underflow.
    private const double SafeProduct = 1e-250;

    /// <summary>The next double above.</summary>
    public static double Up(double value)
    {
        if (double.IsNaN(value) || double.IsPositiveInfinity(value))
        {
            return value;
        }

        if (value == 0)
        {
            return double.Epsilon;
        }

        long bits = BitConverter.DoubleToInt64Bits(value);
        return BitConverter.Int64BitsToDouble(value > 0 ? bits + 1 : bits - 1);
    }

    /// <summary>The next double below.</summary>
    public static double Down(double value) => -Up(-value);

    /// <summary>At most a + b.</summary>
    public static double AddDown(double a, double b)
    {
        double sum = a + b;
        if (double.IsNaN(sum))
        {
            return double.NegativeInfinity;
        }

        if (double.IsInfinity(sum))
        {
            return sum < 0 || double.IsInfinity(a) || double.IsInfinity(b) ? sum : double.MaxValue;
        }

        return SumError(a, b, sum) < 0 ? Down(sum) : sum;
    }

    /// <summary>At least a + b.</summary>
    public static double AddUp(double a, double b) => -AddDown(-a, -b);

    /// <summary>At most a b, where 0 times infinity is 0: the infinite one is a bound and not a value.</summary>
    public static double MultiplyDown(double a, double b)
    {
        if (a == 0 || b == 0)
        {
            return 0;
        }

        double product = a * b;
        if (double.IsInfinity(product))
        {
            return product < 0 || double.IsInfinity(a) || double.IsInfinity(b) ? product : double.MaxValue;
        }

        if (Math.Abs(product) > SafeProduct && Math.Abs(a) < 1e150 && Math.Abs(b) < 1e150)
        {
            return ProductError(a, b, product) < 0 ? Down(product) : product;
        }

        return (a < 0) == (b < 0) ? Math.Max(0, Down(product)) : Down(product);
    }

    /// <summary>At least a b.</summary>
    public static double MultiplyUp(double a, double b) => -MultiplyDown(-a, b);

    /// <summary>At most a / b for b other than 0, where infinity over infinity is 0.</summary>
    public static double DivideDown(double a, double b)
    {
        if (a == 0 || double.IsInfinity(b))
        {
            // A finite or bounded number over something without bound comes as close to 0 as one likes.
            return 0;
        }

        double quotient = a / b;
        if (double.IsInfinity(quotient))
        {
            return quotient < 0 || double.IsInfinity(a) ? quotient : double.MaxValue;
        }

        if (Math.Abs(quotient) > SafeProduct && Math.Abs(quotient) < 1e150 && Math.Abs(b) < 1e150 && Math.Abs(a) > SafeProduct)
        {
            double product = quotient * b;
            if (product == a && ProductError(quotient, b, product) == 0)
            {
                return quotient;
            }
        }

        return (a < 0) == (b < 0) ? Math.Max(0, Down(quotient)) : Down(quotient);
    }

    /// <summary>At least a / b.</summary>
    public static double DivideUp(double a, double b) => -DivideDown(-a, b);

    /// <summary>At most the square root.</summary>
    public static double SqrtDown(double value)
    {
        if (value <= 0)
        {
            return 0;
        }

        double root = Math.Sqrt(value);
        return double.IsInfinity(root) || IsExactRoot(value, root) ? root : Down(root);
    }

    /// <summary>At least the square root.</summary>
    public static double SqrtUp(double value)
    {
        if (value <= 0)
        {
            return 0;
        }

        double root = Math.Sqrt(value);
        return double.IsInfinity(root) || IsExactRoot(value, root) ? root : Up(root);
    }

    private static bool IsExactRoot(double value, double root) =>
        value > SafeProduct && value < 1e150 && root * root == value && ProductError(root, root, value) == 0;

    // What rounding took from the sum, exactly (Knuth).
    private static double SumError(double a, double b, double sum)
    {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
    }

    // What rounding took from the product, exactly (Dekker, with Veltkamp's halves).
    private static double ProductError(double a, double b, double product)
    {
        Split(a, out double aHigh, out double aLow);
        Split(b, out double bHigh, out double bLow);
        return (((aHigh * bHigh) - product) + (aHigh * bLow) + (aLow * bHigh)) + (aLow * bLow);
    }

    private static void Split(double value, out double high, out double low)
    {
        double scaled = 134217729 * value;
        high = scaled - (scaled - value);
        low = value - high;
    }
}
