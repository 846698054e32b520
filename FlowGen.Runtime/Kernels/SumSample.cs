namespace FlowGen.Kernels;

/// <summary>How far the inversion of one sample is.</summary>
internal struct SumSample
{
    /// <summary>max(1, max |z|).</summary>
    public float Scale;

    /// <summary>The coordinates that have their roots, counted in the order of the triangle: they do not move any more.</summary>
    public int Solved;

    /// <summary>The next one's root is between these.</summary>
    public float Low;

    /// <inheritdoc cref="Low"/>
    public float High;

    /// <summary>How far the next one may go while its root is not between two numbers.</summary>
    public float Reach;

    /// <summary>Steps of the next one.</summary>
    public int Steps;

    /// <summary>Evaluations of the layer.</summary>
    public int Evaluations;

    /// <summary>max |f(x) - z| / scale at the last of them.</summary>
    public float Residual;

    /// <summary>max |f(x) - z| / d.</summary>
    public float Bound;

    /// <summary>What <see cref="InversionRecord"/> calls the means.</summary>
    public int Means;

    /// <summary>Whether the residual was at the tolerance before the last step.</summary>
    public bool IsClose;

    /// <summary>Whether it stays where it is.</summary>
    public bool IsDone;
}
