using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>The layouts in which the weights of a dense layer are kept ready, each filled only when a path first needs it.</summary>
internal enum WeightForm
{
    /// <summary>For tiles: what the chains of dense layers start from, whose matrices are read where they lie; other products packed in blocks of at most six rows, column by column.</summary>
    Tile,

    /// <summary>For a single sample: whole vectors of outputs, input by input.</summary>
    Single,

    /// <summary>For gradients: what products with the transposed matrices read, but for those of dense layers.</summary>
    Transposed,
}

/// <summary>
/// What depends on parameters only, computed once per parameter version: packed weights, exponentials, factorised matrices,
/// and the log-determinants that are the same for every sample.
/// </summary>
/// <remarks>
/// Generated code calls the <c>Prepare</c> of each layer with literal offsets. The same offsets serve all three
/// <see cref="WeightForm"/>s. <see cref="Dense"/> and every layer kernel write at <c>Prepared[weights ..]</c> from
/// <c>Parameters[parameters ..]</c> and <c>Buffers[buffers ..]</c>.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct Preparation
{
    /// <summary>All trainable parameters, in the order of the description.</summary>
    internal ReadOnlySpan<float> Parameters;

    /// <summary>All buffers, in the order of the description; indices are whole numbers.</summary>
    internal ReadOnlySpan<float> Buffers;

    /// <summary>Where to write.</summary>
    internal Span<float> Prepared;

    /// <summary>Which form <see cref="Prepared"/> is.</summary>
    internal WeightForm Form;
}
