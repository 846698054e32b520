namespace FlowGen.Generator.Model;

/// <summary>What is known of the sign of every entry of a diagonal.</summary>
internal enum DiagonalSign
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>Not zero.</summary>
    Nonzero,

    /// <summary>Not negative.</summary>
    NonNegative,

    /// <summary>Positive.</summary>
    Positive,
}

/// <summary>What is known of every entry of a diagonal, whatever the sample and the weights.</summary>
/// <param name="Sign">The sign.</param>
/// <param name="Low">A lower bound; 0 that is not attained where the sign is positive.</param>
/// <param name="High">An upper bound; infinite if there is none.</param>
internal readonly record struct DiagonalBound(DiagonalSign Sign, double Low, double High)
{
    /// <summary>Nothing.</summary>
    public static DiagonalBound Unknown => new(DiagonalSign.Unknown, double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Not zero.</summary>
    public static DiagonalBound Nonzero => new(DiagonalSign.Nonzero, double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Not negative.</summary>
    public static DiagonalBound NonNegative => new(DiagonalSign.NonNegative, 0, double.PositiveInfinity);

    /// <summary>1.</summary>
    public static DiagonalBound One => Positive(1, 1);

    /// <summary>Whether no entry is zero.</summary>
    public bool IsNonzero => Sign is DiagonalSign.Positive or DiagonalSign.Nonzero;

    /// <summary>Positive, within bounds.</summary>
    public static DiagonalBound Positive(double low = 0, double high = double.PositiveInfinity) => new(DiagonalSign.Positive, low, high);

    /// <summary>Of products of entries.</summary>
    public DiagonalBound Times(DiagonalBound other) => (Sign, other.Sign) switch
    {
        (DiagonalSign.Unknown, _) or (_, DiagonalSign.Unknown) => Unknown,
        (DiagonalSign.Positive, DiagonalSign.Positive) => Positive(Low * other.Low, High * other.High),
        (DiagonalSign.Nonzero, not DiagonalSign.NonNegative) or (not DiagonalSign.NonNegative, DiagonalSign.Nonzero) => Nonzero,
        (DiagonalSign.Nonzero, _) or (_, DiagonalSign.Nonzero) => Unknown,
        _ => NonNegative,
    };

    /// <summary>Of sums of entries: only signs tell that a sum is not zero.</summary>
    public DiagonalBound Plus(DiagonalBound other) => (Sign, other.Sign) switch
    {
        (DiagonalSign.Positive, DiagonalSign.Positive or DiagonalSign.NonNegative) or (DiagonalSign.NonNegative, DiagonalSign.Positive) => Positive(Low + other.Low, High + other.High),
        (DiagonalSign.NonNegative, DiagonalSign.NonNegative) => NonNegative,
        _ => Unknown,
    };
}
