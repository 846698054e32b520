using static FlowGen.Generator.Verification.Scalars.ScalarFunctionKind;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// Makes expressions in canonical form: like terms and powers collected, constants folded exactly, numerically better names for
/// what people write with exponentials. Equal to what went in wherever that is defined; whether it is defined is not asked here.
/// </summary>
internal static class Algebra
{
    /// <summary>Beyond that, a constant is not worked out.</summary>
    private const int LargestPower = 64;

    /// <summary>The coordinate.</summary>
    public static Expression X { get; } = new Variable(isPositive: false);

    /// <summary>The reciprocal of its distance from 0, near infinity.</summary>
    public static Expression T { get; } = new Variable(isPositive: true);

    public static Expression Zero { get; } = new Constant(Rational.Zero);

    public static Expression One { get; } = new Constant(Rational.One);

    public static Expression Number(Rational value) => new Constant(value);

    public static Expression Number(int value) => new Constant(Rational.Of(value));

    public static Expression Add(params Expression[] terms) => Sum(Rational.Zero, terms.Select(static term => new Term(Rational.One, term)));

    public static Expression Subtract(Expression left, Expression right) => Sum(Rational.Zero, [new(Rational.One, left), new(Rational.MinusOne, right)]);

    public static Expression Negate(Expression value) => Scale(Rational.MinusOne, value);

    public static Expression Scale(Rational factor, Expression value) => Sum(Rational.Zero, [new(factor, value)]);

    public static Expression Divide(Expression left, Expression right) => Multiply(left, Raise(right, Rational.MinusOne));

    public static Expression Multiply(params Expression[] factors) => ProductForm.Make(factors.Select(static factor => new Power(factor, Rational.One)));

    public static Expression Raise(Expression value, Rational exponent) => ProductForm.Make([new(value, exponent)]);

    public static Expression Raise(Expression value, int exponent) => Raise(value, Rational.Of(exponent));

    /// <summary>The square root.</summary>
    public static Expression Sqrt(Expression value) => Raise(value, Rational.Half);

    /// <summary>A sum of multiples.</summary>
    public static Expression Sum(Rational constant, IEnumerable<Term> terms)
    {
        var collected = new Dictionary<string, Term>(StringComparer.Ordinal);
        foreach (var term in terms)
        {
            Collect(term.Coefficient, term.Factor, collected, ref constant);
        }

        var list = collected.Values.Where(static term => !term.Coefficient.IsZero).OrderBy(static term => term.Factor.Key, StringComparer.Ordinal).ToList();
        if (list.Count == 1 && !constant.IsZero && Complement(constant, list[0]) is { } complement)
        {
            return complement;
        }

        return list.Count == 0 ? new Constant(constant)
            : constant.IsZero && list is [{ Coefficient.IsOne: true }] ? list[0].Factor
            : new Sum(constant, list);
    }

    // What is left to a bound that is not reached: positive, which a difference would not show.
    private static Expression? Complement(Rational constant, Term term)
    {
        bool opposite = constant == -term.Coefficient;
        return term.Factor switch
        {
            Function { Kind: Tanh, Argument: var u } when opposite => Scale(constant + constant, Apply(Sigmoid, Scale(Rational.Of(-2), u))),
            Function { Kind: Tanh, Argument: var u } when constant == term.Coefficient => Scale(constant + constant, Apply(Sigmoid, Scale(Rational.Of(2), u))),
            Function { Kind: Sigmoid, Argument: var u } when opposite => Scale(constant, Apply(Sigmoid, Negate(u))),
            Function { Kind: Sech2, Argument: var u } when opposite => Scale(constant, Raise(Apply(Tanh, u), 2)),
            Product { Factors: [{ Base: Function { Kind: Tanh, Argument: var u }, Exponent: var exponent }] } when opposite && exponent.SmallInteger == 2 => Scale(constant, Apply(Sech2, u)),
            _ => null,
        };
    }

    /// <summary>The coefficient of an expression and the rest, which has none.</summary>
    public static Term Split(Expression value) => value switch
    {
        Constant number => new(number.Value, One),
        Sum { Constant.IsZero: true, Terms: [var only] } => only,
        _ => new(Rational.One, value),
    };

    /// <summary>Whether an expression is seen to be positive wherever it is defined.</summary>
    public static bool IsPositive(Expression value) => value switch
    {
        Constant number => number.Value.Sign > 0,
        Variable variable => variable.IsPositive,
        Function { Kind: Exp or Cosh or Sigmoid or Softplus or Sech2 } => true,
        Sum sum => sum.Constant.Sign >= 0 && sum.Terms.All(static term => term.Coefficient.Sign > 0 && IsNotNegative(term.Factor))
            && (sum.Constant.Sign > 0 || sum.Terms.Any(static term => IsPositive(term.Factor))),
        Product product => product.Factors.All(static factor => IsPositive(factor.Base)),
        _ => false,
    };

    /// <summary>Whether an expression is seen to be nowhere negative.</summary>
    public static bool IsNotNegative(Expression value) => IsPositive(value) || value switch
    {
        Constant number => number.Value.Sign >= 0,
        Sum sum => sum.Constant.Sign >= 0 && sum.Terms.All(static term => term.Coefficient.Sign > 0 && IsNotNegative(term.Factor)),
        Product product => product.Factors.All(static factor => !factor.Exponent.IsInteger || factor.Exponent.Numerator.IsEven || IsNotNegative(factor.Base)),
        _ => false,
    };

    /// <summary>A function of an expression.</summary>
    public static Expression Apply(ScalarFunctionKind kind, Expression argument)
    {
        if (argument is Constant number && AtConstant(kind, number.Value) is { } value)
        {
            return value;
        }

        if (Undo(kind, argument) is { } undone)
        {
            return undone;
        }

        // Odd functions with their sign outside, even ones without it.
        if (kind is Sin or Tan or Asin or Atan or Sinh or Tanh or Asinh or Atanh or Cbrt && LeadingSign(argument) < 0)
        {
            return Negate(Apply(kind, Negate(argument)));
        }

        if (kind is Cos or Cosh or Sech2 && LeadingSign(argument) < 0)
        {
            return Apply(kind, Negate(argument));
        }

        return new Function(kind, argument);
    }

    /// <summary>Replaces the variable.</summary>
    public static Expression Substitute(Expression value, Expression variable)
    {
        var done = new Dictionary<string, Expression>(StringComparer.Ordinal);
        return Replace(value);

        Expression Replace(Expression part)
        {
            if (!part.Varies)
            {
                return part;
            }

            if (!done.TryGetValue(part.Key, out var result))
            {
                result = part switch
                {
                    Sum sum => Sum(sum.Constant, sum.Terms.Select(term => new Term(term.Coefficient, Replace(term.Factor)))),
                    Product product => ProductForm.Make(product.Factors.Select(factor => new Power(Replace(factor.Base), factor.Exponent))),
                    Function function => Apply(function.Kind, Replace(function.Argument)),
                    _ => variable,
                };
                done.Add(part.Key, result);
            }

            return result;
        }
    }

    private static void Collect(Rational coefficient, Expression value, Dictionary<string, Term> terms, ref Rational constant)
    {
        switch (value)
        {
            case Constant number:
                constant += coefficient * number.Value;
                break;
            case Sum sum:
                constant += coefficient * sum.Constant;
                foreach (var term in sum.Terms)
                {
                    Collect(coefficient * term.Coefficient, term.Factor, terms, ref constant);
                }

                break;
            default:
                terms[value.Key] = terms.TryGetValue(value.Key, out var other)
                    ? new(other.Coefficient + coefficient, value)
                    : new(coefficient, value);
                break;
        }
    }

    private static int LeadingSign(Expression value) => value switch
    {
        Constant number => number.Value.Sign,
        Sum sum => sum.Terms[0].Coefficient.Sign,
        _ => 1,
    };

    private static Expression? AtConstant(ScalarFunctionKind kind, Rational at) => kind switch
    {
        Exp or Cos or Cosh or Sech2 when at.IsZero => One,
        Sin or Tan or Asin or Atan or Sinh or Tanh or Asinh or Atanh or Cbrt when at.IsZero => Zero,
        Sigmoid when at.IsZero => Number(Rational.Half),
        Softplus when at.IsZero => new Function(Log, Number(2)),
        Log or Acosh when at.IsOne => Zero,
        Cbrt when at.IsOne => One,
        _ => null,
    };

    // Inverses cancel where the inner function is defined; log of a product and the like stay, since signs may differ.
    private static Expression? Undo(ScalarFunctionKind kind, Expression argument) => (kind, argument) switch
    {
        (Exp, Function { Kind: Log } inner) => inner.Argument,
        (Log, Function { Kind: Exp } inner) => inner.Argument,
        (Sinh, Function { Kind: Asinh } inner) => inner.Argument,
        (Asinh, Function { Kind: Sinh } inner) => inner.Argument,
        (Tanh, Function { Kind: Atanh } inner) => inner.Argument,
        (Atanh, Function { Kind: Tanh } inner) => inner.Argument,
        (Tan, Function { Kind: Atan } inner) => inner.Argument,
        (Sin, Function { Kind: Asin } inner) => inner.Argument,
        (Cos, Function { Kind: Acos } inner) => inner.Argument,
        (Cosh, Function { Kind: Acosh } inner) => inner.Argument,
        (Cbrt, Product { Factors: [{ Exponent: var exponent } cube] }) when exponent == Rational.Of(3) => cube.Base,
        (Exp, Sum sum) when sum.Terms.Any(IsLogarithm) => Multiply(
            [Apply(Exp, Sum(sum.Constant, sum.Terms.Where(static term => !IsLogarithm(term)))),
            .. sum.Terms.Where(IsLogarithm).Select(static term => Raise(((Function)term.Factor).Argument, term.Coefficient))]),
        (Log, Sum { Constant.IsOne: true, Terms: [{ Coefficient.IsOne: true, Factor: Function { Kind: Exp } power }] }) => Apply(Softplus, power.Argument),
        (Log, Function { Kind: Sigmoid } inner) => Negate(Apply(Softplus, Negate(inner.Argument))),
        _ => null,
    };

    // Where the power is a whole one, the logarithm was defined for positive numbers only; where it is none, the power is as well.
    private static bool IsLogarithm(Term term) => term.Factor is Function { Kind: Log } && (term.Coefficient.SmallInteger is { } power ? Math.Abs(power) <= LargestPower : true);
}
