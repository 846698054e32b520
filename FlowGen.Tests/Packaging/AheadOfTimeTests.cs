using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using FlowGen.Scoring;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Packaging;

/// <summary>The scoring sample as a stranger publishes it: compiled ahead of time from the package.</summary>
public sealed partial class AheadOfTimeTests : IDisposable
{
    private const string TestVersion = "0.1.0-test";

    /// <summary>What the page on performance promises.</summary>
    private const long LargestProgram = 6_000_000;

    private readonly string directory = Directory.CreateTempSubdirectory("flowgen-scoring-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task The_scoring_sample_is_published_without_a_warning_and_scores_as_here()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Publishing ahead of time is tried on Linux x64 only.");
        Assert.SkipUnless(new[] { "gcc", "clang" }.Any(IsInstalled), "There is neither gcc nor clang, one of which links programs that are compiled ahead of time.");

        foreach (string source in (string[])["Program.cs", "ScoringMoons.cs"])
        {
            File.Copy(Path.Combine(DotnetCommand.Root, "FlowGen.Scoring", source), Path.Combine(directory, source));
        }

        // The packed file beside the feeds and packages of this machine, which have the compiler; under a version of its own, lest another build be taken for it.
        string feed = Path.Combine(directory, "feed");
        _ = await PackedPackage.Pack(feed, cancellation, TestVersion);
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string nuget = $"""
            <configuration>
              <packageSources><add key="local" value="{feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{packages}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{Path.Combine(directory, "packages")}" /></config>
            </configuration>
            """;
        await File.WriteAllTextAsync(Path.Combine(directory, "nuget.config"), nuget, cancellation);
        await File.WriteAllTextAsync(Path.Combine(directory, "Scoring.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <PublishAot>true</PublishAot>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="FlowGen" Version="{TestVersion}" />
              </ItemGroup>
            </Project>
            """, cancellation);
        var flow = FlowFixture.Scramble(new ScoringMoons(), seed: 6);
        string model = Path.Combine(directory, "moons.safetensors");
        flow.Save(model);

        var (exitCode, output) = await DotnetCommand.Run(directory, ["restore", "-r", "linux-x64"], cancellation);
        Assert.SkipWhen(exitCode != 0 && output.Contains("ilcompiler", StringComparison.OrdinalIgnoreCase), $"The ahead-of-time compiler cannot be restored here: {output}");
        Assert.True(exitCode == 0, output);
        (exitCode, output) = await DotnetCommand.Run(directory, ["publish", "-c", "Release", "-r", "linux-x64", "--no-restore", "-o", "out"], cancellation);
        Assert.True(exitCode == 0, output);
        Assert.DoesNotMatch(Warning(), output);

        string program = Path.Combine(directory, "out", "Scoring");
        Assert.InRange(new FileInfo(program).Length, 1, LargestProgram);
        Assert.Contains(Directory.GetFiles(directory, "*.rsp", SearchOption.AllDirectories).SelectMany(File.ReadLines), static line => line == "--instruction-set:x86-64-v3");

        float[] points = FlowFixture.Normal(2 * 40, seed: 7);
        string[] lines = (await Score(program, model, points, cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        float[] expected = flow.LogProb(points);
        Assert.Equal(expected.Length, lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            // Other vectors, other roundings.
            float actual = float.Parse(lines[i], CultureInfo.InvariantCulture);
            Assert.True(Math.Abs(actual - expected[i]) <= 1e-4 * Math.Max(1, Math.Abs(expected[i])), $"log p of point {i} is {actual}, not {expected[i]}.");
        }
    }

    private static async Task<string> Score(string program, string model, float[] points, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, [model, .. points.Select(static value => value.ToString("R", CultureInfo.InvariantCulture))])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }

    private static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));

    [GeneratedRegex("warning [A-Z]+[0-9]+")]
    private static partial Regex Warning();
}
