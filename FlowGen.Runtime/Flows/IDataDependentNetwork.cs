namespace FlowGen;

/// <summary>A layer on images whose network starts from data: it sees what comes in over the first batch, once.</summary>
internal interface IDataDependentNetwork
{
    /// <summary>Whether this layer's network is of that kind. Then the first of the layer's buffers is the initialised flag.</summary>
    bool StartsFromData { get; }

    /// <summary>Sets the network's tensors.</summary>
    /// <param name="images">Inputs of the layer, <c>[C, H, W]</c> each.</param>
    /// <param name="trainables">The layer's trainable parameters.</param>
    /// <exception cref="DegenerateDataException">A channel in the network has no variance.</exception>
    void Initialize(IReadOnlyList<double[]> images, Span<float> trainables);
}
