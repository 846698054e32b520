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
        var cancellation = TestContext.Current.CancellationToken;
        string log = Path.GetTempFileName();
        var environment = new Dictionary<string, string>
        {
            [Probe] = "1",

            // A part of the flows, with every layer and option.
            [InstructionSetTests.Widest] = "512",
            ["DOTNET_JitStdOutFile"] = log,
            ["DOTNET_JitDisasmSummary"] = "1",

            // Nothing is compiled again in the background, whose lines would run into others.
            ["DOTNET_TC_CallCounting"] = "0",
        };
        string output = await TestProcess.Run(["-method", $"{typeof(OptimizedCodeTests).FullName}.{nameof(Every_flow_runs_in_every_direction)}"], environment, cancellation);
        Assert.Contains("Skipped: 0", output, StringComparison.Ordinal);
        string[] compiled = await File.ReadAllLinesAsync(log, cancellation);
        File.Delete(log);
        Assert.Contains(compiled, static line => line.Contains("FlowGen.Kernels.Dense", StringComparison.Ordinal) && line.Contains("FullOpts", StringComparison.Ordinal));
        Assert.Equal([], compiled.Where(static line => Unoptimised().IsMatch(line)));
    }

    /// <summary>Runs in a process of its own, whose compiler tells what it does.</summary>
    [Fact]
    public void Every_flow_runs_in_every_direction()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Probe) == null, "Only in a process whose compiler is watched.");
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
    }

    [GeneratedRegex(@"^\s*\d+: JIT compiled (?!.*JIT compiled)(FlowGen\.Numerics\.(VectorMath|Polynomial|Vec512|Vec256|Vec128)|FlowGen\.Kernels\.LaneMath`1.*|FlowGen\.Kernels\.ScalarSearch):(?!get_).* \[Tier0, IL size=\d+, code size=\d+\]$")]
    private static partial Regex Unoptimised();
}
