using static FlowGen.Generator.Verification.Scalars.Rounding;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// A closed interval of real numbers, its infinite ends not attained. Every operation returns an interval that contains all
/// results of the operation on members of its operands: ends are rounded outward.
/// </summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="NeverZero">Whether 0 is known not to be among the values, even where it is an end.</param>
internal readonly record struct Interval(double Low, double High, bool NeverZero = false)
{
    /// <summary>All real numbers.</summary>
    public static Interval Entire { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Whether 0 is not among the values.</summary>
    public bool ExcludesZero => NeverZero || Low > 0 || High < 0;

    /// <summary>Whether all values are above 0.</summary>
    public bool IsPositive => Low > 0 || (Low == 0 && NeverZero);

    /// <summary>Whether all values are below 0.</summary>
    public bool IsNegative => High < 0 || (High == 0 && NeverZero);

    /// <summary>Whether there is one value only.</summary>
    public bool IsPoint => Low == High;

    /// <summary>One number.</summary>
    public static Interval Of(double value) => new(value, value);

    /// <summary>Whether a number is between the ends.</summary>
    public bool Contains(double value) => Low <= value && value <= High && !(value == 0 && NeverZero);

    /// <summary>What is in both of two enclosures of the same values.</summary>
    public Interval Intersect(Interval other)
    {
        double low = Math.Max(Low, other.Low);
        double high = Math.Min(High, other.High);
        return low <= high ? new(low, high, NeverZero || other.NeverZero) : this;
    }

    /// <summary>The smallest interval around both.</summary>
    public Interval Hull(Interval other) =>
        new(Math.Min(Low, other.Low), Math.Max(High, other.High), ExcludesZero && other.ExcludesZero);

    public static Interval operator -(Interval value) => new(-value.High, -value.Low, value.NeverZero);

    public static Interval operator +(Interval left, Interval right)
    {
        // Two numbers of one sign, one of which is not 0.
        bool never = (left.Low >= 0 && right.Low >= 0 && (left.ExcludesZero || right.ExcludesZero))
            || (left.High <= 0 && right.High <= 0 && (left.ExcludesZero || right.ExcludesZero));
        return new(AddDown(left.Low, right.Low), AddUp(left.High, right.High), never);
    }

    public static Interval operator -(Interval left, Interval right) => left + -right;

    public static Interval operator *(Interval left, Interval right)
    {
        double low = Math.Min(
            Math.Min(MultiplyDown(left.Low, right.Low), MultiplyDown(left.Low, right.High)),
            Math.Min(MultiplyDown(left.High, right.Low), MultiplyDown(left.High, right.High)));
        double high = Math.Max(
            Math.Max(MultiplyUp(left.Low, right.Low), MultiplyUp(left.Low, right.High)),
            Math.Max(MultiplyUp(left.High, right.Low), MultiplyUp(left.High, right.High)));
        return new(low, high, left.ExcludesZero && right.ExcludesZero);
    }

    /// <summary>The quotient; all numbers where the divisor may be 0 from both sides.</summary>
    public static Interval operator /(Interval left, Interval right) => left * right.Reciprocal();

    /// <summary>1 / x.</summary>
    public Interval Reciprocal()
    {
        if (!(Low >= 0 || High <= 0) || (Low == 0 && High == 0))
        {
            return Entire with { NeverZero = true };
        }

        double low = High == 0 ? double.NegativeInfinity : DivideDown(1, High);
        double high = Low == 0 ? double.PositiveInfinity : DivideUp(1, Low);
        return new(low, high, NeverZero: true);
    }

    /// <summary>The absolute value.</summary>
    public Interval Magnitude() => Low >= 0 ? this : High <= 0 ? -this : new(0, Math.Max(-Low, High), NeverZero);

    /// <summary>A whole power.</summary>
    public Interval Power(int exponent)
    {
        if (exponent == 0)
        {
            return Of(1);
        }

        if (exponent < 0)
        {
            return Power(-exponent).Reciprocal();
        }

        if (exponent == 1)
        {
            return this;
        }

        if (exponent % 2 == 0)
        {
            var magnitude = Magnitude();
            return new(PowerDown(magnitude.Low, exponent), PowerUp(magnitude.High, exponent), ExcludesZero);
        }

        double low = Low < 0 ? -PowerUp(-Low, exponent) : PowerDown(Low, exponent);
        double high = High < 0 ? -PowerDown(-High, exponent) : PowerUp(High, exponent);
        return new(low, high, ExcludesZero);
    }

    /// <summary>The square root of what is not negative.</summary>
    public Interval Sqrt() => new(SqrtDown(Low), High < 0 ? 0 : SqrtUp(High), ExcludesZero);

    // Of numbers that are not negative.
    private static double PowerDown(double value, int exponent)
    {
        double result = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = MultiplyDown(result, value);
            }

            value = MultiplyDown(value, value);
        }

        return result;
    }

    private static double PowerUp(double value, int exponent)
    {
        double result = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = MultiplyUp(result, value);
            }

            value = MultiplyUp(value, value);
        }

        return result;
    }
}
