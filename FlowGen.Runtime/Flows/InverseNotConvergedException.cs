namespace FlowGen;

/// <summary>A sample could not be inverted to the accuracy that single precision allows for: see <see cref="InverseReport"/>.</summary>
/// <param name="message">Which sample, and what was reached.</param>
public sealed class InverseNotConvergedException(string message) : InvalidOperationException(message);
