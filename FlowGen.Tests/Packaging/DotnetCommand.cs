using System.Diagnostics;
using System.Reflection;

namespace FlowGen.Tests.Packaging;

/// <summary>Runs the command line of the SDK that runs these tests.</summary>
internal static class DotnetCommand
{
    /// <summary>Release or Debug: what these tests were built in, and the projects beside them too.</summary>
    public static string Configuration { get; } = typeof(DotnetCommand).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    // Not that of the program: these tests may be loaded from another one.
    private static readonly string Beside = Path.GetDirectoryName(typeof(DotnetCommand).Assembly.Location)!;

    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The program that runs assemblies.</summary>
    public static string Host { get; } = FindHost();

    /// <summary>Runs a command to its end.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="arguments">What follows <c>dotnet</c>.</param>
    /// <returns>The exit code, and all that was printed.</returns>
    public static async Task<(int ExitCode, string Output)> Run(string directory, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Host, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };

        // What the build that runs these tests has set for itself is not for another one.
        foreach (string name in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string FindHost()
    {
        string file = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"),
            Path.GetFileName(Environment.ProcessPath) == file ? Environment.ProcessPath : null,
            Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root ? Path.Combine(root, file) : null,
        ];
        return candidates.FirstOrDefault(File.Exists) ?? file;
    }

    private static string FindRoot()
    {
        string? directory = Beside;
        while (directory is not null && !File.Exists(Path.Combine(directory, "FlowGen.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException($"No FlowGen.sln above {Beside}.");
    }
}
