using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>The same for images: a class of its own, since classes run side by side.</summary>
public sealed class ImageMathematicsTests
{
    public static TheoryData<string> Flows => FlowZoo.OfImages;

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
