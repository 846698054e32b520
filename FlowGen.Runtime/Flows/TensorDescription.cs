namespace FlowGen;

/// <summary>A named tensor of a flow.</summary>
/// <param name="Name">The name: <c>layers.3.net.0.weight</c>.</param>
/// <param name="Shape">The lengths of its dimensions, in PyTorch's layout; empty for a scalar.</param>
/// <param name="IsTrainable">Whether gradients flow to it; otherwise it is a buffer, saved with the weights.</param>
/// <param name="Element">What its elements are in a file.</param>
/// <param name="Offset">Where it starts among the trainable parameters or among the buffers.</param>
public sealed record TensorDescription(string Name, IReadOnlyList<int> Shape, bool IsTrainable, TensorElement Element, int Offset)
{
    /// <summary>The number of elements.</summary>
    public int Count { get; } = Shape.Aggregate(1, static (product, length) => product * length);

    /// <summary>The name with its shape: <c>layers.3.net.0.weight [64, 1]</c>.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}]";
}
