namespace FlowGen;

/// <summary>
/// What a gradient keeps of the forward pass. Where nothing is said, flows on vectors store, and flows on images recompute once the activations of one image
/// take more than four megabytes, which is more than a core's cache.
/// </summary>
public enum MemoryMode
{
    /// <summary>Every layer's activations of a tile: fastest.</summary>
    Stored,

    /// <summary>
    /// Nothing: each layer's input is rebuilt from its output by the inverse, so the workspace does not grow with depth. Two kinds of layers keep their input all
    /// the same: those whose inverse is an iteration (<see cref="MintLayerAttribute"/>, <see cref="SumAttribute{TFirst, TSecond}"/>), and those whose gradient jumps (<see cref="ElementwiseAttribute"/> with a
    /// function that is not twice differentiable), since what is rebuilt next to a kink may come out on its other side.
    /// </summary>
    Recompute,
}
