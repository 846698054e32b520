namespace FlowGen;

/// <summary>
/// A parameter file or checkpoint that cannot be what it claims to be, or does not fit the flow: damaged, truncated, hostile, or of another flow.
/// The message names the file, the tensor or the byte position, what was expected and what was found. Nothing of the flow has changed.
/// A file that is missing or may not be read gives the usual exceptions of <see cref="System.IO"/> instead.
/// </summary>
public sealed class FlowFileException : IOException
{
    /// <summary>What is wrong with a file.</summary>
    /// <param name="message">The file, what was expected and what was found.</param>
    /// <param name="tensorName">The tensor at fault, if one is.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public FlowFileException(string message, string? tensorName = null, Exception? innerException = null)
        : base(message, innerException) => TensorName = tensorName;

    /// <summary>The tensor at fault; null if the fault is not in one tensor.</summary>
    public string? TensorName { get; }
}
