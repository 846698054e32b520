using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Samples;

/// <summary>What the documentation shows in Python is compiled, and run where it needs no library.</summary>
public sealed class DocumentedPythonTests
{
    private const string Compile = "import sys; compile(sys.stdin.buffer.read(), 'block', 'exec')";

    public static TheoryData<string> Pages => [.. DocumentationTests.Pages.Select(static page => page.Data).Where(static page => Blocks(page).Any())];

    [Theory, MemberData(nameof(Pages))]
    public async Task Blocks_are_compiled_without_warnings(string page)
    {
        foreach (var (line, text) in Blocks(page))
        {
            var (exitCode, output) = await Run(".", Compile, text);
            Assert.True(exitCode == 0, $"{page}, code block at line {line}:\n{output}");
        }
    }

    [Theory]
    [InlineData("x = (1", "SyntaxError")]
    [InlineData("return 1", "SyntaxError")]
    [InlineData("if x is 1: pass", "SyntaxWarning", "SyntaxError")]
    public async Task Mistakes_are_found(string text, params string[] errors)
    {
        var (exitCode, output) = await Run(".", Compile, text);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(errors, error => output.Contains(error, StringComparison.Ordinal));
    }

    /// <summary>The program on the page reads a file that a flow was saved to, and prints the numbers that the flow has.</summary>
    [Fact]
    public async Task The_format_of_the_files_is_what_the_program_takes_it_for()
    {
        var (_, text) = Assert.Single(DocumentationTests.Blocks("docs/files.md", "python program"));
        var random = new System.Random(3);
        var flow = new TwoMoons(seed: 1);
        flow.Parameters.Update(parameters =>
        {
            foreach (ref float parameter in parameters)
            {
                parameter = random.NextSingle() - 0.5f;
            }
        });
        string directory = Directory.CreateTempSubdirectory("flowgen").FullName;
        try
        {
            flow.Save(Path.Combine(directory, "moons.safetensors"));
            var (exitCode, output) = await Run(directory, text, "");
            Assert.True(exitCode == 0, output);
            float[] numbers = [.. output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(static number => (float)double.Parse(number, CultureInfo.InvariantCulture))];
            Assert.Equal(flow.Parameters["layers.0.bias"].Values.ToArray(), numbers);
            Assert.All(numbers, static number => Assert.NotEqual(0, number));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static IEnumerable<(int Line, string Text)> Blocks(string page) =>
        DocumentationTests.Blocks(page, "python").Concat(DocumentationTests.Blocks(page, "python program"));

    /// <summary>Runs Python, with warnings as errors.</summary>
    private static async Task<(int ExitCode, string Output)> Run(string directory, string program, string input)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("python3", ["-W", "error", "-c", program])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("python3 does not start: what the documentation shows in Python was not tested.");
            throw;
        }

        using (process)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, output + await errors);
        }
    }
}
