namespace FlowGen.Generator.Verification.Scalars;

/// <summary>What was concluded about a scalar function, over the real numbers.</summary>
internal enum ScalarVerdict
{
    /// <summary>Continuously differentiable with a positive derivative, onto the whole line.</summary>
    Increasing,

    /// <summary>Continuously differentiable with a negative derivative, onto the whole line.</summary>
    Decreasing,

    /// <summary>As these two, but onto a part of the line only.</summary>
    RangeNotLine,

    /// <summary>Strictly monotone, but with different slopes on both sides of a point.</summary>
    NotDifferentiable,

    /// <summary>The derivative has both signs.</summary>
    SignChange,

    /// <summary>The derivative is zero at a point.</summary>
    ReachesZero,

    /// <summary>The derivative is zero in a short interval, or almost.</summary>
    MayReachZero,

    /// <summary>The values on both sides of a point differ.</summary>
    NotContinuous,

    /// <summary>There is a point where it is not defined.</summary>
    Undefined,

    /// <summary>Neither proved nor refuted.</summary>
    NotProvable,

    /// <summary>Its conditions cannot be analysed.</summary>
    NotUnderstood,
}
