namespace FlowGen.Generator.Verification.Scalars;

/// <summary>Puts fractions over a common divisor where that makes them shorter: terms that cancel are then seen to.</summary>
internal static class Gathering
{
    private const int LargestPower = 4;

    /// <summary>The expression, or a shorter one that is equal to it.</summary>
    public static Expression Of(Expression value)
    {
        if (value is not Sum sum)
        {
            return value;
        }

        foreach (var divisor in sum.Terms.SelectMany(static term => Factors(term.Factor)).Where(static factor => factor.Base is Sum && factor.Exponent.Sign < 0).Select(static factor => factor.Base).Distinct())
        {
            var exponents = sum.Terms.Select(term => ExponentOf(term.Factor, divisor)).Concat(sum.Constant.IsZero ? [] : [Rational.Zero]).ToList();
            var least = exponents.Min();
            if (!exponents.TrueForAll(exponent => (exponent - least).SmallInteger is >= 0 and <= LargestPower))
            {
                continue;
            }

            var inner = Algebra.Sum(
                Rational.Zero,
                sum.Terms.Append(new(sum.Constant, Algebra.One)).Select(term => new Term(term.Coefficient, Expansion.Of(Algebra.Multiply(term.Factor, Algebra.Raise(divisor, -least))))));
            var gathered = Algebra.Multiply(inner, Algebra.Raise(divisor, least));
            if (gathered.Key.Length < value.Key.Length)
            {
                return gathered is Sum ? Of(gathered) : gathered;
            }
        }

        return value;
    }

    private static IEnumerable<Power> Factors(Expression value) => value is Product product ? product.Factors : [];

    private static Rational ExponentOf(Expression value, Expression divisor) =>
        value.Equals(divisor) ? Rational.One : Factors(value).FirstOrDefault(factor => factor.Base.Equals(divisor)) is { Base: not null } found ? found.Exponent : Rational.Zero;
}
