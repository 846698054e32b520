namespace FlowGen;

/// <summary>What the compiler proved about a layer.</summary>
/// <param name="Structure">The structure of its Jacobian, in words: "diagonal", "block lower triangular", "permutation", "dense".</param>
/// <param name="Diagonal">What is known of the diagonal: "1", "positive", "nonzero".</param>
/// <param name="LogDet">The rule of its log-determinant, as a formula.</param>
/// <param name="Inverse">Why it has an inverse, in one clause.</param>
public sealed record LayerCertificate(string Structure, string Diagonal, string LogDet, string Inverse);
