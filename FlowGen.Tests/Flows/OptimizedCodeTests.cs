using System.Text.RegularExpressions;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>
/// What the JIT does not inline into a kernel, because there is too much of it already, it compiles without optimising it, every operation on vectors a call: hundreds of times slower, and for as
/// long as nothing calls it often enough. It says what it compiles, and how.
/// </summary>
public sealed partial class OptimizedCodeTests
{
    private const string Probe = "FLOWGEN_TESTS_PROBE";

    [Fact]
    public async Task No_operation_on_vectors_is_left_unoptimised_in_any_layer()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Probe) != null, "This is the process that is looked at.");
        var environment = new Dictionary<string, string>
        {
            [Probe] = "1",

            // A part of the flows, with every layer and option.
            [InstructionSetTests.Widest] = "512",
        };
        string[] arguments = ["-method", $"{typeof(OptimizedCodeTests).FullName}.{nameof(Every_flow_runs_in_every_direction)}"];
        string output = await TestProcess.Run(arguments, environment, TestContext.Current.CancellationToken);
        Assert.Contains("Skipped: 0", output, StringComparison.Ordinal);
    }

    /// <summary>Runs in a process of its own, in which nothing is compiled yet.</summary>
    [Fact]
    public void Every_flow_runs_in_every_direction()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Probe) == null, "Only in a process that has compiled nothing yet.");
        using var compiler = new CompiledMethods();
        foreach (string name in FlowZoo.Names)
        {
            var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 3);
            foreach (int count in (int[])[1, 5])
            {
                float[] x = FlowZoo.Case(name).Samples(count, seed: 4);
                float[] z = flow.Forward(x);
                _ = flow.Engine.Inverse(z, new float[x.Length], new float[count], new InverseOptions());
                _ = flow.LogProb(x);
                _ = flow.LossGradient(x, new float[flow.Parameters.TrainableCount]);
            }
        }

        var compiled = compiler.All(TestContext.Current.CancellationToken);
        Assert.Contains(compiled, static method => method is { Tier: CompiledMethods.Optimized } && method.Name.StartsWith("FlowGen.Kernels.Dense", StringComparison.Ordinal));
        Assert.Equal([], compiled.Where(static method => method.Tier is CompiledMethods.Minimal or CompiledMethods.Quick && Vectors().IsMatch(method.Name)));
    }

    [GeneratedRegex(@"^(FlowGen\.Numerics\.(VectorMath|Polynomial|Vec512|Vec256|Vec128)|FlowGen\.Kernels\.LaneMath`1.*|FlowGen\.Kernels\.ScalarSearch):(?!get_)")]
    private static partial Regex Vectors();
}
