namespace FlowGen;

/// <summary>A flow with data-dependent layers was evaluated before it was initialised, fitted or loaded.</summary>
/// <param name="message">Which layer waits for data, and what to call.</param>
public sealed class FlowNotInitializedException(string message) : InvalidOperationException(message);
