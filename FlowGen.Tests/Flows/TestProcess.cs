using System.Diagnostics;
using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>These tests once more, in a process with an environment of its own.</summary>
internal static class TestProcess
{
    /// <summary>The variable that says which vectors a process may use at most, in bits, where it is one that may not use all.</summary>
    public const string Widest = "FLOWGEN_TESTS_WIDEST_VECTOR";

    /// <summary>Whether this process is one of those, which leave out what they could only emulate, and what has been looked at in this one's parent.</summary>
    public static bool IsNarrow { get; } = Environment.GetEnvironmentVariable(Widest) is not null;

    /// <summary>The lanes of the vectors that kernels are tested with: all, or those that a narrow process has.</summary>
    public static int[] Lanes { get; } = [.. new[] { 16, 8, 4, 1 }.Where(static lanes => !IsNarrow || lanes <= TileGeometry.Width)];

    /// <summary>Runs some of the tests to their end, and fails unless they pass.</summary>
    /// <param name="arguments">Which: <c>-class</c> or <c>-method</c> and a name, as often as wanted.</param>
    /// <param name="environment">What its environment has beside what this one has.</param>
    /// <returns>All that was printed.</returns>
    public static async Task<string> Run(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(TestProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[CompiledImages.Variable] = CompiledImages.Directory;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, $"{string.Join(", ", environment)}:\n{output}\n{await errors}");
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0", output, StringComparison.Ordinal);
        return output;
    }
}
