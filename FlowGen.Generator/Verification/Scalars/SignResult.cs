namespace FlowGen.Generator.Verification.Scalars;

/// <summary>What a <see cref="SignSearch"/> came to.</summary>
internal enum SignOutcome
{
    /// <summary>One sign everywhere.</summary>
    Proven,

    /// <summary>Both signs occur, or the one that was not wanted.</summary>
    Opposite,

    /// <summary>Exactly zero at a point.</summary>
    Zero,

    /// <summary>Not shown to differ from zero in a short interval.</summary>
    MayVanish,

    /// <summary>Not decided on an interval.</summary>
    Unresolved,
}

/// <summary>What a <see cref="SignSearch"/> came to.</summary>
/// <param name="Outcome">Which.</param>
/// <param name="Sign">The sign that was found or looked for.</param>
/// <param name="Bounds">Bounds of the values; of use when proven.</param>
/// <param name="First">A point with that sign; the zero; or the lower end of the interval.</param>
/// <param name="Second">A point without it, or the upper end.</param>
internal sealed record SignResult(SignOutcome Outcome, int Sign, Interval Bounds, double First, double Second);
