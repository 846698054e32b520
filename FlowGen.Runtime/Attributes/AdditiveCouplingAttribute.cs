namespace FlowGen;

/// <summary>Additive coupling (NICE, section 3.2): one half is shifted by a function of the other; log-det 0.</summary>
/// <param name="hidden">The widths of the conditioner's hidden layers; none means a linear conditioner.</param>
public sealed class AdditiveCouplingAttribute(params int[] hidden) : FlowLayerAttribute
{
    /// <summary>The widths of the conditioner's hidden layers.</summary>
    public int[] Hidden { get; } = hidden;

    /// <summary>The half that changes.</summary>
    public Partition Transforms { get; set; } = Partition.Alternate;

    /// <summary>The activation between the conditioner's layers.</summary>
    public Activation Activation { get; set; } = Activation.Relu;

    /// <summary>The form of the conditioner: where nothing is said, <see cref="CouplingNet.Mlp"/> on vectors and <see cref="CouplingNet.Conv"/> on images.</summary>
    public CouplingNet Net { get; set; } = CouplingNet.Mlp;

    /// <summary>The number of residual blocks, from 1 on; used by <see cref="CouplingNet.ResNet"/> only.</summary>
    public int Blocks { get; set; } = 2;
}
