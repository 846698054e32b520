namespace FlowGen;

/// <summary>A layer whose tensors start from data: it sees its input's moments over the first batch, once.</summary>
internal interface IDataDependentLayer
{
    /// <summary>Sets the layer's tensors from the moments of its input.</summary>
    /// <param name="mean">The mean of each coordinate over the batch.</param>
    /// <param name="variance">The variance of each coordinate over the batch, divided by N.</param>
    /// <param name="trainables">The layer's trainable parameters.</param>
    /// <param name="buffers">The layer's buffers: the initialised flag is set by the caller.</param>
    /// <exception cref="DegenerateDataException">A coordinate has no variance.</exception>
    void Initialize(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, Span<float> trainables, Span<float> buffers);

    /// <summary>Where in the layer's buffers its initialised flag is.</summary>
    int InitializedFlag { get; }
}
