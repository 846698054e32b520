using static FlowGen.Generator.Verification.Scalars.Algebra;
using static FlowGen.Generator.Verification.Scalars.ScalarFunctionKind;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>Solves f(x) = z for x where x occurs once, so that what was done to it can be undone from the outside in.</summary>
internal static class SymbolicInverse
{
    private static readonly Dictionary<ScalarFunctionKind, ScalarFunctionKind> Inverses = new()
    {
        [Exp] = Log,
        [Log] = Exp,
        [Sinh] = Asinh,
        [Asinh] = Sinh,
        [Tanh] = Atanh,
        [Atanh] = Tanh,
        [Atan] = Tan,
        [Sigmoid] = Logit,
        [Softplus] = SoftplusInverse,
    };

    /// <summary>The inverse of a monotone expression, in the same variable; null where there is no formula.</summary>
    public static Expression? Of(Expression value) => Solve(value, X);

    private static Expression? Solve(Expression value, Expression result)
    {
        switch (value)
        {
            case Variable:
                return result;
            case Sum sum when sum.Terms.Count(static term => term.Factor.Varies) == 1:
                var (coefficient, inner) = sum.Terms.Single(static term => term.Factor.Varies);
                var rest = Sum(sum.Constant, sum.Terms.Where(static term => !term.Factor.Varies));
                return Solve(inner, Scale(Rational.One / coefficient, Subtract(result, rest)));
            case Product product when product.Factors.Count(static factor => factor.Base.Varies) == 1:
                var (power, exponent) = product.Factors.Single(static factor => factor.Base.Varies);
                var others = ProductForm.Make(product.Factors.Where(static factor => !factor.Base.Varies));
                return Root(Divide(result, others), power, exponent) is { } root ? Solve(power, root) : null;
            case Function { Kind: Cbrt } function:
                return Solve(function.Argument, Raise(result, 3));
            case Function function when Inverses.TryGetValue(function.Kind, out var inverse):
                return Solve(function.Argument, new Function(inverse, result));
            default:
                return null;
        }
    }

    private static Expression? Root(Expression value, Expression power, Rational exponent) =>
        exponent.IsOne ? value
        : exponent == Rational.Of(3) ? Apply(Cbrt, value)
        : exponent == Rational.MinusOne ? Raise(value, -1)
        : IsPositive(power) ? Raise(value, Rational.One / exponent)
        : null;
}
