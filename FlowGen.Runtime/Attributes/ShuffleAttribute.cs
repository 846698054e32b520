namespace FlowGen;

/// <summary>A fixed random permutation, the same wherever the seed is the same; saved with the weights.</summary>
/// <param name="seed">Which permutation. With <see cref="FlowLayerAttribute.Times"/>, the copies use seed, seed + 1, ...</param>
public sealed class ShuffleAttribute(ulong seed) : FlowLayerAttribute
{
    /// <summary>Which permutation.</summary>
    public ulong Seed { get; } = seed;
}
