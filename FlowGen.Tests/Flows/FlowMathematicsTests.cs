using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>The compiled code of every flow of the zoo on vectors against the mathematics: round trips, log-dets, exact zeros, gradients.</summary>
public sealed class FlowMathematicsTests
{
    public static TheoryData<string> Flows => FlowZoo.OfVectors;

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_flow_agrees_with_its_mathematics(string name) => FlowMathematics.OfScrambled(name);

    [Theory]
    [MemberData(nameof(Flows))]
    public void Every_tensor_has_a_gradient(string name) => FlowMathematics.OfTensors(name);

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_new_flow_agrees_with_its_mathematics(string name) => FlowMathematics.OfNew(name);
}
