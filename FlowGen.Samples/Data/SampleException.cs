namespace FlowGen.Samples.Data;

/// <summary>An error of the user's making, told in one line: what was expected and what was found.</summary>
internal sealed class SampleException(string message, Exception? inner = null) : Exception(message, inner);
