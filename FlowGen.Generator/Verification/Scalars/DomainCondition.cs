namespace FlowGen.Generator.Verification.Scalars;

/// <summary>What an operation asks of its operand, so that it is defined and has derivatives.</summary>
internal enum DomainRule
{
    /// <summary>A divisor, or the operand of a negative power.</summary>
    Divisor,

    /// <summary>What a logarithm, or a power that is not a whole one, is taken of.</summary>
    Logarithm,

    /// <summary>What a positive power that is not a whole one is taken of: at 0 it is defined.</summary>
    PositivePower,

    /// <summary>What a square root is taken of: at 0 it is defined, but has no derivative.</summary>
    SquareRoot,

    /// <summary>What a cube root is taken of: at 0 its derivative is infinite.</summary>
    CubeRoot,

    /// <summary>What asin, acos and atanh are taken of.</summary>
    Unit,

    /// <summary>What acosh is taken of.</summary>
    AboveOne,

    /// <summary>The cosine of what a tangent is taken of.</summary>
    Cosine,
}

/// <summary>A condition on an operand.</summary>
/// <param name="Rule">Why.</param>
/// <param name="Quantity">What must not be 0: for a divisor, of either sign, else positive.</param>
internal sealed record DomainCondition(DomainRule Rule, Expression Quantity)
{
    /// <summary>Whether either sign will do.</summary>
    public bool AnySign => Rule is DomainRule.Divisor or DomainRule.CubeRoot or DomainRule.Cosine;

    /// <summary>Whether the operation has a value where the quantity is 0, though perhaps no derivative.</summary>
    public bool HasValueAtZero => Rule is DomainRule.SquareRoot or DomainRule.CubeRoot or DomainRule.PositivePower or DomainRule.AboveOne;

    /// <summary>The operation, for messages.</summary>
    public string Operation => Rule switch
    {
        DomainRule.Divisor => "a divisor",
        DomainRule.Logarithm => "the argument of a logarithm or a power",
        DomainRule.PositivePower => "the argument of a power",
        DomainRule.SquareRoot => "the argument of a square root",
        DomainRule.CubeRoot => "the argument of a cube root",
        DomainRule.Unit => "the distance of an argument of asin, acos or atanh from 1",
        DomainRule.AboveOne => "the distance of an argument of acosh from 1",
        _ => "the cosine of an argument of tan",
    };
}
