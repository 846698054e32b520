namespace FlowGen;

/// <summary>
/// A layer that, in training mode, normalises by the statistics of the batch: a barrier that all samples reach before any goes on.
/// Its log-det is then a convention, minus half the sum of the logarithms of the variances, and not the determinant of the batch's map.
/// </summary>
internal interface IBatchCoupledLayer
{
    /// <summary>Writes the prepared weights (<see cref="LayerPlace.Weights"/>) that make the layer's kernel use these statistics.</summary>
    void PrepareBatch(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, Span<float> prepared);

    /// <summary>Moves the running statistics towards the batch's.</summary>
    void UpdateRunning(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, Span<float> buffers);

    /// <summary>Added to the variance before the root.</summary>
    double Epsilon { get; }
}
