using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>The sums over the whole batch from which the gradient is finished.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct GradientSums
{
    /// <summary>All trainable parameters.</summary>
    internal ReadOnlySpan<float> Parameters;

    /// <summary>All buffers.</summary>
    internal ReadOnlySpan<float> Buffers;

    /// <summary>The prepared weights, in the form of tiles.</summary>
    internal ReadOnlySpan<float> Weights;

    /// <summary>The accumulators: gradients of the trainables, then the sums that are still to be turned into gradients.</summary>
    internal Span<float> Gradient;
}
