namespace FlowGen;

/// <summary>A learned matrix that has no inverse: <see cref="LinearParameterization.Dense"/> does not keep W from becoming singular.</summary>
/// <param name="message">The size of the matrix and what was found.</param>
public sealed class SingularMatrixException(string message) : InvalidOperationException(message);
