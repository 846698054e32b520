using System.Globalization;
using System.Numerics;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>An exact fraction in lowest terms. Constants of functions are binary floating-point numbers, and these are fractions.</summary>
internal readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly BigInteger denominator;

    /// <summary>The fraction, reduced.</summary>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.Sign < 0)
        {
            numerator = -numerator;
            denominator = -denominator;
        }

        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        Numerator = divisor.IsOne ? numerator : numerator / divisor;
        this.denominator = divisor.IsOne ? denominator : denominator / divisor;
    }

    public static Rational Zero { get; } = new(BigInteger.Zero, BigInteger.One);

    public static Rational One { get; } = new(BigInteger.One, BigInteger.One);

    public static Rational MinusOne { get; } = new(BigInteger.MinusOne, BigInteger.One);

    public static Rational Half { get; } = new(BigInteger.One, 2);

    public BigInteger Numerator { get; }

    public BigInteger Denominator => denominator.IsZero ? BigInteger.One : denominator;

    public int Sign => Numerator.Sign;

    public bool IsZero => Numerator.IsZero;

    public bool IsOne => Numerator.IsOne && Denominator.IsOne;

    public bool IsInteger => Denominator.IsOne;

    /// <summary>Whether arithmetic with it stays cheap.</summary>
    public bool IsSmall => BitLength(Numerator) + BitLength(Denominator) < 4096;

    /// <summary>The whole number, if it is one of a moderate size.</summary>
    public int? SmallInteger => IsInteger && BigInteger.Abs(Numerator) <= 1024 ? (int)Numerator : null;

    /// <summary>A finite double, exactly.</summary>
    public static Rational Of(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFFL) | (exponent == 0 ? 0 : 1L << 52);
        exponent = Math.Max(exponent, 1) - 1075;
        mantissa = bits < 0 ? -mantissa : mantissa;
        return exponent >= 0 ? new(mantissa << exponent, BigInteger.One) : new(mantissa, BigInteger.One << -exponent);
    }

    public static Rational Of(int value) => new(value, BigInteger.One);

    public static Rational operator +(Rational a, Rational b) => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    /// <summary>A whole power of what is not 0, or a positive one.</summary>
    public Rational Power(int exponent) => exponent >= 0
        ? new(BigInteger.Pow(Numerator, exponent), BigInteger.Pow(Denominator, exponent))
        : new(BigInteger.Pow(Denominator, -exponent), BigInteger.Pow(Numerator, -exponent));

    /// <summary>The square root, if it is a fraction.</summary>
    public Rational? Root()
    {
        if (Sign < 0)
        {
            return null;
        }

        var top = Root(Numerator);
        var bottom = Root(Denominator);
        return top is { } a && bottom is { } b ? new(a, b) : null;
    }

    /// <summary>The fraction with the smallest denominator from one number to another.</summary>
    public static Rational Simplest(Rational low, Rational high)
    {
        if (low.Sign <= 0 && high.Sign >= 0)
        {
            return Zero;
        }

        if (high.Sign < 0)
        {
            return -Simplest(-high, -low);
        }

        var whole = BigInteger.Divide(low.Numerator, low.Denominator);
        var floor = new Rational(whole, BigInteger.One);
        if (floor == low)
        {
            return low;
        }

        if (floor + One <= high)
        {
            return floor + One;
        }

        return floor + (One / Simplest(One / (high - floor), One / (low - floor)));
    }

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    /// <summary>Doubles on both sides of it, or itself.</summary>
    public Interval Enclose()
    {
        double value = ToDouble();
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return Sign > 0 ? new(double.MaxValue, double.PositiveInfinity) : new(double.NegativeInfinity, -double.MaxValue);
        }

        int comparison = Of(value).CompareTo(this);
        return comparison == 0 ? Interval.Of(value)
            : comparison < 0 ? new(value, Rounding.Up(value))
            : new(Rounding.Down(value), value);
    }

    /// <summary>A neighbouring double.</summary>
    public double ToDouble()
    {
        // Numerator and denominator may be too large although their quotient is not.
        int shift = BitLength(Denominator) - BitLength(Numerator) + 64;
        var scaled = shift >= 0 ? (Numerator << shift) / Denominator : Numerator / (Denominator << -shift);
        double value = (double)scaled;
        for (; shift > 1000; shift -= 1000)
        {
            value *= Math.Pow(2, -1000);
        }

        for (; shift < -1000; shift += 1000)
        {
            value *= Math.Pow(2, 1000);
        }

        value *= Math.Pow(2, -shift);

        // Conversion truncates: the neighbour may be one off.
        if (!double.IsInfinity(value))
        {
            var exact = Of(value);
            double next = Sign >= 0 ? Rounding.Up(value) : Rounding.Down(value);
            if (exact != this && !double.IsInfinity(next) && (Of(next) == this || (Of(next).CompareTo(this) < 0) == (Sign > 0)))
            {
                return next;
            }
        }

        return value;
    }

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public bool Equals(Rational other) => Numerator == other.Numerator && Denominator == other.Denominator;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => unchecked((Numerator.GetHashCode() * 31) + Denominator.GetHashCode());

    public override string ToString() => IsInteger
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : $"{Numerator.ToString(CultureInfo.InvariantCulture)}/{Denominator.ToString(CultureInfo.InvariantCulture)}";

    private static int BitLength(BigInteger value)
    {
        byte[] bytes = BigInteger.Abs(value).ToByteArray();
        int length = 8 * (bytes.Length - 1);
        for (int top = bytes[bytes.Length - 1]; top > 0; top >>= 1)
        {
            length++;
        }

        return length;
    }

    private static BigInteger? Root(BigInteger value)
    {
        if (value.IsZero)
        {
            return value;
        }

        var root = BigInteger.One << ((BitLength(value) + 1) / 2);
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return root * root == value ? root : null;
            }

            root = next;
        }
    }
}
