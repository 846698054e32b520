namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// An expression as a list of steps, each evaluated once, with intervals. Beside its range every step has enclosures of its
/// derivative and of its values at both ends, and with them its range is narrowed: to what is between the ends where it is
/// monotone, to what the slopes allow elsewhere.
/// </summary>
internal sealed class Tape
{
    /// <summary>The reciprocals of what is far out.</summary>
    public static readonly Interval Tail = new(0, 1.0 / 16);

    private readonly List<Step> steps = [];

    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    private readonly Interval[] range;

    private readonly Interval[] slope;

    private readonly Interval[] left;

    private readonly Interval[] right;

    // x f'(x) / f(x), with the variable positive: what powers and exponentials keep where f and f' lose it.
    private readonly Interval[] elasticity;

    private readonly bool isPositive;

    /// <summary>The steps of an expression.</summary>
    /// <param name="value">The expression.</param>
    /// <param name="isPositive">Whether its variable is <see cref="Algebra.T"/>.</param>
    public Tape(Expression value, bool isPositive)
    {
        this.isPositive = isPositive;
        _ = Record(value);
        range = new Interval[steps.Count];
        slope = new Interval[steps.Count];
        left = new Interval[steps.Count];
        right = new Interval[steps.Count];
        elasticity = new Interval[steps.Count];
    }

    /// <summary>The number of steps.</summary>
    public int Count => steps.Count;

    /// <summary>The value at a point.</summary>
    public Interval At(double x)
    {
        At(Interval.Of(x), left);
        return left[steps.Count - 1];
    }

    /// <summary>The values on an interval.</summary>
    /// <param name="x">The interval; its lower end may be 0, not attained, where the variable is positive.</param>
    /// <param name="low">The value at the lower end, if it is attained.</param>
    /// <param name="high">The value at the upper end.</param>
    public Interval Over(Interval x, out Interval low, out Interval high)
    {
        bool open = isPositive && x.Low == 0;
        if (open)
        {
            for (int i = 0; i < left.Length; i++)
            {
                left[i] = Interval.Entire;
            }
        }
        else
        {
            At(Interval.Of(x.Low), left);
        }

        At(Interval.Of(x.High), right);
        var width = Interval.Of(x.High) - Interval.Of(x.Low);
        for (int i = 0; i < steps.Count; i++)
        {
            Evaluate(i, x);
            Narrow(i, open, width);
        }

        low = left[steps.Count - 1];
        high = right[steps.Count - 1];
        return range[steps.Count - 1];
    }

    /// <summary>What the value tends to as the positive variable tends to 0.</summary>
    public Interval Limit()
    {
        var limits = new Interval[steps.Count];
        for (int i = 0; i < steps.Count; i++)
        {
            limits[i] = Limits.Of(steps[i], limits);
        }

        return limits[steps.Count - 1];
    }

    private int Record(Expression value)
    {
        if (numbers.TryGetValue(value.Key, out int number))
        {
            return number;
        }

        Step step;
        switch (value)
        {
            case Constant constant:
                step = new Step(StepKind.Constant, [], [constant.Value.Enclose()]);
                break;
            case Variable:
                step = new Step(StepKind.Variable, [], []);
                break;
            case Sum sum:
                step = new Step(
                    StepKind.Sum,
                    [.. sum.Terms.Select(term => Record(term.Factor))],
                    [.. sum.Terms.Select(static term => term.Coefficient.Enclose()), sum.Constant.Enclose()]);
                break;
            case Product product:
                step = RecordProduct(product);
                break;
            default:
                var function = (Function)value;
                step = new Step(StepKind.Function, [Record(function.Argument)], []) { Function = function.Kind };
                break;
        }

        steps.Add(step);
        numbers.Add(value.Key, steps.Count - 1);
        return steps.Count - 1;
    }

    // Powers of the variable and exponentials are monotone together, other factors are bounded at best.
    private Step RecordProduct(Product product)
    {
        var growing = product.Factors.Where(factor => factor.Base is Variable || (factor.Base is Function function && Grows(function))).ToList();
        if (growing.Count > 1 && growing.Count < product.Factors.Count)
        {
            return new Step(
                StepKind.Product,
                [Record(ProductForm.Make(growing)), .. product.Factors.Except(growing).Select(factor => Record(factor.Base))],
                [])
            { Exponents = [Rational.One, .. product.Factors.Except(growing).Select(static factor => factor.Exponent)] };
        }

        return new Step(StepKind.Product, [.. product.Factors.Select(factor => Record(factor.Base))], []) { Exponents = [.. product.Factors.Select(static factor => factor.Exponent)] };
    }

    private bool Grows(Function function) => function.Kind switch
    {
        ScalarFunctionKind.Exp => true,
        ScalarFunctionKind.Cosh or ScalarFunctionKind.Sinh or ScalarFunctionKind.Sech2 => isPositive,
        ScalarFunctionKind.Sigmoid or ScalarFunctionKind.Softplus => isPositive && new Tape(function.Argument, isPositive: true).Over(Tail, out _, out _).High <= 0,
        _ => false,
    };

    private void At(Interval x, Interval[] values)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            values[i] = Value(steps[i], x, values);
        }
    }

    private static Interval Value(Step step, Interval x, Interval[] values)
    {
        switch (step.Kind)
        {
            case StepKind.Constant:
                return step.Numbers[0];
            case StepKind.Variable:
                return x;
            case StepKind.Sum:
                var sum = step.Numbers[step.Operands.Length];
                for (int k = 0; k < step.Operands.Length; k++)
                {
                    sum += step.Numbers[k] * values[step.Operands[k]];
                }

                return sum;
            case StepKind.Product:
                var product = Raise(values[step.Operands[0]], step.Exponents[0]);
                for (int k = 1; k < step.Operands.Length; k++)
                {
                    product *= Raise(values[step.Operands[k]], step.Exponents[k]);
                }

                return product;
            default:
                return IntervalFunctions.Apply(step.Function, values[step.Operands[0]]);
        }
    }

    private static Interval Raise(Interval value, Rational exponent)
    {
        if (exponent.SmallInteger is { } whole)
        {
            return value.Power(whole);
        }

        // Other powers are of positive numbers only.
        var positive = new Interval(Math.Max(0, value.Low), Math.Max(0, value.High), NeverZero: true);
        if (exponent.Denominator == 2 && exponent.Numerator < 64 && exponent.Numerator > -64)
        {
            return positive.Sqrt().Power((int)exponent.Numerator);
        }

        return IntervalFunctions.Apply(ScalarFunctionKind.Exp, exponent.Enclose() * IntervalFunctions.Apply(ScalarFunctionKind.Log, positive));
    }

    private void Evaluate(int i, Interval x)
    {
        var step = steps[i];
        var variable = isPositive ? x with { NeverZero = true } : x;
        range[i] = Value(step, variable, range);
        switch (step.Kind)
        {
            case StepKind.Constant:
                slope[i] = Interval.Of(0);
                elasticity[i] = Interval.Of(0);
                return;
            case StepKind.Variable:
                slope[i] = Interval.Of(1);
                elasticity[i] = Interval.Of(1);
                return;
            case StepKind.Sum:
                var sum = Interval.Of(0);
                for (int k = 0; k < step.Operands.Length; k++)
                {
                    sum += step.Numbers[k] * slope[step.Operands[k]];
                }

                slope[i] = sum;
                elasticity[i] = Mean(step) ?? Ratio(i, variable);
                return;
            case StepKind.Product:
                slope[i] = ProductSlope(step);
                var together = Interval.Of(0);
                for (int k = 0; k < step.Operands.Length; k++)
                {
                    together += step.Exponents[k].Enclose() * elasticity[step.Operands[k]];
                }

                elasticity[i] = together;
                return;
            default:
                int argument = step.Operands[0];
                slope[i] = IntervalFunctions.Derivative(step.Function, range[argument], range[i]) * slope[argument];
                elasticity[i] = LogSlope(step.Function, range[argument]) is { } factor ? elasticity[argument] * range[argument] * factor : Ratio(i, variable);
                return;
        }
    }

    // The elasticity of a sum of numbers of one sign is a mean of theirs.
    private Interval? Mean(Step step)
    {
        if (!isPositive)
        {
            return null;
        }

        var constant = step.Numbers[step.Operands.Length];
        bool up = constant.Low >= 0;
        bool down = constant.High <= 0;
        Interval? hull = constant is { Low: 0, High: 0 } ? null : Interval.Of(0);
        for (int k = 0; k < step.Operands.Length; k++)
        {
            var term = step.Numbers[k] * range[step.Operands[k]];
            up &= term.Low >= 0;
            down &= term.High <= 0;
            hull = hull?.Hull(elasticity[step.Operands[k]]) ?? elasticity[step.Operands[k]];
        }

        return up || down ? hull : null;
    }

    // f'(u) / f(u).
    private static Interval? LogSlope(ScalarFunctionKind kind, Interval u) => kind switch
    {
        ScalarFunctionKind.Exp => Interval.Of(1),
        ScalarFunctionKind.Sigmoid => IntervalFunctions.Apply(ScalarFunctionKind.Sigmoid, -u),
        ScalarFunctionKind.Sech2 => Interval.Of(-2) * IntervalFunctions.Apply(ScalarFunctionKind.Tanh, u),
        ScalarFunctionKind.Cosh => IntervalFunctions.Apply(ScalarFunctionKind.Tanh, u),
        ScalarFunctionKind.Sinh when u.ExcludesZero => IntervalFunctions.Apply(ScalarFunctionKind.Tanh, u).Reciprocal(),

        // log(1 + e) lies between e / (1 + e) and e.
        ScalarFunctionKind.Softplus => new(IntervalFunctions.Apply(ScalarFunctionKind.Sigmoid, -u).Low, 1),
        _ => null,
    };

    private Interval Ratio(int i, Interval x) => !isPositive || !range[i].ExcludesZero ? Interval.Entire : x * slope[i] / range[i];

    private Interval ProductSlope(Step step)
    {
        var total = Interval.Of(0);
        for (int k = 0; k < step.Operands.Length; k++)
        {
            var part = step.Exponents[k].Enclose() * Raise(range[step.Operands[k]], step.Exponents[k] - Rational.One) * slope[step.Operands[k]];
            for (int j = 0; j < step.Operands.Length; j++)
            {
                if (j != k)
                {
                    part *= Raise(range[step.Operands[j]], step.Exponents[j]);
                }
            }

            total += part;
        }

        return total;
    }

    private void Narrow(int i, bool open, Interval width)
    {
        var value = range[i];
        var rise = slope[i];
        if (isPositive && !(rise.Low >= 0 || rise.High <= 0) && (value.Low >= 0 || value.High <= 0) && (elasticity[i].Low >= 0 || elasticity[i].High <= 0))
        {
            // The sign of f' is that of f times that of its elasticity.
            bool rising = (value.Low >= 0) == (elasticity[i].Low >= 0);
            rise = rising ? new(0, double.PositiveInfinity) : new(double.NegativeInfinity, 0);
        }

        if (rise.Low >= 0)
        {
            value = value.Intersect(new(open ? double.NegativeInfinity : left[i].Low, right[i].High));
        }
        else if (rise.High <= 0)
        {
            value = value.Intersect(new(right[i].Low, open ? double.PositiveInfinity : left[i].High));
        }
        else if (!open && !double.IsInfinity(rise.Low) && !double.IsInfinity(rise.High))
        {
            value = value.Intersect(Boundary(left[i], right[i], rise, width)).Intersect(left[i] + (rise * new Interval(0, width.High)));
        }

        range[i] = value;
    }

    // From both ends with the steepest slopes: the lines meet at the least and at the greatest value possible.
    private static Interval Boundary(Interval low, Interval high, Interval rise, Interval width)
    {
        var up = Interval.Of(rise.High);
        var down = Interval.Of(rise.Low);
        var span = up - down;
        var least = ((up * Interval.Of(low.Low)) - (down * Interval.Of(high.Low)) + (width * up * down)) / span;
        var most = ((up * Interval.Of(high.High)) - (down * Interval.Of(low.High)) - (width * up * down)) / span;
        return least.Low <= most.High ? new(least.Low, most.High) : Interval.Entire;
    }
}
