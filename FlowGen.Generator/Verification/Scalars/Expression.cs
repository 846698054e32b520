using System.Text;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// A function of one variable in a canonical form, made by <see cref="Algebra"/>. Two expressions with one <see cref="Key"/> are
/// the same function; the converse is not promised.
/// </summary>
/// <param name="key">The canonical text.</param>
internal abstract class Expression(string key) : IEquatable<Expression>
{
    /// <summary>The canonical text.</summary>
    public string Key { get; } = key;

    /// <summary>Whether the variable occurs.</summary>
    public abstract bool Varies { get; }

    public bool Equals(Expression? other) => other is not null && (ReferenceEquals(this, other) || Key == other.Key);

    public override bool Equals(object? obj) => Equals(obj as Expression);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);

    public override string ToString() => Key;
}

/// <summary>A number.</summary>
internal sealed class Constant(Rational value) : Expression(value.ToString())
{
    /// <summary>The number.</summary>
    public Rational Value { get; } = value;

    public override bool Varies => false;
}

/// <summary>The variable.</summary>
/// <param name="isPositive">Whether it stands for positive numbers only: the reciprocal of a coordinate near infinity.</param>
internal sealed class Variable(bool isPositive) : Expression(isPositive ? "t" : "x")
{
    /// <summary>Whether it stands for positive numbers only.</summary>
    public bool IsPositive { get; } = isPositive;

    public override bool Varies => true;
}

/// <summary>A constant and multiples of other expressions, none of which is a sum or a number.</summary>
internal sealed class Sum(Rational constant, IReadOnlyList<Term> terms) : Expression(Text(constant, terms))
{
    /// <summary>The constant.</summary>
    public Rational Constant { get; } = constant;

    /// <summary>The other terms, ordered by their keys.</summary>
    public IReadOnlyList<Term> Terms { get; } = terms;

    public override bool Varies { get; } = terms.Any(static term => term.Factor.Varies);

    private static string Text(Rational constant, IReadOnlyList<Term> terms)
    {
        var text = new StringBuilder("(").Append(constant);
        foreach (var term in terms)
        {
            _ = text.Append(" + ").Append(term.Coefficient).Append('*').Append(term.Factor.Key);
        }

        return text.Append(')').ToString();
    }
}

/// <summary>A multiple in a sum.</summary>
internal readonly record struct Term(Rational Coefficient, Expression Factor);

/// <summary>Powers of other expressions, none of which is a product. A single power other than the first is one too.</summary>
internal sealed class Product(IReadOnlyList<Power> factors) : Expression(Text(factors))
{
    /// <summary>The powers, ordered by the keys of their bases.</summary>
    public IReadOnlyList<Power> Factors { get; } = factors;

    public override bool Varies { get; } = factors.Any(static factor => factor.Base.Varies);

    private static string Text(IReadOnlyList<Power> factors) =>
        "[" + string.Join(" ", factors.Select(static factor => factor.Exponent.IsOne ? factor.Base.Key : $"{factor.Base.Key}^{factor.Exponent}")) + "]";
}

/// <summary>A power in a product.</summary>
internal readonly record struct Power(Expression Base, Rational Exponent);

/// <summary>An elementary function.</summary>
internal sealed class Function(ScalarFunctionKind kind, Expression argument) : Expression($"{kind}({argument.Key})")
{
    /// <summary>Which.</summary>
    public ScalarFunctionKind Kind { get; } = kind;

    /// <summary>Of what.</summary>
    public Expression Argument { get; } = argument;

    public override bool Varies => Argument.Varies;
}
