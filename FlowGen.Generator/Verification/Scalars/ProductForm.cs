using static FlowGen.Generator.Verification.Scalars.ScalarFunctionKind;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>Collects the powers of a product.</summary>
internal sealed class ProductForm
{
    private const int LargestPower = 64;

    private readonly Dictionary<string, Power> powers = new(StringComparer.Ordinal);

    private readonly List<Term> exponents = [];

    private Rational coefficient = Rational.One;

    /// <summary>The product of powers.</summary>
    public static Expression Make(IEnumerable<Power> factors)
    {
        var form = new ProductForm();
        foreach (var factor in factors)
        {
            form.Collect(factor.Base, factor.Exponent);
        }

        return form.Finish();
    }

    private void Collect(Expression value, Rational exponent)
    {
        if (exponent.IsZero)
        {
            return;
        }

        switch (value)
        {
            case Constant number when Fold(number.Value, exponent) is { } folded:
                coefficient *= folded;
                return;
            case Function { Kind: Exp } power:
                exponents.Add(new(exponent, power.Argument));
                return;
            case Product product when exponent.IsInteger || Algebra.IsPositive(product):
                // (u^a)^b is u^ab where b is whole or u positive.
                foreach (var factor in product.Factors)
                {
                    Collect(factor.Base, factor.Exponent * exponent);
                }

                return;
            case Product { Factors: var factors } when factors.Any(static factor => Algebra.IsPositive(factor.Base)):
                // sqrt(u v) is sqrt(u) sqrt(v) where u is positive.
                foreach (var factor in factors.Where(static factor => Algebra.IsPositive(factor.Base)))
                {
                    Collect(factor.Base, factor.Exponent * exponent);
                }

                Collect(Make(factors.Where(static factor => !Algebra.IsPositive(factor.Base))), exponent);
                return;
            case Sum { Constant.IsZero: true, Terms: [{ Coefficient: var scale, Factor: var factor }] } when (exponent.IsInteger || scale.Sign > 0) && Fold(scale, exponent) is { } folded:
                coefficient *= folded;
                Collect(factor, exponent);
                return;
            case Sum { Constant: { IsZero: false, IsOne: false } scale } sum when exponent.SmallInteger < 0 && Fold(scale, exponent) is { } folded:
                // Divisors with a constant of 1, so that equal ones are seen to be equal.
                coefficient *= folded;
                Collect(Algebra.Scale(Rational.One / scale, sum), exponent);
                return;
            case Sum { Constant.IsOne: true, Terms: [{ Coefficient.IsOne: true, Factor: Function { Kind: Exp } power }] } when exponent.SmallInteger < 0:
                Collect(Algebra.Apply(Sigmoid, Algebra.Negate(power.Argument)), -exponent);
                return;
            case Function { Kind: Cbrt } root when exponent.SmallInteger is { } whole && (whole >= 3 || whole <= -3):
                Collect(root.Argument, Rational.Of(whole / 3));
                Collect(root, Rational.Of(whole % 3));
                return;
        }

        Include(value, exponent);
    }

    private void Include(Expression value, Rational exponent) =>
        powers[value.Key] = powers.TryGetValue(value.Key, out var other) ? new(value, other.Exponent + exponent) : new(value, exponent);

    private static Rational? Fold(Rational value, Rational exponent)
    {
        if (exponent.SmallInteger is { } power && Math.Abs(power) <= LargestPower && !(value.IsZero && power < 0))
        {
            var result = value.Power(power);
            return result.IsSmall ? result : null;
        }

        return exponent == Rational.Half ? value.Root()
            : exponent == -Rational.Half && value.Sign > 0 && value.Root() is { } root ? Rational.One / root
            : null;
    }

    private Expression Finish()
    {
        var exponent = Algebra.Sum(Rational.Zero, exponents);
        exponent = Logistic(exponent);
        Hyperbolic();
        HalfTangent();
        if (exponent is not Constant { Value.IsZero: true })
        {
            var power = Algebra.Apply(Exp, exponent);
            if (power is Function { Kind: Exp })
            {
                Include(power, Rational.One);
            }
            else
            {
                return Algebra.Multiply([.. powers.Values.Select(static factor => Algebra.Raise(factor.Base, factor.Exponent)), Algebra.Number(coefficient), power]);
            }
        }

        var factors = powers.Values.Where(static factor => !factor.Exponent.IsZero).OrderBy(static factor => factor.Base.Key, StringComparer.Ordinal).ToList();

        // Exponents that became whole, or a root that became one.
        if (factors.Exists(static factor => factor.Base is Product ? factor.Exponent.IsInteger : factor.Base is Constant number && Fold(number.Value, factor.Exponent) is not null))
        {
            return Make(factors.Append(new(Algebra.Number(coefficient), Rational.One)));
        }

        Expression rest = factors.Count == 0 ? Algebra.One
            : factors is [{ Exponent.IsOne: true }] ? factors[0].Base
            : new Product(factors);
        return coefficient.IsOne ? rest : Algebra.Scale(coefficient, rest);
    }

    // e^u sigmoid(-u) = sigmoid(u), as often as it occurs.
    private Expression Logistic(Expression exponent)
    {
        foreach (var factor in powers.Values.Where(static factor => factor.Base is Function { Kind: Sigmoid } && factor.Exponent.SmallInteger > 0).ToList())
        {
            var argument = ((Function)factor.Base).Argument;
            for (int times = factor.Exponent.SmallInteger ?? 0; times > 0; times--)
            {
                if (Algebra.Scale(Rational.Of(-times), argument).Equals(exponent))
                {
                    Include(factor.Base, Rational.Of(-times));
                    Include(Algebra.Apply(Sigmoid, Algebra.Negate(argument)), Rational.Of(times));
                    return Algebra.Zero;
                }
            }
        }

        return exponent;
    }

    // (e^u - 1) / (e^u + 1) = tanh(u / 2), whose divisor is a sigmoid by now.
    private void HalfTangent()
    {
        foreach (var factor in powers.Values.Where(static factor => factor.Exponent.IsOne && factor.Base is Sum { Terms: [{ Factor: Function { Kind: Exp } }] }).ToList())
        {
            var sum = (Sum)factor.Base;
            var (scale, power) = sum.Terms[0];
            var argument = ((Function)power).Argument;
            var logistic = Algebra.Apply(Sigmoid, Algebra.Negate(argument));
            if (scale == -sum.Constant && powers.TryGetValue(logistic.Key, out var divisor) && divisor.Exponent.IsOne)
            {
                coefficient *= scale;
                Include(factor.Base, Rational.MinusOne);
                Include(logistic, Rational.MinusOne);
                var tangent = Algebra.Split(Algebra.Apply(Tanh, Algebra.Scale(Rational.Half, argument)));
                coefficient *= tangent.Coefficient;
                Include(tangent.Factor, Rational.One);
            }
        }
    }

    // sinh u / cosh u = tanh u, as often as it occurs.
    private void Hyperbolic()
    {
        foreach (var factor in powers.Values.Where(static factor => factor.Base is Function { Kind: Sinh } && factor.Exponent.SmallInteger > 0).ToList())
        {
            var argument = ((Function)factor.Base).Argument;
            var cosh = Algebra.Apply(Cosh, argument);
            if (powers.TryGetValue(cosh.Key, out var divisor) && divisor.Exponent.SmallInteger < 0)
            {
                var times = Rational.Of(Math.Min(factor.Exponent.SmallInteger ?? 0, -divisor.Exponent.SmallInteger ?? 0));
                Include(factor.Base, -times);
                Include(cosh, times);
                Include(Algebra.Apply(Tanh, argument), times);
            }
        }
    }
}
