using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>The compiled code of every flow of the zoo against the mathematics: round trips, log-dets, exact zeros, gradients.</summary>
public sealed class FlowMathematicsTests
{
    public static TheoryData<string> Flows => FlowZoo.All;

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_flow_agrees_with_its_mathematics(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: name.Length);
        var options = new VerifierOptions { Samples = 8, Effort = 400_000_000 };
        var report = FlowVerifier.Verify(flow.Engine, FlowZoo.Case(name).Samples(67, seed: 3), options);
        Assert.True(report.Passed, report.ToString());
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void Every_tensor_has_a_gradient(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 2 + name.Length);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        _ = flow.LossGradient(FlowZoo.Case(name).Samples(64, seed: 4), gradient);
        foreach (var tensor in flow.Parameters.Where(static tensor => tensor.IsTrainable))
        {
            Assert.True(
                gradient.AsSpan(tensor.Description.Offset, tensor.Description.Count).ContainsAnyExcept(0f), $"No gradient reaches {tensor.Name}.");
        }
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_new_flow_agrees_with_its_mathematics(string name)
    {
        var flow = FlowZoo.Create(name, seed: 5);
        float[] x = FlowZoo.Case(name).Samples(50, seed: 6);
        flow.Initialize(x);
        var report = FlowVerifier.Verify(flow.Engine, x, new VerifierOptions { Samples = 3, Effort = 50_000_000 });
        Assert.True(report.Passed, report.ToString());
    }
}
