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

    /// <summary>The tolerance was not met: it is finer than single precision, or the sample is not finite.</summary>
    NotReached,
}
