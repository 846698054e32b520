namespace FlowGen.Benchmarks.Comparison;

/// <summary>The same flow, with the same weights, in another library.</summary>
internal interface IPeerFlow : IDisposable
{
    /// <summary>Hands over the samples <c>[N, D]</c> that <see cref="LogProb"/> and <see cref="Train"/> work on.</summary>
    void SetData(ReadOnlySpan<float> x, int batch);

    /// <summary>The log-density of the data, left where the library leaves it.</summary>
    void LogProb();

    /// <summary>The log-density of the data, brought here.</summary>
    float[] ReadLogProb();

    /// <summary>Draws so many samples, left where the library leaves them.</summary>
    void Sample(int batch);

    /// <summary>One step of Adam on the mean negative log-likelihood of the data.</summary>
    void Train();
}
