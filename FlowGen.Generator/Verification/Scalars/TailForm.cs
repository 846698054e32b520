using static FlowGen.Generator.Verification.Scalars.ScalarFunctionKind;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// An expression near infinity, written in t = 1 / |x|: sums are divided by the power of t and the exponential that outgrow
/// their other terms, so that what is left is bounded, and growth meets growth in products.
/// </summary>
internal static class TailForm
{
    /// <summary>The expression in t.</summary>
    /// <param name="value">An expression in x.</param>
    /// <param name="toPlus">Near plus infinity, or near minus infinity.</param>
    public static Expression Of(Expression value, bool toPlus)
    {
        var done = new Dictionary<string, Expression>(StringComparer.Ordinal);
        var variable = Algebra.Scale(toPlus ? Rational.One : Rational.MinusOne, Algebra.Raise(Algebra.T, -1));
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
                    Sum sum => Lead(Algebra.Sum(sum.Constant, sum.Terms.Select(term => new Term(term.Coefficient, Replace(term.Factor))))),
                    Product product => ProductForm.Make(product.Factors.Select(factor => new Power(Replace(factor.Base), factor.Exponent))),
                    Function { Kind: Log } function => Logarithm(Replace(function.Argument)),
                    Function { Kind: Cbrt } function => CubeRoot(Replace(function.Argument)),
                    Function function => Algebra.Apply(function.Kind, Replace(function.Argument)),
                    _ => variable,
                };
                done.Add(part.Key, result);
            }

            return result;
        }
    }

    private static Expression Lead(Expression value)
    {
        if (value is not Sum sum)
        {
            return value;
        }

        // What an exponential takes to 0 is outgrown, whatever its power.
        var lasting = sum.Terms.Where(static term => !Decays(term.Factor)).Select(static term => PowerOfT(term.Factor)).Concat(sum.Constant.IsZero ? [] : [Rational.Zero]).ToList();
        var least = lasting.Count == 0 ? sum.Terms.Min(static term => PowerOfT(term.Factor)) : lasting.Min();
        if (!least.IsZero)
        {
            var rest = Algebra.Sum(Rational.Zero, Divide(sum, Algebra.Raise(Algebra.T, -least)));
            return Algebra.Multiply(Algebra.Raise(Algebra.T, least), Lead(rest));
        }

        return Dominant(sum) is { } exponent
            ? Algebra.Multiply(Algebra.Apply(Exp, exponent), Lead(Algebra.Sum(Rational.Zero, Divide(sum, Algebra.Apply(Exp, Algebra.Negate(exponent))))))
            : sum;
    }

    private static IEnumerable<Term> Divide(Sum sum, Expression reciprocal) => sum.Terms
        .Select(term => new Term(term.Coefficient, Algebra.Multiply(term.Factor, reciprocal)))
        .Append(new(sum.Constant, reciprocal));

    private static Expression Logarithm(Expression value)
    {
        var power = PowerOfT(value);
        return power.IsZero
            ? Algebra.Apply(Log, value)
            : Algebra.Add(Algebra.Scale(power, Algebra.Apply(Log, Algebra.T)), Algebra.Apply(Log, Algebra.Multiply(value, Algebra.Raise(Algebra.T, -power))));
    }

    private static Expression CubeRoot(Expression value)
    {
        var power = PowerOfT(value);
        return Algebra.Multiply(
            Algebra.Raise(Algebra.T, power / Rational.Of(3)),
            Algebra.Apply(Cbrt, Algebra.Multiply(value, Algebra.Raise(Algebra.T, -power))));
    }

    private static Rational PowerOfT(Expression value) => value switch
    {
        Variable => Rational.One,
        Product product => product.Factors.FirstOrDefault(static factor => factor.Base is Variable) is { Base: not null } found ? found.Exponent : Rational.Zero,
        Sum { Constant.IsZero: true, Terms: [var only] } => PowerOfT(only.Factor),
        _ => Rational.Zero,
    };

    // The exponent of which all others fall short.
    private static Expression? Dominant(Sum sum)
    {
        var exponents = sum.Terms.Select(static term => ExponentOf(term.Factor)).Concat(sum.Constant.IsZero ? [] : [Algebra.Zero]).Distinct().ToList();
        if (exponents.Count < 2 || exponents.Count > 6)
        {
            return null;
        }

        return exponents.Find(exponent => exponent is not Constant && exponents.TrueForAll(other => other.Equals(exponent) || Falls(Algebra.Subtract(other, exponent))));
    }

    private static bool Decays(Expression value) => value switch
    {
        Function { Kind: Exp or Sigmoid or Softplus } function => new Tape(Lead(function.Argument), isPositive: true).Over(Tape.Tail, out _, out _).High < -1,
        Function { Kind: Sech2 } => true,
        Product product => product.Factors.Any(static factor => factor.Exponent.Sign > 0 ? Decays(factor.Base) : factor.Base is Function { Kind: Cosh or Sinh }),
        _ => false,
    };

    private static bool Falls(Expression difference) => new Tape(Lead(difference), isPositive: true).Over(Tape.Tail, out _, out _).High <= 0;

    private static Expression ExponentOf(Expression value) => value switch
    {
        Function { Kind: Exp } function => function.Argument,
        Product product => product.Factors.Select(static factor => factor.Base).OfType<Function>().FirstOrDefault(static function => function.Kind == Exp)?.Argument ?? Algebra.Zero,
        _ => Algebra.Zero,
    };
}
