namespace FlowGen;

/// <summary>How the matrix of a learned linear map is stored.</summary>
public enum LinearParameterization
{
    /// <summary>W = P L U with a diagonal sign e^s (Glow, equation 10): never singular, log-det without a determinant.</summary>
    Plu,

    /// <summary>W itself: its determinant is computed once for every version of the weights, and a W that has become singular is a named error.</summary>
    Dense,
}
