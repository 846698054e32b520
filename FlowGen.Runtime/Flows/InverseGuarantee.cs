namespace FlowGen;

/// <summary>How the inverse of a sample was reached.</summary>
public enum InverseGuarantee
{
    /// <summary>By formulas alone: no layer iterates.</summary>
    Closed,

    /// <summary>The iteration on whole images met the tolerance.</summary>
    Iterated,

    /// <summary>The coordinates of some layer were solved one after the other, each inside a bracket, and the tolerance was met.</summary>
    Bracketed,

    /// <summary>
    /// The tolerance was not met, because single precision has no such number: the coordinates of some layer were solved in double precision, one after the
    /// other, and each is the nearest number of single precision to its root given those before it. Of a
    /// sum of modules, the bracket of a coordinate closed around its root between two neighbours.
    /// </summary>
    Rounded,

    /// <summary>The tolerance was not met: the sample is not finite.</summary>
    NotReached,
}
