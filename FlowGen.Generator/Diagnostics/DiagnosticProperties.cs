namespace FlowGen.Generator.Diagnostics;

/// <summary>What analyzers tell code fixes beside the message.</summary>
internal static class DiagnosticProperties
{
    /// <summary>The value of an option that would remedy the finding.</summary>
    public const string Remedy = "remedy";
}
