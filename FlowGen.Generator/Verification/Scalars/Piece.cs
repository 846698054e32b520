namespace FlowGen.Generator.Verification.Scalars;

/// <summary>One smooth piece of a function.</summary>
/// <param name="From">Where it begins; null for minus infinity.</param>
/// <param name="To">Where it ends; null for infinity.</param>
/// <param name="Value">What it is there, ends included, unless <see cref="Joint"/> says otherwise.</param>
/// <param name="Conditions">What its operations ask for.</param>
internal sealed record Piece(Rational? From, Rational? To, Expression Value, IReadOnlyList<DomainCondition> Conditions)
{
    /// <summary>A point inside.</summary>
    public Rational Inside => (From, To) switch
    {
        ({ } from, { } to) => (from + to) * Rational.Half,
        ({ } from, null) => from + Rational.One,
        (null, { } to) => to - Rational.One,
        _ => Rational.Zero,
    };
}

/// <summary>Where two pieces meet.</summary>
/// <param name="At">Where.</param>
/// <param name="Value">The function there, without a variable.</param>
/// <param name="Conditions">What its operations ask for there.</param>
internal sealed record Joint(Rational At, Expression Value, IReadOnlyList<DomainCondition> Conditions);

/// <summary>A function as smooth pieces from left to right.</summary>
/// <param name="Pieces">The pieces.</param>
/// <param name="Joints">Where each meets the next.</param>
internal sealed record PiecewiseForm(IReadOnlyList<Piece> Pieces, IReadOnlyList<Joint> Joints);
