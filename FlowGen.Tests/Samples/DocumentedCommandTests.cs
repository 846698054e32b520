using System.Text.RegularExpressions;
using Xunit;

namespace FlowGen.Tests.Samples;

/// <summary>What the documentation tells to run can be run: projects, commands, options, filters and variables are those that there are.</summary>
public sealed partial class DocumentedCommandTests
{
    private static readonly string Root = Packaging.DotnetCommand.Root;

    public static TheoryData<string> Pages => DocumentationTests.Pages;

    [Theory, MemberData(nameof(Pages))]
    public void Projects_are_there(string page) =>
        Assert.All(Project().Matches(Read(page)), match => Assert.True(Path.Exists(Path.Combine(Root, match.Groups["name"].Value)), match.Value));

    [Theory, MemberData(nameof(Pages))]
    public void Commands_of_the_samples_are_understood(string page)
    {
        foreach (Match match in Sample().Matches(Read(page)))
        {
            string[] arguments = match.Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(FlowGen.Samples.Program.Commands().Parse(arguments) is { Errors: [] }, $"{page}: {match.Value}");
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public void Tables_of_the_benchmarks_are_those_that_it_prints(string page)
    {
        string program = File.ReadAllText(Path.Combine(Root, "FlowGen.Benchmarks", "Program.cs"));
        foreach (Match match in Benchmark().Matches(Read(page)))
        {
            // Behind the mark are others of the same kind, up to a colon.
            string[] tables = [match.Groups["table"].Value, .. match.Groups["others"].Value.Split(':')[0].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            Assert.All(tables, table => Assert.Contains($"case [\"{table}\"", program, StringComparison.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public void Filters_select_tests(string page)
    {
        string[] names = [.. typeof(DocumentedCommandTests).Assembly.GetTypes().Where(static type => type.IsPublic).Select(static type => type.FullName!)];
        Assert.All(Filter().Matches(Read(page)), match => Assert.Contains(names, name => name.Contains(match.Groups["part"].Value, StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Pages))]
    public void Variables_are_read_by_tests(string page)
    {
        var variables = Variable().Matches(Read(page)).Select(static match => match.Value).Distinct().ToList();
        var sources = variables.Count == 0 ? [] : Directory.GetFiles(Path.Combine(Root, "FlowGen.Tests"), "*Tests*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        Assert.All(variables, variable => Assert.Contains(sources, source => source.Contains($"\"{variable}\"", StringComparison.Ordinal)));
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Root, page)).Replace("\r\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"(--project|dotnet publish|dotnet test|dotnet build -c Release) (?<name>FlowGen[\w.]*)")]
    private static partial Regex Project();

    [GeneratedRegex(@"FlowGen\.Samples -- (?<arguments>[^#`\n]+)")]
    private static partial Regex Sample();

    [GeneratedRegex(@"FlowGen\.Benchmarks(\.dll| -p:Peer=true --| --) (?<table>[a-z][\w-]*)[^#`\n]*(# (?<others>[^\n]*))?")]
    private static partial Regex Benchmark();

    [GeneratedRegex(@"FullyQualifiedName~(?<part>\w+)")]
    private static partial Regex Filter();

    [GeneratedRegex(@"FLOWGEN_\w+")]
    private static partial Regex Variable();
}
