namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// Limits as the positive variable tends to 0. Here an infinite end is attained: [infinity, infinity] says that the limit is
/// infinite, and infinity minus infinity, or 0 times infinity, says nothing.
/// </summary>
internal static class Limits
{
    /// <summary>The limit of a step from those of its operands.</summary>
    public static Interval Of(Step step, Interval[] limits)
    {
        switch (step.Kind)
        {
            case StepKind.Constant:
                return step.Numbers[0];
            case StepKind.Variable:
                return new(0, 0, NeverZero: true);
            case StepKind.Sum:
                var sum = step.Numbers[step.Operands.Length];
                for (int k = 0; k < step.Operands.Length; k++)
                {
                    sum = Add(sum, Multiply(step.Numbers[k], limits[step.Operands[k]]));
                }

                return sum;
            case StepKind.Product:
                var product = Raise(limits[step.Operands[0]], step.Exponents[0]);
                for (int k = 1; k < step.Operands.Length; k++)
                {
                    product = Multiply(product, Raise(limits[step.Operands[k]], step.Exponents[k]));
                }

                return product;
            default:
                var argument = limits[step.Operands[0]];
                return step.Function is ScalarFunctionKind.Tan ? Interval.Entire : IntervalFunctions.Apply(step.Function, argument);
        }
    }

    private static Interval Add(Interval a, Interval b) =>
        IsInfinite(a) || IsInfinite(b)
            ? (IsInfinite(a) && IsBounded(b)) || (a.Low == b.Low && a.High == b.High) ? a : IsInfinite(b) && IsBounded(a) ? b : Interval.Entire
            : (a + b) with { NeverZero = false };

    private static Interval Multiply(Interval a, Interval b)
    {
        bool aLarge = double.IsInfinity(a.Low) || double.IsInfinity(a.High);
        bool bLarge = double.IsInfinity(b.Low) || double.IsInfinity(b.High);
        if ((aLarge && b.Low <= 0 && b.High >= 0) || (bLarge && a.Low <= 0 && a.High >= 0))
        {
            return Interval.Entire;
        }

        if (IsInfinite(a) || IsInfinite(b))
        {
            // Infinite times what keeps away from 0.
            bool positive = (a.Low > 0) == (b.Low > 0);
            return Interval.Of(positive ? double.PositiveInfinity : double.NegativeInfinity);
        }

        return (a * b) with { NeverZero = false };
    }

    private static Interval Raise(Interval value, Rational exponent)
    {
        // Only the variable and functions of it are marked to come from above.
        if (value.Low == 0 && value.High == 0)
        {
            return exponent.Sign > 0 ? value : value.NeverZero ? Interval.Of(double.PositiveInfinity) : Interval.Entire;
        }

        if (IsInfinite(value))
        {
            bool negative = value.High < 0 && exponent.IsInteger && !exponent.Numerator.IsEven;
            return exponent.Sign < 0 ? Interval.Of(0) : Interval.Of(negative ? double.NegativeInfinity : double.PositiveInfinity);
        }

        if (exponent.SmallInteger is { } whole && (whole > 0 || value.Low > 0 || value.High < 0))
        {
            return value.Power(whole);
        }

        return value.Low > 0
            ? IntervalFunctions.Apply(ScalarFunctionKind.Exp, exponent.Enclose() * IntervalFunctions.Apply(ScalarFunctionKind.Log, value))
            : Interval.Entire;
    }

    private static bool IsInfinite(Interval value) => value.IsPoint && double.IsInfinity(value.Low);

    private static bool IsBounded(Interval value) => !double.IsInfinity(value.Low) && !double.IsInfinity(value.High);
}
