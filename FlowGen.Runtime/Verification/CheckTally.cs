namespace FlowGen.Verification;

/// <summary>Where a comparison was made: a sample, and an element of something.</summary>
internal readonly record struct CheckPlace(int Sample, string What = "", int Index = -1)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        string sample = Sample < 0 ? "" : $"sample {Sample}";
        string element = Index < 0 ? What : $"{What}[{Index}]";
        return sample.Length > 0 && element.Length > 0 ? $"{sample}, {element}" : sample + element;
    }
}

/// <summary>Collects the comparisons of one check and keeps the worst.</summary>
internal sealed class CheckTally(LayerDescription? layer, string kind, VerificationCheck check)
{
    private const double FewestDigits = 0.5;

    private double worstRatio = -1;
    private double error;
    private double tolerance;
    private CheckPlace where = new(-1, "nothing could be compared");
    private int compared;
    private int skipped;

    /// <summary>Counts a comparison that has no answer: outside the domain, beyond single precision, or on a kink.</summary>
    public void Skip() => skipped++;

    /// <summary>One comparison.</summary>
    public void Add(double difference, double allowed, CheckPlace place)
    {
        compared++;
        difference = double.IsNaN(difference) ? double.PositiveInfinity : difference;
        double ratio = difference == 0 ? 0 : difference / allowed;
        if (!(ratio <= worstRatio))
        {
            worstRatio = ratio;
            error = difference;
            tolerance = allowed;
            where = place;
        }
    }

    /// <summary>
    /// Single precision against the reference: skipped where the reference has no finite answer that a float can hold, and where rounding alone may
    /// leave hardly a digit.
    /// </summary>
    public void Compare(float actual, double expected, double allowed, CheckPlace place)
    {
        if (double.IsNaN(expected) && float.IsFinite(actual))
        {
            Add(double.PositiveInfinity, allowed, place);
        }
        else if (!(Math.Abs(expected) <= float.MaxValue) || !(allowed <= FewestDigits * Math.Max(1, Math.Abs(expected))))
        {
            Skip();
        }
        else
        {
            Add(Math.Abs(actual - expected), allowed, place);
        }
    }

    /// <summary><see cref="Compare"/>, or a comparison that has no answer.</summary>
    public void CompareIf(bool has, float actual, double expected, double allowed, CheckPlace place)
    {
        if (has)
        {
            Compare(actual, expected, allowed, place);
        }
        else
        {
            Skip();
        }
    }

    /// <summary>Bit for bit.</summary>
    public void Identical(float actual, float expected, CheckPlace place)
    {
        bool same = BitConverter.SingleToUInt32Bits(actual) == BitConverter.SingleToUInt32Bits(expected)
            || (float.IsNaN(actual) && float.IsNaN(expected));
        double difference = Math.Abs((double)actual - expected);
        Add(same ? 0 : difference > 0 ? difference : double.Epsilon, 0, place);
    }

    /// <summary>The row of the report.</summary>
    public VerificationRow ToRow() => new(layer?.Index, kind, check, error, tolerance, compared > 0 && error == 0 ? "" : where.ToString(), compared, skipped);
}
