namespace FlowGen.Generator.Model;

/// <summary>What a Jacobian looks like when outputs and inputs are listed in an order.</summary>
internal enum JacobianPattern
{
    /// <summary>Nothing off the diagonal.</summary>
    Diagonal,

    /// <summary>Nothing above the (block) diagonal.</summary>
    Lower,

    /// <summary>Nothing below the (block) diagonal.</summary>
    Upper,

    /// <summary>Anything anywhere.</summary>
    Dense,
}

/// <summary>
/// The structure of a Jacobian. Triangular matrices of one order are closed under sums and products, which is Proposition 1 of MintNet as a rule; of different orders they are not.
/// </summary>
/// <param name="Pattern">What it looks like.</param>
/// <param name="Order">The order of the coordinates that it looks like that in; empty where it does not matter.</param>
/// <param name="IsPermuted">Whether the inputs, the outputs or both take other places before and after.</param>
internal sealed record JacobianForm(JacobianPattern Pattern, string Order = "", bool IsPermuted = false)
{
    /// <summary>Each coordinate by itself.</summary>
    public static JacobianForm Diagonal { get; } = new(JacobianPattern.Diagonal);

    /// <summary>Each coordinate by itself, at another place.</summary>
    public static JacobianForm Permutation { get; } = new(JacobianPattern.Diagonal, IsPermuted: true);

    /// <summary>Nothing is known.</summary>
    public static JacobianForm Dense { get; } = new(JacobianPattern.Dense);

    /// <summary>Whether the diagonal is that of a triangular matrix, so that the determinant is its product.</summary>
    public bool HasDiagonal => Pattern != JacobianPattern.Dense && !IsPermuted;

    /// <summary>The form of a coupling: what conditions comes before what changes.</summary>
    /// <param name="changed">A resolved partition.</param>
    public static JacobianForm Coupling(Partition changed) => changed switch
    {
        Partition.OddIndices => new(JacobianPattern.Lower, "even indices, odd indices"),
        Partition.EvenIndices => new(JacobianPattern.Upper, "even indices, odd indices"),
        Partition.OddPixels => new(JacobianPattern.Lower, "even pixels, odd pixels"),
        Partition.EvenPixels => new(JacobianPattern.Upper, "even pixels, odd pixels"),
        Partition.FirstHalf => new(JacobianPattern.Upper, "first half, second half"),
        _ => new(JacobianPattern.Lower, "first half, second half"),
    };

    /// <summary>The form of a map that is followed by another: that of the product of the Jacobians.</summary>
    public JacobianForm Then(JacobianForm next)
    {
        bool permuted = IsPermuted || next.IsPermuted;
        if (Pattern == JacobianPattern.Dense || next.Pattern == JacobianPattern.Dense)
        {
            return Dense;
        }

        if (Pattern == JacobianPattern.Diagonal || next.Pattern == JacobianPattern.Diagonal)
        {
            return (Pattern == JacobianPattern.Diagonal ? next : this) with { IsPermuted = permuted };
        }

        // A permutation between two triangles makes their orders different ones.
        return !permuted && Pattern == next.Pattern && Order == next.Order ? this : Dense;
    }

    /// <summary>The form of the sum of two maps.</summary>
    public JacobianForm Plus(JacobianForm other)
    {
        if (IsPermuted || other.IsPermuted || Pattern == JacobianPattern.Dense || other.Pattern == JacobianPattern.Dense)
        {
            return Dense;
        }

        return Pattern == JacobianPattern.Diagonal ? other
            : other.Pattern == JacobianPattern.Diagonal || this == other ? this
            : Dense;
    }
}
