namespace FlowGen.Verification;

/// <summary>A map of the reference on one sample, in place, which returns its log-det.</summary>
internal delegate double ReferenceMap(Span<double> state);

/// <summary>The Jacobian of a map of the reference by differences, and the gradient of its log-det.</summary>
internal sealed class ReferenceJacobian
{
    private ReferenceJacobian(double[,] values)
    {
        Values = values;
        LogDetGradient = new double[values.GetLength(0)];
    }

    /// <summary>The derivative of output row by input column; zero in columns that were not asked for.</summary>
    public double[,] Values { get; }

    /// <summary>The derivative of the log-det by each input.</summary>
    public double[] LogDetGradient { get; }

    /// <summary>Whether every derivative exists and was resolved: the point is not on a kink and inside the domain.</summary>
    public bool IsResolved { get; private set; } = true;

    /// <summary>log|det|; NaN if neither the whole Jacobian nor all its blocks are known.</summary>
    public double LogAbsDet { get; private set; } = double.NaN;

    /// <summary>The sum of the absolute values of the terms of the log-determinant: the logarithms of the diagonal, in block triangular form.</summary>
    public double SumOfAbsLogs { get; private set; }

    /// <summary>The inverse of the whole Jacobian; null if only a part is known.</summary>
    public double[,]? Inverse { get; private set; }

    /// <summary>The whole Jacobian, one column after the other; nothing is assumed about its structure but for <see cref="SumOfAbsLogs"/>.</summary>
    public static ReferenceJacobian Whole(ReferenceMap map, ReadOnlySpan<double> at, JacobianStructure? structure)
    {
        var jacobian = Columns(map, at, Enumerable.Range(0, at.Length));
        if (jacobian.IsResolved)
        {
            var factors = new LuDecomposition(jacobian.Values);
            jacobian.LogAbsDet = factors.LogAbsDet;
            jacobian.Inverse = factors.Inverse();
            jacobian.SumOfAbsLogs = structure is null ? factors.SumOfAbsLogs : jacobian.AddBlocks(structure).SumOfAbsLogs;
        }

        return jacobian;
    }

    /// <summary>Some columns of the Jacobian, each by a perturbation of its own.</summary>
    public static ReferenceJacobian Columns(ReferenceMap map, ReadOnlySpan<double> at, IEnumerable<int> columns)
    {
        var jacobian = new ReferenceJacobian(new double[at.Length, at.Length]);
        double[] point = at.ToArray();
        double[] derivative = new double[point.Length + 1];
        foreach (int column in columns)
        {
            jacobian.IsResolved &= Differences.Derive(Along(map, point, [column]), Math.Max(1, Math.Abs(point[column])), 0, derivative);
            for (int row = 0; row < point.Length; row++)
            {
                jacobian.Values[row, column] = derivative[row];
            }

            jacobian.LogDetGradient[column] = derivative[point.Length];
        }

        return jacobian;
    }

    /// <summary>
    /// The diagonal blocks of a Jacobian of known structure, several columns at a time (Curtis, Powell and Reid, 1974): two perturbations for a
    /// coupling of any size.
    /// </summary>
    public static ReferenceJacobian Blocks(ReferenceMap map, ReadOnlySpan<double> at, JacobianStructure structure)
    {
        var jacobian = new ReferenceJacobian(new double[at.Length, at.Length]);
        double[] point = at.ToArray();
        double[] derivative = new double[point.Length + 1];
        foreach (int[] group in structure.Groups)
        {
            jacobian.IsResolved &= Differences.Derive(Along(map, point, group), 1, 0, derivative);
            foreach (int column in group)
            {
                for (int row = 0; row < point.Length; row++)
                {
                    jacobian.Values[row, column] = structure.MayDepend(row, column) ? derivative[row] : 0;
                }
            }
        }

        if (jacobian.IsResolved)
        {
            var (logAbsDet, sumOfAbsLogs) = jacobian.AddBlocks(structure);
            jacobian.LogAbsDet = logAbsDet;
            jacobian.SumOfAbsLogs = sumOfAbsLogs;
        }

        return jacobian;
    }

    /// <summary>
    /// The Jacobian of the inverse map where this one's map arrives, by the theorem of the inverse function: for maps whose inverse is found by iteration, so that every difference of it
    /// would take as many evaluations as one iteration. The gradient of its log-det is not known.
    /// </summary>
    public ReferenceJacobian OfInverse() => new(Inverse ?? new double[LogDetGradient.Length, LogDetGradient.Length])
    {
        IsResolved = IsResolved,
        LogAbsDet = -LogAbsDet,
        SumOfAbsLogs = SumOfAbsLogs,
        Inverse = Inverse is null ? null : Values,
    };

    private (double LogAbsDet, double SumOfAbsLogs) AddBlocks(JacobianStructure structure)
    {
        double logAbsDet = 0;
        double sumOfAbsLogs = 0;
        foreach (int[] block in structure.Blocks)
        {
            double[,] values = new double[block.Length, block.Length];
            for (int row = 0; row < block.Length; row++)
            {
                for (int column = 0; column < block.Length; column++)
                {
                    values[row, column] = Values[structure.Outputs[block[row]], block[column]];
                }
            }

            var factors = new LuDecomposition(values);
            logAbsDet += factors.LogAbsDet;
            sumOfAbsLogs += factors.SumOfAbsLogs;
        }

        return (logAbsDet, sumOfAbsLogs);
    }

    private static ValuesAlong Along(ReferenceMap map, double[] point, int[] inputs) => (offset, values) =>
    {
        double[] state = (double[])point.Clone();
        foreach (int input in inputs)
        {
            state[input] += offset;
        }

        values[^1] = map(state);
        state.CopyTo(values, 0);
    };
}
