using static FlowGen.Generator.Verification.Scalars.Algebra;
using static FlowGen.Generator.Verification.Scalars.ScalarFunctionKind;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>Symbolic differentiation.</summary>
internal static class Derivatives
{
    /// <summary>The derivative by the variable.</summary>
    public static Expression Of(Expression value) => Gathering.Of(Apart(value));

    // Term by term, as the rules give it.
    private static Expression Apart(Expression value)
    {
        var done = new Dictionary<string, Expression>(StringComparer.Ordinal);
        return Derive(value);

        Expression Derive(Expression part)
        {
            if (!part.Varies)
            {
                return Zero;
            }

            if (!done.TryGetValue(part.Key, out var result))
            {
                result = part switch
                {
                    Sum sum => Sum(Rational.Zero, sum.Terms.Select(term => new Term(term.Coefficient, Derive(term.Factor)))),
                    Product product => Add([.. product.Factors.Select((_, i) => DeriveFactor(product, i))]),
                    Function function => Multiply(Outer(function), Derive(function.Argument)),
                    _ => One,
                };
                done.Add(part.Key, result);
            }

            return result;
        }

        Expression DeriveFactor(Product product, int index)
        {
            var (inner, exponent) = product.Factors[index];
            return !inner.Varies ? Zero : Multiply(
                [Number(exponent), Raise(inner, exponent - Rational.One), Derive(inner),
                .. product.Factors.Where((_, i) => i != index).Select(static factor => Raise(factor.Base, factor.Exponent))]);
        }
    }

    /// <summary>
    /// The logarithm of an expression's magnitude: of a product the sum of those of its factors, where nothing underflows.
    /// </summary>
    /// <param name="value">The expression.</param>
    /// <param name="sign">Its sign, everywhere the same.</param>
    public static Expression LogMagnitude(Expression value, int sign)
    {
        var (coefficient, rest) = Split(value);
        Power[] factors = rest is Product product ? [.. product.Factors] : [new(rest, Rational.One)];
        if (factors.All(static factor => IsPositive(factor.Base)))
        {
            return Add([
                Apply(Log, Number(coefficient.Sign < 0 ? -coefficient : coefficient)),
                .. factors.Select(static factor => Scale(factor.Exponent, LogFactor(factor.Base)))]);
        }

        return Apply(Log, sign < 0 ? Negate(value) : value);
    }

    private static Expression LogFactor(Expression value) => value switch
    {
        Function { Kind: Sech2, Argument: var u } =>
            Subtract(Apply(Log, Number(4)), Add(Apply(Softplus, Scale(Rational.Of(2), u)), Apply(Softplus, Scale(Rational.Of(-2), u)))),
        Function { Kind: Cosh, Argument: var u } => Subtract(Apply(Softplus, Scale(Rational.Of(2), u)), Add(u, Apply(Log, Number(2)))),
        _ => Apply(Log, value),
    };

    private static Expression Outer(Function function)
    {
        var u = function.Argument;
        return function.Kind switch
        {
            Exp => function,
            Log => Raise(u, -1),
            Sin => Apply(Cos, u),
            Cos => Negate(Apply(Sin, u)),
            Tan => Add(One, Raise(function, 2)),
            Asin => Raise(Subtract(One, Raise(u, 2)), -Rational.Half),
            Acos => Negate(Raise(Subtract(One, Raise(u, 2)), -Rational.Half)),
            Atan => Raise(Add(One, Raise(u, 2)), -1),
            Sinh => Apply(Cosh, u),
            Cosh => Apply(Sinh, u),
            Tanh => Apply(Sech2, u),
            Asinh => Raise(Add(One, Raise(u, 2)), -Rational.Half),
            Acosh => Raise(Subtract(Raise(u, 2), One), -Rational.Half),
            Atanh => Raise(Subtract(One, Raise(u, 2)), -1),
            Cbrt => Scale(Rational.One / Rational.Of(3), Raise(function, -2)),
            Sigmoid => Multiply(function, Apply(Sigmoid, Negate(u))),
            Softplus => Apply(Sigmoid, u),
            _ => Multiply(Number(-2), Apply(Tanh, u), function),
        };
    }
}
