namespace FlowGen.Verification;

/// <summary>
/// A run of layers on the states that the compiled code goes through: the determinant as the product of those of the layers, and how far rounding after each layer may carry, to first
/// order: an error of the size of the state at a layer reaches the output through the Jacobian of all later layers.
/// </summary>
internal sealed class ReferenceChain
{
    private readonly List<ReferenceJacobian> jacobians = [];
    private readonly List<double> scales = [];

    /// <param name="inputScale">The largest absolute coordinate of the input, at least 1.</param>
    public ReferenceChain(double inputScale) => scales.Add(inputScale);

    /// <summary>Whether the derivatives of all layers exist and were resolved.</summary>
    public bool IsResolved { get; private set; } = true;

    /// <summary>The Jacobian of the only layer, if there is one.</summary>
    public ReferenceJacobian? Single => jacobians.Count == 1 ? jacobians[0] : null;

    /// <summary>log|det|.</summary>
    public double LogAbsDet { get; private set; }

    /// <summary>The sum of the absolute values of the terms of the log-determinants.</summary>
    public double SumOfAbsLogs { get; private set; }

    /// <summary>What an error of one part in one after every layer grows to in the output.</summary>
    public double OutputGrowth { get; private set; }

    /// <summary>The same for the way there and back, in the input.</summary>
    public double RoundTripGrowth { get; private set; }

    /// <summary>Appends a layer.</summary>
    /// <param name="jacobian">Its Jacobian at its input.</param>
    /// <param name="outputScale">The largest absolute coordinate of its output, at least 1.</param>
    public void Add(ReferenceJacobian jacobian, double outputScale)
    {
        jacobians.Add(jacobian);
        scales.Add(outputScale);
        IsResolved &= jacobian.IsResolved;
        LogAbsDet += jacobian.LogAbsDet;
        SumOfAbsLogs += jacobian.SumOfAbsLogs;
    }

    /// <summary>Growth from the Jacobians of the layers, all of them whole.</summary>
    public void MeasureGrowth()
    {
        int size = jacobians[0].LogDetGradient.Length;
        double[,] after = Matrices.Identity(size);
        OutputGrowth = scales[^1];
        for (int layer = jacobians.Count - 1; layer >= 0; layer--)
        {
            after = Matrices.Multiply(after, jacobians[layer].Values);
            OutputGrowth += scales[layer] * Matrices.Norm(after);
        }

        double[,] back = Matrices.Identity(size);
        RoundTripGrowth = scales[0];
        for (int layer = 0; layer < jacobians.Count; layer++)
        {
            back = Matrices.Multiply(back, jacobians[layer].Inverse!);
            RoundTripGrowth += scales[layer + 1] * Matrices.Norm(back);
        }

        RoundTripGrowth += Matrices.Norm(back) * OutputGrowth;
    }

    /// <summary>Growth estimated from the norms of the whole chain.</summary>
    public void EstimateGrowth(double norm, double inverseNorm)
    {
        OutputGrowth = (norm * scales[0]) + scales.Max();
        RoundTripGrowth = inverseNorm * OutputGrowth;
    }
}
