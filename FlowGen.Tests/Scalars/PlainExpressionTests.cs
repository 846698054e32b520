using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Tests.Generator;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowGen.Tests.Scalars;

public sealed class PlainExpressionTests
{
    [Fact]
    public void What_is_read_off_syntax_is_what_binding_says()
    {
        string[] bodies =
        [
            .. ScalarTable.All.Select(static entry => entry.Body),
            "x", "-x", "-(-2f) * x", "- -x", "(1f + 2f) * x", "1f / 3f * x", "x / 3f", "System.MathF.Tanh(x) + x", "System.MathF.Log(x, 2f)", "MathF.Exp(1f) * x", "2 * x", "0.5 > 0.25 ? x : -x", "1e-60f + x", "x * 1e30f",
            "MathF.Tanh(x: x)", "Math.Abs(x)", "global::System.MathF.Tanh(x)", "MathF.Max(x, 2f)", "(float)x", "x + 1u", "x - -1f", "MathF.Sin(-0.5f) + x", string.Join(" + ", Enumerable.Repeat("x", 120)),
        ];
        int plain = 0;
        foreach (var (body, read, bound) in Read("using System;", "", bodies))
        {
            plain += read is null ? 0 : 1;
            Assert.True(read is null || read.Equals(bound), body);
        }

        Assert.True(plain > bodies.Length / 2, $"{plain} of {bodies.Length}");
    }

    [Theory]
    [InlineData("", "", "System.MathF.Tanh(x)", true)]
    [InlineData("using System;", "", "MathF.Tanh(x)", true)]
    [InlineData("using static System.MathF;", "", "Tanh(x)", false)]
    [InlineData("using M = System.MathF;", "", "M.Tanh(x)", false)]
    [InlineData("using MathF = Own;", "", "MathF.Tanh(x)", false)]
    [InlineData("using System;", "static class MathF { internal static float Tanh(float x) => x * x; }", "MathF.Tanh(x)", false)]
    [InlineData("", "static class System { internal static class MathF { internal static float Tanh(float x) => x * x; } }", "System.MathF.Tanh(x)", false)]
    [InlineData("using System;", "static Own MathF = new();", "MathF.Tanh(x)", false)]
    [InlineData("", "static Own System = new();", "System.MathF.Tanh(x)", false)]
    [InlineData("using System; namespace System { static class MathF { internal static float Tanh(float x) => x * x; } }", "", "MathF.Tanh(x)", false)]
    [InlineData("namespace System { static class MathF { internal static float Tanh(float x) => x * x; } }", "", "System.MathF.Tanh(x)", false)]
    [InlineData("using System;", "", "(MathF).Tanh(x)", false)]
    public void Only_what_means_the_framework_is_read(string before, string members, string body, bool isRead)
    {
        var (_, read, _) = Assert.Single(Read(before, members, [body]));
        Assert.Equal(isRead, read is not null);
    }

    [Fact]
    public void A_parameter_hides_the_framework()
    {
        var compilation = GeneratorHarness.Compile("using System; class A { static float F(float MathF) => MathF.Tanh(MathF); }");
        var method = compilation.GetTypeByMetadataName("A")!.GetMembers("F").OfType<IMethodSymbol>().Single();
        Assert.Null(PlainExpression.Read(compilation, method, TestContext.Current.CancellationToken));
    }

    private static List<(string Body, ScalarTree? Read, ScalarTree? Bound)> Read(string before, string members, IReadOnlyList<string> bodies)
    {
        var compilation = GeneratorHarness.Compile($"{before}\nclass Own {{ public float Tanh(float x) => x; public Own MathF => this; }}\nclass Plain {{ {members}\n{string.Concat(bodies.Select(static (body, i) => $"static float F{i}(float x) => {body};\n"))}}}");
        var type = compilation.GetTypeByMetadataName("Plain")!;
        return [.. bodies.Select((body, i) =>
        {
            var method = type.GetMembers($"F{i}").OfType<IMethodSymbol>().Single();
            return (body, PlainExpression.Read(compilation, method, TestContext.Current.CancellationToken), ScalarParser.Bind(compilation, method, TestContext.Current.CancellationToken));
        })];
    }
}
