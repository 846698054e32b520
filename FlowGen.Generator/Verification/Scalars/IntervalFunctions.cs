using static FlowGen.Generator.Verification.Scalars.Rounding;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>Enclosures of elementary functions.</summary>
/// <remarks>
/// Functions of <see cref="Math"/> are widened by 32 units in the last place. The libraries that hosts of the compiler use (Microsoft's
/// C runtime, glibc, musl, Apple's) document or were found to err by less than 4 in every function used here; what they are
/// asked for outside of that, sines of large numbers, is not asked for.
/// </remarks>
internal static class IntervalFunctions
{
    private const double Margin = 1.0 / (1L << 47);

    // pi / 2 lies between this double and the next.
    private const double HalfPiLow = 1.5707963267948966;

    // Up to here a sine is taken from the library, with an absolute margin for what reducing the argument may lose.
    private const double LargestAngle = 1 << 20;

    private const double AngleMargin = 1.0 / (1L << 44);

    private static readonly Interval One = Interval.Of(1);

    private static readonly Interval HalfPi = new(HalfPiLow, Up(HalfPiLow));

    /// <summary>An enclosure of the function's values on an interval; where it is not defined on all of it, of those that there are.</summary>
    public static Interval Apply(ScalarFunctionKind kind, Interval x) => kind switch
    {
        ScalarFunctionKind.Exp => new(Exp(x.Low).Low, Exp(x.High).High, NeverZero: true),
        ScalarFunctionKind.Log => new(Log(x.Low).Low, Log(x.High).High, x.Low > 1),
        ScalarFunctionKind.Sin => Cosine(x - HalfPi),
        ScalarFunctionKind.Cos => Cosine(x),
        ScalarFunctionKind.Tan => Tangent(x),
        ScalarFunctionKind.Asin => Increasing(x, Asin),
        ScalarFunctionKind.Acos => HalfPi - Increasing(x, Asin),
        ScalarFunctionKind.Atan => Increasing(x, Atan),
        ScalarFunctionKind.Sinh => Increasing(x, Sinh),
        ScalarFunctionKind.Cosh => Cosh(x),
        ScalarFunctionKind.Tanh => Increasing(x, Tanh),
        ScalarFunctionKind.Asinh => Increasing(x, Asinh),
        ScalarFunctionKind.Acosh => new(Acosh(x.Low).Low, Acosh(x.High).High),
        ScalarFunctionKind.Atanh => Increasing(x, Atanh),
        ScalarFunctionKind.Cbrt => Increasing(x, Cbrt),
        ScalarFunctionKind.Sigmoid => new(Sigmoid(x.Low).Low, Sigmoid(x.High).High, NeverZero: true),
        ScalarFunctionKind.Softplus => new(Softplus(x.Low).Low, Softplus(x.High).High, NeverZero: true),
        _ => Sech2(x),
    };

    /// <summary>An enclosure of the function's derivative on an interval.</summary>
    public static Interval Derivative(ScalarFunctionKind kind, Interval x, Interval value) => kind switch
    {
        ScalarFunctionKind.Exp => value,
        ScalarFunctionKind.Log => x.Reciprocal(),
        ScalarFunctionKind.Sin => Apply(ScalarFunctionKind.Cos, x),
        ScalarFunctionKind.Cos => -Apply(ScalarFunctionKind.Sin, x),
        ScalarFunctionKind.Tan => One + value.Power(2),
        ScalarFunctionKind.Asin => Root(One - x.Power(2)).Reciprocal(),
        ScalarFunctionKind.Acos => -Root(One - x.Power(2)).Reciprocal(),
        ScalarFunctionKind.Atan => (One + x.Power(2)).Reciprocal(),
        ScalarFunctionKind.Sinh => Apply(ScalarFunctionKind.Cosh, x),
        ScalarFunctionKind.Cosh => Apply(ScalarFunctionKind.Sinh, x),
        ScalarFunctionKind.Tanh => Sech2(x),
        ScalarFunctionKind.Asinh => Root(One + x.Power(2)).Reciprocal(),
        ScalarFunctionKind.Acosh => Root(x.Power(2) - One).Reciprocal(),
        ScalarFunctionKind.Atanh => (One - x.Power(2)).Reciprocal(),
        ScalarFunctionKind.Cbrt => (Interval.Of(3) * value.Power(2)).Reciprocal(),
        ScalarFunctionKind.Sigmoid => Apply(ScalarFunctionKind.Sigmoid, x) * Apply(ScalarFunctionKind.Sigmoid, -x),
        ScalarFunctionKind.Softplus => Apply(ScalarFunctionKind.Sigmoid, x),
        _ => Interval.Of(-2) * Apply(ScalarFunctionKind.Tanh, x) * value,
    };

    // Of a radicand that is not negative, whatever its enclosure says.
    private static Interval Root(Interval radicand) => new Interval(Math.Max(0, radicand.Low), Math.Max(0, radicand.High), radicand.ExcludesZero).Sqrt();

    // Odd functions that are 0 at 0 only.
    private static Interval Increasing(Interval x, Func<double, Interval> function) => new(function(x.Low).Low, function(x.High).High, x.ExcludesZero);

    private static Interval Widen(double value)
    {
        if (double.IsNaN(value))
        {
            return Interval.Entire;
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? new(double.MaxValue, value) : new(value, -double.MaxValue);
        }

        double margin = (Math.Abs(value) * Margin) + double.Epsilon;
        return new(Down(value - margin), Up(value + margin));
    }

    private static Interval Clamp(Interval value, double low, double high) => new(Math.Max(low, Math.Min(high, value.Low)), Math.Min(high, Math.Max(low, value.High)));

    private static Interval Odd(double x, Func<double, Interval> ofPositive) => x < 0 ? -ofPositive(-x) : ofPositive(x);

    private static Interval Exp(double x) =>
        x == 0 ? One
        : double.IsNegativeInfinity(x) ? Interval.Of(0)
        : double.IsPositiveInfinity(x) ? Interval.Of(x)
        : Clamp(Widen(Math.Exp(x)), x > 0 ? 1 : 0, x < 0 ? 1 : double.PositiveInfinity);

    private static Interval Log(double x) =>
        x <= 0 ? Interval.Of(double.NegativeInfinity)
        : x == 1 ? Interval.Of(0)
        : double.IsInfinity(x) ? Interval.Of(x)
        : Widen(Math.Log(x));

    private static Interval Asin(double x) => x >= 1 ? HalfPi : x <= -1 ? -HalfPi : x == 0 ? Interval.Of(0) : Widen(Math.Asin(x));

    private static Interval Atan(double x) => x == 0 ? Interval.Of(0) : double.IsInfinity(x) ? Odd(x, static _ => HalfPi) : Clamp(Widen(Math.Atan(x)), -HalfPi.High, HalfPi.High);

    private static Interval Sinh(double x) => x == 0 || double.IsInfinity(x) ? Interval.Of(x) : Widen(Math.Sinh(x));

    private static Interval Tanh(double x) => x == 0 ? Interval.Of(0) : double.IsInfinity(x) ? Interval.Of(Math.Sign(x)) : Clamp(Widen(Math.Tanh(x)), -1, 1);

    private static Interval Cosh(Interval x)
    {
        var magnitude = x.Magnitude();
        return new(CoshOf(magnitude.Low).Low, CoshOf(magnitude.High).High, NeverZero: true);
    }

    private static Interval CoshOf(double x) => x == 0 ? One : double.IsInfinity(x) ? Interval.Of(x) : Clamp(Widen(Math.Cosh(x)), 1, double.PositiveInfinity);

    // log(x + sqrt(x^2 + 1)), and towards 0, where that loses its digits, x - x^3 / 6 < asinh x < x.
    private static Interval Asinh(double x) => Odd(x, static x =>
    {
        if (x == 0 || double.IsInfinity(x))
        {
            return Interval.Of(x);
        }

        var at = Interval.Of(x);
        if (x < 1e-4)
        {
            return new((at - (at.Power(3) / Interval.Of(6))).Low, x);
        }

        return x > 1e150 ? Apply(ScalarFunctionKind.Log, at) + Apply(ScalarFunctionKind.Log, new(2, 2.1)) : Apply(ScalarFunctionKind.Log, at + (at.Power(2) + One).Sqrt());
    });

    private static Interval Acosh(double x)
    {
        if (x <= 1 || double.IsInfinity(x))
        {
            return Interval.Of(x <= 1 ? 0 : x);
        }

        var at = Interval.Of(x);
        return x > 1e150 ? Apply(ScalarFunctionKind.Log, at) + Apply(ScalarFunctionKind.Log, new(1.9, 2)) : Clamp(Apply(ScalarFunctionKind.Log, at + Root(at.Power(2) - One)), 0, double.PositiveInfinity);
    }

    // Towards 0, x < atanh x < x + x^3.
    private static Interval Atanh(double x) => Odd(x, static x =>
    {
        if (x == 0 || x >= 1)
        {
            return Interval.Of(x == 0 ? 0 : double.PositiveInfinity);
        }

        var at = Interval.Of(x);
        return x < 1e-4
            ? new(x, (at + at.Power(3)).High)
            : Interval.Of(0.5) * Apply(ScalarFunctionKind.Log, (One + at) / (One - at));
    });

    // The power is of the double nearest to 1/3, which differs from it by 2e-17: at most 2e-14 for any double.
    private static Interval Cbrt(double x) => Odd(x, static x =>
    {
        if (x is 0 or 1 || double.IsInfinity(x))
        {
            return Interval.Of(x);
        }

        double root = Math.Pow(x, 1.0 / 3.0);
        double rounded = Math.Round(root);
        return rounded < 100000 && rounded * rounded * rounded == x
            ? Interval.Of(rounded)
            : new(Down(root * (1 - (1.0 / (1L << 43)))), Up(root * (1 + (1.0 / (1L << 43)))));
    });

    private static Interval Sigmoid(double x)
    {
        if (x == 0)
        {
            return Interval.Of(0.5);
        }

        var e = Exp(-Math.Abs(x));
        var above = (One + e).Reciprocal();
        return Clamp(x > 0 ? new(above.Low, above.High) : e * above, 0, 1);
    }

    // log(1 + e) for small e lies between e - e^2 / 2 and e.
    private static Interval Softplus(double x)
    {
        if (double.IsInfinity(x))
        {
            return Interval.Of(x > 0 ? x : 0);
        }

        var e = Exp(-Math.Abs(x));
        var part = e.High < 1e-4
            ? new Interval((e - (e.Power(2) * Interval.Of(0.5))).Low, e.High)
            : Apply(ScalarFunctionKind.Log, One + e);
        return x > 0 ? Interval.Of(x) + part : part;
    }

    // 4 e / (1 + e)^2 with e = e^-2|x|.
    private static Interval Sech2(Interval x)
    {
        var magnitude = x.Magnitude();
        return new(Sech2Of(magnitude.High).Low, Sech2Of(magnitude.Low).High, NeverZero: true);
    }

    private static Interval Sech2Of(double x)
    {
        if (x == 0)
        {
            return One;
        }

        var e = Exp(-2 * x);
        return Clamp(Interval.Of(4) * e / (One + e).Power(2), 0, 1);
    }

    // 1 at even and -1 at odd multiples of pi, and between them on one of two monotone branches.
    private static Interval Cosine(Interval x)
    {
        var range = new Interval(-1, 1);
        if (!(x.Low > -LargestAngle && x.High < LargestAngle) || x.High - x.Low > 6)
        {
            return range;
        }

        var pi = Interval.Of(2) * HalfPi;
        var turns = new Interval((x / pi).Low, (x / pi).High);
        double first = Math.Ceiling(turns.Low);
        double last = Math.Floor(turns.High);
        var ends = x.IsPoint && x.Low == 0 ? One : CosineOf(x.Low).Hull(CosineOf(x.High));
        double low = ends.Low;
        double high = ends.High;
        for (double n = first; n <= last; n++)
        {
            bool even = Math.Abs(n % 2) < 0.5;
            low = even ? low : -1;
            high = even ? 1 : high;
        }

        return new(Math.Max(-1, low), Math.Min(1, high));
    }

    private static Interval CosineOf(double x)
    {
        double value = Math.Cos(x);
        return new(Down(value - AngleMargin), Up(value + AngleMargin));
    }

    private static Interval Tangent(Interval x)
    {
        if (!(x.Low > -LargestAngle && x.High < LargestAngle))
        {
            return Interval.Entire;
        }

        var pi = Interval.Of(2) * HalfPi;
        var turns = (x + HalfPi) / pi;
        if (Math.Floor(turns.Low) != Math.Floor(turns.High) || Math.Floor(turns.Low) == turns.Low)
        {
            return Interval.Entire;
        }

        if (x.IsPoint && x.Low == 0)
        {
            return Interval.Of(0);
        }

        return new(TangentOf(x.Low).Low, TangentOf(x.High).High, x.ExcludesZero && x.Low > -1.5 && x.High < 1.5);
    }

    // An error of the angle weighs 1 + tan^2.
    private static Interval TangentOf(double x)
    {
        double value = Math.Tan(x);
        double margin = AngleMargin * (1 + (value * value));
        return margin < 1e-3 ? new(Down(value - margin), Up(value + margin)) : Interval.Entire;
    }
}
