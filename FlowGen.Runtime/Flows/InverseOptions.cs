namespace FlowGen;

/// <summary>How layers whose inverse is an iteration (MintNet) are inverted.</summary>
public sealed record InverseOptions
{
    /// <summary>The residual max |f(x) - z| of a layer at which its iteration stops, relative to max(1, max |z|).</summary>
    public double Tolerance { get; init; } = 4e-6;

    /// <summary>
    /// How many times a layer on an image is evaluated as a whole before its coordinates are solved one after the other, each inside a bracket. Layers on
    /// vectors are always solved so; a sum of modules is evaluated as a whole however often, and its brackets hold from the first step.
    /// </summary>
    public int MaximumIterations { get; init; } = 12;

    /// <summary>The length of the steps at the beginning, from 0, not included, to 1: they are halved where the residual does not fall.</summary>
    public double Step { get; init; } = 1;

    /// <summary>
    /// The iteration of MintNet's authors instead, to measure against: from z / t, steps of one length, and after <see cref="MaximumIterations"/> of them
    /// whatever was reached. Layers on images only.
    /// </summary>
    internal bool IsPlain { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumIterations, 1);
        if (!(Tolerance > 0) || !double.IsFinite(Tolerance))
        {
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The tolerance is above 0, and finite.");
        }

        if (!(Step > 0 && Step <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Step), Step, "The step is above 0 and at most 1: longer ones need not converge.");
        }
    }
}
