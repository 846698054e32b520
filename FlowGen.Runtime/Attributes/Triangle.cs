namespace FlowGen;

/// <summary>Which coordinates a triangular layer reads: those before an output and itself, or those behind it and itself.</summary>
public enum Triangle
{
    /// <summary>Every output reads its own coordinate and those before it: the Jacobian is lower triangular.</summary>
    Lower,

    /// <summary>Every output reads its own coordinate and those behind it: the Jacobian is upper triangular.</summary>
    Upper,
}
