namespace FlowGen.Generator.Model;

/// <summary>What is proved about one layer.</summary>
/// <param name="Structure">The structure of its Jacobian.</param>
/// <param name="Diagonal">What is known of the diagonal.</param>
/// <param name="LogDet">The rule of its log-determinant.</param>
/// <param name="Inverse">Why it has an inverse.</param>
internal sealed record Certificate(string Structure, string Diagonal, string LogDet, string Inverse);
