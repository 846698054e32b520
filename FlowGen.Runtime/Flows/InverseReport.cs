namespace FlowGen;

/// <summary>What an inversion reached, sample by sample: of the layers that iterate, the worst.</summary>
public sealed class InverseReport
{
    private readonly float[] records;
    private readonly double tolerance;
    private readonly bool iterates;

    internal InverseReport(float[] records, double tolerance, bool iterates)
    {
        this.records = records;
        this.tolerance = tolerance;
        this.iterates = iterates;
        Count = records.Length / Kernels.InversionRecord.Rows;
    }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>
    /// The residual max |f(x) - z| of a sample, relative to max(1, max |z|), the largest of all layers; f is evaluated in single precision, but where the guarantee is
    /// <see cref="InverseGuarantee.Rounded"/>, so that its own rounding is part of it.
    /// </summary>
    /// <param name="sample">The row of the sample.</param>
    public double Residual(int sample) => records[Index(sample)];

    /// <summary>
    /// How far a coordinate can be from the exact one at most, given those before it in the order of its layer: the largest |f(x) - z| / t, t the least
    /// slope of the coordinate; of a sum of modules, which has no least slope, its slope there instead, to first order.
    /// </summary>
    /// <param name="sample">The row of the sample.</param>
    public double Bound(int sample) => records[Index(sample) + 1];

    /// <summary>How many times layers were evaluated, or as many multiplications, summed over the layers.</summary>
    /// <param name="sample">The row of the sample.</param>
    public double Evaluations(int sample) => records[Index(sample) + 2];

    /// <summary>How the inverse was reached.</summary>
    /// <param name="sample">The row of the sample.</param>
    public InverseGuarantee Guarantee(int sample) =>
        !iterates ? InverseGuarantee.Closed
        : Residual(sample) <= tolerance ? records[Index(sample) + 3] > 0 ? InverseGuarantee.Bracketed : InverseGuarantee.Iterated
        : double.IsFinite(Residual(sample)) && records[Index(sample) + 3] == Kernels.InversionRecord.Rounded ? InverseGuarantee.Rounded
        : InverseGuarantee.NotReached;

    /// <summary>Whether every sample met the tolerance.</summary>
    public bool IsConverged
    {
        get
        {
            for (int sample = 0; sample < Count; sample++)
            {
                if (Guarantee(sample) is InverseGuarantee.Rounded or InverseGuarantee.NotReached)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private int Index(int sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, Count);
        return sample * Kernels.InversionRecord.Rows;
    }
}
