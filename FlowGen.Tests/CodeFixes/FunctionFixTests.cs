using FlowGen.CodeFixes;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowGen.Tests.CodeFixes;

public sealed class FunctionFixTests
{
    [Fact]
    public Task A_missing_function_is_added_to_a_class_without_a_body() => FixHarness.Verify<AddFunctionCodeFix>(
        DiagnosticIds.FunctionNotFound,
        """
        [Flow(2), ActNorm, Elementwise("Bend")]
        partial class A; // Mine.

        """,
        """
        [Flow(2), ActNorm, Elementwise("Bend")]
        partial class A
        {
            private static float Bend(float x) => x + (0.5f * System.MathF.Tanh(x));
        } // Mine.

        """);

    [Fact]
    public Task A_missing_function_is_added_behind_other_members() => FixHarness.Verify<AddFunctionCodeFix>(
        DiagnosticIds.FunctionNotFound,
        """
        namespace N
        {
            partial class Outer
            {
                [Flow(2), ActNorm, Elementwise("Bend")]
                partial class A
                {
                    public int Answer => 42;
                }
            }
        }
        """,
        """
        namespace N
        {
            partial class Outer
            {
                [Flow(2), ActNorm, Elementwise("Bend")]
                partial class A
                {
                    public int Answer => 42;

                    private static float Bend(float x) => x + (0.5f * System.MathF.Tanh(x));
                }
            }
        }
        """);

    [Fact]
    public Task Several_are_added_together() => FixHarness.Verify<AddFunctionCodeFix>(
        DiagnosticIds.FunctionNotFound,
        """
        [Flow(2), ActNorm, Elementwise("Bend"), Elementwise("Bow")]
        partial class A
        {
        }
        """,
        """
        [Flow(2), ActNorm, Elementwise("Bend"), Elementwise("Bow")]
        partial class A
        {
            private static float Bend(float x) => x + (0.5f * System.MathF.Tanh(x));

            private static float Bow(float x) => x + (0.5f * System.MathF.Tanh(x));
        }
        """,
        all: true);

    [Fact]
    public Task Nothing_is_added_for_what_is_no_name() =>
        FixHarness.VerifyNoOffer<AddFunctionCodeFix>(DiagnosticIds.FunctionNotFound, "[Flow(2), ActNorm, Elementwise(\"no name\")] partial class A;");

    [Fact]
    public async Task A_name_that_the_compiler_does_not_know_is_declared()
    {
        var solution = FixHarness.Open("[Flow(2), ActNorm, Elementwise(nameof(Bend))]\npartial class A;\n");
        var compilation = (await solution.Projects.Single().GetCompilationAsync(TestContext.Current.CancellationToken))!;
        var unknown = compilation.GetDiagnostics(TestContext.Current.CancellationToken).Single(static diagnostic => diagnostic.Id == "CS0103");
        var offer = Assert.Single(await FixHarness.Offers(new AddFunctionCodeFix(), solution, unknown));
        var repaired = await FixHarness.Apply(offer);
        Assert.EndsWith(
            "[Flow(2), ActNorm, Elementwise(nameof(Bend))]\npartial class A\n{\n    private static float Bend(float x) => x + (0.5f * System.MathF.Tanh(x));\n}\n",
            Assert.Single(await FixHarness.Texts(repaired)), StringComparison.Ordinal);
        Assert.Empty(await FixHarness.Diagnose(repaired));
    }

    [Fact]
    public async Task Other_unknown_names_are_left_alone()
    {
        var solution = FixHarness.Open("[Flow(2), ActNorm(Times = Missing)]\npartial class A\n{\n    int field = Missing;\n}\n");
        var compilation = (await solution.Projects.Single().GetCompilationAsync(TestContext.Current.CancellationToken))!;
        foreach (var unknown in compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(static diagnostic => diagnostic.Id == "CS0103"))
        {
            Assert.Empty(await FixHarness.Offers(new AddFunctionCodeFix(), solution, unknown));
        }
    }
}
