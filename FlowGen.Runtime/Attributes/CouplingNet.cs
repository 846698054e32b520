namespace FlowGen;

/// <summary>The form of a coupling's conditioner.</summary>
public enum CouplingNet
{
    /// <summary>Dense layers of the declared widths with the activation between them; linear output, zero at the start.</summary>
    Mlp,

    /// <summary>The same, and every hidden layer after the first adds its input: h + act(W h + b). All widths are equal.</summary>
    ResidualMlp,
}
