using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Verification;

public sealed class FlowVerifierTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_right_flow_passes_every_check(int seed)
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow((ulong)seed), seed);
        var report = FlowVerifier.Verify(flow, FlowFixture.Normal(3 * 37, seed));
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        Assert.True(report.Passed, report.ToString());
        report.ThrowIfFailed();
    }
}
