namespace FlowGen;

/// <summary>Data from which a layer cannot be initialised: a coordinate without variance, or values that are not finite.</summary>
/// <param name="message">Which layer, which coordinate, and what was found.</param>
public sealed class DegenerateDataException(string message) : InvalidOperationException(message);
