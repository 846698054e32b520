using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>A flow of the zoo held against its mathematics.</summary>
internal static class FlowMathematics
{
    /// <summary>With weights far from the identity.</summary>
    public static void OfScrambled(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: name.Length);
        var report = FlowVerifier.Verify(flow.Engine, FlowZoo.Case(name).Samples(67, seed: 3), new VerifierOptions { Samples = 8, Effort = EffortFor(name) });
        Assert.True(report.Passed, report.ToString());
    }

    /// <summary>With the weights that it starts with.</summary>
    public static void OfNew(string name)
    {
        var flow = FlowZoo.Create(name, seed: 5);
        float[] x = FlowZoo.Case(name).Samples(50, seed: 6);
        flow.Initialize(x);
        var report = FlowVerifier.Verify(flow.Engine, x, new VerifierOptions { Samples = 3, Effort = 50_000_000 });
        Assert.True(report.Passed, report.ToString());
    }

    /// <summary>No tensor is left out of the gradient.</summary>
    public static void OfTensors(string name)
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

    /// <summary>Images take most of it. Processes with narrower vectors run after this one: what they add is the kernels, not the mathematics.</summary>
    private static long EffortFor(string name) => TestProcess.IsNarrow ? 100_000_000 : FlowZoo.IsImage(FlowZoo.Case(name)) ? 300_000_000 : 500_000_000;
}
