namespace FlowGen;

/// <summary>A flow does not do what its declaration says.</summary>
/// <param name="report">What was checked.</param>
public sealed class VerificationException(VerificationReport report) : Exception(Describe(report))
{
    /// <summary>What was checked.</summary>
    public VerificationReport Report { get; } = report;

    private static string Describe(VerificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.ToText(onlyFailures: true);
    }
}
