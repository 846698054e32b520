using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Tests.Generator;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowGen.Tests.Scalars;

/// <summary>Reads functions from source, as the generator does.</summary>
internal static class ScalarSource
{
    /// <summary>Functions of x from their expressions.</summary>
    public static IReadOnlyList<ScalarFunction> Read(IReadOnlyList<string> bodies) =>
        ReadMembers(string.Join("\n", bodies.Select(static (body, i) => $"static float F{i}(float x) => {body};")), [.. bodies.Select(static (_, i) => $"F{i}")]);

    /// <summary>Methods among the members of a class.</summary>
    public static IReadOnlyList<ScalarFunction> ReadMembers(string members, params string[] names)
    {
        var compilation = GeneratorHarness.Compile($"using System;\npartial class Functions\n{{\n{members}\n}}\n");
        var type = compilation.GetTypeByMetadataName("Functions")!;
        return [.. names.Select(name => ScalarParser.Parse(type, name, TestContext.Current.CancellationToken))];
    }

    /// <summary>A function of x from its expression.</summary>
    public static ScalarTree Tree(string body)
    {
        var function = Read([body])[0];
        Assert.True(function.Body is not null, $"{body}: {function.Problem} {string.Join(" ", function.Arguments)}");
        return function.Body;
    }
}
