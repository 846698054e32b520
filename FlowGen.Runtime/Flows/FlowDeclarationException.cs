namespace FlowGen;

/// <summary>
/// A class was used as a flow whose declaration has errors. Builds report them; this is for programs that were compiled without analyzers, or with the errors suppressed.
/// </summary>
public sealed class FlowDeclarationException : InvalidOperationException
{
    /// <summary>A use of a class that is no flow.</summary>
    /// <param name="flowName">The class.</param>
    /// <param name="errors">The rules that its declaration breaks, each as its id, a colon and what it says; none if an attribute does not compile.</param>
    public FlowDeclarationException(string flowName, params string[] errors)
        : base(Describe(flowName, errors))
    {
        FlowName = flowName;
        Errors = Array.AsReadOnly((string[])errors.Clone());
    }

    /// <summary>The class.</summary>
    public string FlowName { get; }

    /// <summary>The rules that its declaration breaks, each as its id, a colon and what it says; empty if an attribute does not compile.</summary>
    public IReadOnlyList<string> Errors { get; }

    private static string Describe(string flowName, string[] errors)
    {
        ArgumentNullException.ThrowIfNull(flowName);
        ArgumentNullException.ThrowIfNull(errors);
        string cause = errors.Length == 0 ? "an attribute of it does not compile" : $"its declaration has errors ({string.Join("; ", errors)})";
        return $"'{flowName}' cannot be used as a flow, because {cause}. A build with analyzers reports what is wrong where it is; nothing runs before it is put right.";
    }
}
