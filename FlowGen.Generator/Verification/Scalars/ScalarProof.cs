namespace FlowGen.Generator.Verification.Scalars;

/// <summary>What was proved about a scalar function.</summary>
/// <param name="verdict">The conclusion.</param>
internal sealed class ScalarProof(ScalarVerdict verdict)
{
    /// <summary>The conclusion.</summary>
    public ScalarVerdict Verdict { get; } = verdict;

    /// <summary>Whether the function is strictly monotone and continuous, with slopes that are nowhere zero.</summary>
    public bool IsInvertible => Verdict is ScalarVerdict.Increasing or ScalarVerdict.Decreasing or ScalarVerdict.RangeNotLine or ScalarVerdict.NotDifferentiable;

    /// <summary>1 if it increases, -1 if it decreases, 0 if neither was proved.</summary>
    public int Sign { get; init; }

    /// <summary>Bounds of the derivative; the ends need not be attained.</summary>
    public Interval Slope { get; init; } = Interval.Entire;

    /// <summary>The values that it takes, ends not attained.</summary>
    public Model.ValueRange Range { get; init; } = Model.ValueRange.Line;

    /// <summary>How often it is continuously differentiable: 0, 1, or 2 for twice or more.</summary>
    public int Smoothness { get; init; }

    /// <summary>The point, or the lower end of the interval, or a point where the derivative is positive.</summary>
    public double First { get; init; }

    /// <summary>The upper end of the interval, or the lower end of one where the derivative is negative.</summary>
    public double Second { get; init; }

    /// <summary>The upper end of an interval where the derivative is negative.</summary>
    public double Third { get; init; }

    /// <summary>More about it, for messages.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Whether the derivative is the same everywhere.</summary>
    public bool IsAffine => IsInvertible && Slope.IsPoint;

    /// <summary>The function in pieces; empty where it was not understood.</summary>
    public PiecewiseForm Form { get; init; } = new([], []);

    /// <summary>The values that it takes on a range, ends not attained.</summary>
    public Model.ValueRange Image(Model.ValueRange input)
    {
        double low = Sign > 0 ? End(input.Low, Range.Low) : End(input.High, Range.Low);
        double high = Sign > 0 ? End(input.High, Range.High) : End(input.Low, Range.High);
        return new(low, high);
    }

    private double End(double x, double atInfinity)
    {
        if (double.IsInfinity(x))
        {
            return atInfinity;
        }

        if (Model.ValueRange.IsUnknown(x))
        {
            return double.IsInfinity(atInfinity) ? Math.Sign(atInfinity) * double.MaxValue : atInfinity;
        }

        int piece = Form.Joints.Count(joint => joint.At <= Rational.Of(x));
        var value = new Tape(Form.Pieces[piece].Value, isPositive: false).At(x);
        return value.Low + ((value.High - value.Low) / 2);
    }
}
