namespace FlowGen;

/// <summary>Affine coupling (Real NVP, equations 4 to 9): one half is scaled and shifted by functions of the other; log-det is the sum of the log-scales.</summary>
/// <param name="hidden">The widths of the conditioner's hidden layers; none means a linear conditioner.</param>
public sealed class AffineCouplingAttribute(params int[] hidden) : FlowLayerAttribute
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

    /// <summary>How the scale is made from the conditioner's output.</summary>
    public ScaleFunction Scale { get; set; } = ScaleFunction.TanhBounded;

    /// <summary>Added to the sigmoid, so that the inverse never divides by zero; used by <see cref="ScaleFunction.Sigmoid"/> only.</summary>
    public double ScaleFloor { get; set; } = 1e-3;

    /// <summary>Whether the shift is added after or before the scale is applied.</summary>
    public AffineForm Form { get; set; } = AffineForm.ScaleThenShift;
}
