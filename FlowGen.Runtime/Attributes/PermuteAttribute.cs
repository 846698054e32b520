namespace FlowGen;

/// <summary>A fixed permutation: z[i] = x[order[i]].</summary>
/// <param name="order">Every index 0 .. D - 1 once.</param>
public sealed class PermuteAttribute(params int[] order) : FlowLayerAttribute
{
    /// <summary>z[i] = x[Order[i]].</summary>
    public int[] Order { get; } = order;
}
