namespace FlowGen.Onnx.Writing;

/// <summary>The length of a dimension of an input or output: known, or known by name until the graph runs.</summary>
/// <param name="Length">The length, if it has no name.</param>
/// <param name="Name">The name.</param>
internal readonly record struct Dimension(long Length, string? Name = null)
{
    /// <summary>The number of samples.</summary>
    public static Dimension Samples { get; } = new(0, "N");

    /// <summary>A known length.</summary>
    public static implicit operator Dimension(int length) => new(length);
}
