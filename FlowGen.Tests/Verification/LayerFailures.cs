using Xunit;

namespace FlowGen.Tests.Verification;

/// <summary>What a report says of a flow of which one layer was made wrong.</summary>
internal static class LayerFailures
{
    /// <summary>Each of the checks fails in that layer, and in no other.</summary>
    public static void AssertOnly(VerificationReport report, int layer, params VerificationCheck[] checks)
    {
        foreach (var check in checks)
        {
            Assert.Contains(report.Failures, row => row.Layer == layer && row.Check == check);
            Assert.DoesNotContain(report.Failures, row => row.Layer is { } other && other != layer && row.Check == check);
        }
    }
}
