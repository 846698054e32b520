using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

public sealed class NflowsRealNvpD2Tests : NflowsCouplingTests<NflowsRealNvpD2>
{
    public override string CaseName => "nflows_realnvp_d2";

    [Fact]
    public void Five_steps_with_Adam_give_the_losses_of_the_peer() => AssertAdam(static _ => false);
}

public sealed class NflowsRealNvpD7Tests : NflowsCouplingTests<NflowsRealNvpD7>
{
    public override string CaseName => "nflows_realnvp_d7_tanh";
}
