using Spectre.Console;
using Xunit;

namespace FlowGen.Tests.Samples;

public sealed class CommandLineTests : IDisposable
{
    // What commands print is for people, not for the log of a test run.
    static CommandLineTests() => AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });

    private readonly string directory = Directory.CreateTempSubdirectory("flowgen-").FullName;

    [Theory]
    [InlineData("nonsense")]
    [InlineData("train", "--epochs", "0")]
    [InlineData("train", "--learning-rate", "-1")]
    [InlineData("train", "--activation", "Loud")]
    [InlineData("train")]
    [InlineData("train", "moons")]
    [InlineData("train", "rings", "--csv", "x.csv")]
    [InlineData("train", "--csv", "no-such-file.csv")]
    [InlineData("train", "rings", "--flow", "no-such-file.cs")]
    [InlineData("train", "rings", "--hidden", "8,x")]
    [InlineData("train", "rings", "--out", "/proc/no-such-place")]
    [InlineData("score", "rings", "--model", "no-such-file.safetensors")]
    [InlineData("sample")]
    [InlineData("sample", "no-such-model")]
    [InlineData("verify", "rings", "--model", "no-such-file.safetensors")]
    [InlineData("nice-mnist")]
    [InlineData("nice-mnist", "--data", "no-such-directory")]
    [InlineData("glow-mnist")]
    [InlineData("realnvp-mnist", "--data", "no-such-directory")]
    [InlineData("realnvp-mnist", "--data", ".", "--minutes", "0")]
    [InlineData("outliers", "--data", "no-such-directory", "--digit", "3")]
    [InlineData("outliers", "--data", ".", "--digit", "x")]
    public async Task Mistakes_AreOneLineAndExitCodeOne(params string[] args)
    {
        var errors = new StringWriter();
        Assert.Equal(1, await FlowGen.Samples.Program.Run(args, errors));
        string message = errors.ToString().TrimEnd();
        Assert.StartsWith("error: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public async Task CsvFile_IsTrainedOnScoredSampledAndVerified()
    {
        string csv = Path.Combine(directory, "wine.csv");
        var random = new System.Random(1);
        await File.WriteAllLinesAsync(
            csv,
            Enumerable.Range(0, 400).Select(i => FormattableString.Invariant($"{random.NextDouble()},{random.NextDouble() + (i == 7 ? 30 : 0)},{random.NextDouble()}")).Prepend("a,b,c"),
            TestContext.Current.CancellationToken);
        Assert.Equal("", await Run("train", "--csv", csv, "--epochs", "3", "--hidden", "8", "--couplings", "2", "--out", directory));
        string model = Path.Combine(directory, "wine.safetensors");
        string scores = Path.Combine(directory, "scores.csv");
        Assert.Equal("", await Run("score", "--csv", csv, "--model", model, "--to", scores));
        string[] lines = await File.ReadAllLinesAsync(scores, TestContext.Current.CancellationToken);
        Assert.Equal("row,log_density,anomaly_rank", lines[0]);
        Assert.Equal(401, lines.Length);
        Assert.StartsWith("8,", lines[8], StringComparison.Ordinal);
        Assert.EndsWith(",1", lines[8], StringComparison.Ordinal);

        string samples = Path.Combine(directory, "samples.csv");
        Assert.Equal("", await Run("sample", "--model", model, "--count", "5", "--to", samples));
        Assert.Equal(6, (await File.ReadAllLinesAsync(samples, TestContext.Current.CancellationToken)).Length);
        Assert.Equal("", await Run("verify", "--csv", csv, "--model", model));

        Assert.Contains("has 2 columns (a, c), but the flow takes 3", await Run("score", "--csv", csv, "--columns", "a,c", "--model", model), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static async Task<string> Run(params string[] args)
    {
        var errors = new StringWriter();
        int code = await FlowGen.Samples.Program.Run(args, errors);
        Assert.Equal(errors.ToString().Length == 0 ? 0 : 1, code);
        return errors.ToString();
    }
}
