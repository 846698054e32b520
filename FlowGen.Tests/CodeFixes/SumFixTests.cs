using FlowGen.CodeFixes;
using FlowGen.Generator.Diagnostics;
using Xunit;

namespace FlowGen.Tests.CodeFixes;

public sealed class SumFixTests
{
    private const string Steps = "[FlowStep, MintLayer(Triangle.Lower)] class S; [FlowStep, Rescale] class T;\n";

    [Theory]
    [InlineData("-0.7, 0.3", "0.7, 0.3")]
    [InlineData("1.50, -2.5, Times = 2", "1.50, 2.5, Times = 2")]
    [InlineData("-1, -1e-3", "1, 0.001")]
    public Task Weights_lose_their_signs(string before, string after) => FixHarness.Verify<PositiveWeightsCodeFix>(
        DiagnosticIds.WeightOfSum,
        Steps + $"[Flow(3)]\n[Sum<S, T>({before})] // mine\n[MintLayer(Triangle.Upper)]\npartial class A;",
        Steps + $"[Flow(3)]\n[Sum<S, T>({after})] // mine\n[MintLayer(Triangle.Upper)]\npartial class A;");

    [Fact]
    public Task Weights_lose_their_signs_together() => FixHarness.Verify<PositiveWeightsCodeFix>(
        DiagnosticIds.WeightOfSum,
        Steps + "[Flow(3), Sum<S, T>(-1, 2), Sum<T, S>(1, -2), MintLayer(Triangle.Upper)] partial class A;",
        Steps + "[Flow(3), Sum<S, T>(1, 2), Sum<T, S>(1, 2), MintLayer(Triangle.Upper)] partial class A;",
        all: true);
}
