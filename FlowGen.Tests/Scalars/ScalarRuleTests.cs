using FlowGen.Tests.Generator;
using Xunit;

namespace FlowGen.Tests.Scalars;

public sealed class ScalarRuleTests
{
    [Fact]
    public Task A_missing_method_is_reported() => Markup.Verify(
        """
        [Flow(2), ActNorm, {|FLOW2080:Elementwise("Bend")|}]
        partial class A;
        """,
        "'A' has no method 'Bend'");

    [Fact]
    public Task Null_names_no_method() => Markup.Verify("[Flow(2), ActNorm, {|FLOW2080:Elementwise((string)null!)|}] partial class A;", "'A' has no method ''");

    [Fact]
    public Task The_part_of_a_method_with_its_body_is_read() => Markup.Verify(
        """
        [Flow(2), ActNorm, Elementwise(nameof(Bend))]
        partial class A
        {
            private static partial float Bend(float x);
            private static partial float Bend(float x) => x + 0.5f * System.MathF.Tanh(x);
        }
        """);

    [Fact]
    public Task A_class_with_the_name_of_one_of_the_framework_is_the_users() => Markup.Verify(
        """
        [Flow(2), ActNorm, {|FLOW2083:Elementwise(nameof(Bend))|}]
        partial class A { static float Bend(float x) => System.MathF.Tanh(x); }
        namespace System { static class MathF { internal static float Tanh(float x) => x * x; } }
        """);

    /// <summary>Numbers that come out of the calculus may be beyond single precision: what is printed compiles.</summary>
    [Theory]
    [InlineData("1e30f * (1e30f * x)")]
    [InlineData("-1e30f * (1e30f * x + MathF.Tanh(x))")]
    [InlineData("1e-30f * (1e-30f * x) + 1e-40f * x")]
    public Task Numbers_beyond_single_precision_compile(string body) => Markup.Verify(
        $$"""
        using System;
        [Flow(2), ActNorm, Elementwise(nameof(Bend)), AffineCoupling(4, Times = 3)]
        partial class A { static float Bend(float x) => {{body}}; }
        """);

    [Theory]
    [InlineData("float Bend(float x) => x;", "it is not static")]
    [InlineData("static double Bend(float x) => x;", "it returns double")]
    [InlineData("static float Bend(double x) => 1f;", "it does not take one float")]
    [InlineData("static float Bend(float x, float y) => x;", "it does not take one float")]
    [InlineData("static float Bend(ref float x) => x;", "it does not take one float")]
    [InlineData("static float Bend<T>(float x) => x;", "it is generic")]
    public Task A_method_of_another_form_is_reported(string method, string reason) => Markup.Verify(
        $$"""
        [Flow(2), ActNorm, {|FLOW2081:Elementwise(nameof(Bend))|}]
        partial class A
        {
            {{method}}
        }
        """,
        reason);

    [Theory]
    [InlineData("static float k = 1f; static float Bend(float x) => k * x;", "'k': it is not a constant")]
    [InlineData("static readonly float K = 1f; static float Bend(float x) => K * x;", "'K': it is not a constant")]
    [InlineData("static float Bend(float x) => MathF.Floor(x);", "Floor is constant between its jumps")]
    [InlineData("static float Bend(float x) { float y = 0; for (int i = 0; i < 3; i++) { y += x; } return y; }", "loops are not followed")]
    [InlineData("static float Bend(float x) => x % 2f;", "of the operators, + - * / are read")]
    [InlineData("static float Bend(float x) => (int)x;", "only float and double are read")]
    [InlineData("static float Bend(float x) => Bend(x);", "methods that call themselves")]
    [InlineData("static float Bend(float x) { int n = 3; n /= 2; return n * x; }", "it is of type int")]
    [InlineData("static float Bend(float x) => (float)(x * 1e39);", "single precision, in which a flow computes, has no such number")]
    [InlineData("static float Bend(float x) => (float)(x + 1e-60 * Math.Sinh(x));", "single precision, in which a flow computes, has no such number")]
    [InlineData("static float Bend(float x) { byte n = 200; n += 100; return n * x; }", "it is of type byte")]
    [InlineData("static float Bend(float x) { ref float y = ref x; y = 2f * y; return x; }", "a name for another variable is not followed")]
    [InlineData("static float Bend(float x) => Array.IndexOf(new float[] { x }, x);", "only float and double are read")]
    [InlineData("static float Bend(float x) => MathF.Sin(x) > 0.5f ? x : 2f * x;", "linear or quadratic")]
    [InlineData("static float Bend(float x) { float a = x + x * x; a = a * a * a * a; a = a * a * a * a; a = a * a * a * a; a = a * a * a * a; a = a * a * a * a; return a; }", "more than 500 operations")]
    public Task What_is_not_read_is_reported(string members, string reason) => Markup.Verify(
        $$"""
        using System;
        [Flow(2), ActNorm, {|FLOW2082:Elementwise(nameof(Bend))|}]
        partial class A
        {
            {{members}}
        }
        """,
        reason);

    [Fact]
    public void Functions_without_end_are_refused_and_end_nothing()
    {
        string sum = string.Join(" + ", Enumerable.Repeat("x", 3000));
        string both = string.Join(" && ", Enumerable.Repeat("x > 0f", 3000));
        string ifs = string.Concat(Enumerable.Repeat("if (x > 0f) { x += 1f; } ", 3000));
        var functions = ScalarSource.ReadMembers(
            $"static float A(float x) => {sum}; static float B(float x) => {both} ? x : x; static float C(float x) {{ {ifs} return x; }}", "A", "B", "C");
        Assert.All(functions, static function => Assert.Null(function.Body));
        Assert.All(functions, static function => Assert.Equal("FLOW2082", function.Problem));
    }

    [Theory]
    [InlineData("FLOW2083", "x * MathF.Exp(-x * x)", "positive at x = 0 and negative from x = 0.71875 to 0.78125")]
    [InlineData("FLOW2083", "x * x", "negative from x = -")]
    [InlineData("FLOW2084", "x * x * x", "zero at x = 0:")]
    [InlineData("FLOW2084", "x - MathF.Tanh(x)", "zero at x = 0:")]
    [InlineData("FLOW2085", "x + MathF.Sin(x)", "between x = 3.14159")]
    [InlineData("FLOW2086", "x > 1f ? 2f * x - 1f : x", "at x = 1: the slope is 1 on the left and 2 on the right")]
    [InlineData("FLOW2087", "x > 0f ? x + 1f : x", "at x = 0: the values there differ by 1")]
    [InlineData("FLOW2088", "x + 1f / (x * x)", "at x = 0 a divisor is zero")]
    [InlineData("FLOW2088", "MathF.Log(x)", "the argument of a logarithm or a power is negative")]
    [InlineData("FLOW2089", "MathF.Cbrt(x)", "the argument of a cube root changes sign there")]
    [InlineData("FLOW2024", "MathF.Log(1f + MathF.Exp(x))", "maps into (0, infinity)")]
    public Task What_is_no_diffeomorphism_is_reported(string id, string body, string message) => Markup.Verify(
        $$"""
        using System;
        [Flow(2), ActNorm, {|{{id}}:Elementwise(nameof(Bend))|}]
        partial class A
        {
            static float Bend(float x) => {{body}};
        }
        """,
        message);

    [Theory]
    [InlineData("x + 0.99f * MathF.Sin(x)")]
    [InlineData("x * x * x + 0.001f * x")]
    [InlineData("x > 0f ? MathF.Exp(x) - 1f : x")]
    [InlineData("-x - MathF.Sinh(x)")]
    [InlineData("x + 1f / (1f + x * x)")]
    public Task A_diffeomorphism_is_not_reported(string body) => Markup.Verify(
        $$"""
        using System;
        [Flow(2), ActNorm, Elementwise(nameof(Bend))]
        partial class A
        {
            static float Bend(float x) => {{body}};
        }
        """);

    [Fact]
    public Task The_range_is_that_of_the_last_layer_that_bounds_it() => Markup.Verify("""
        using System;
        [Flow(2), ActNorm, Elementwise(nameof(Squash)), {|FLOW2024:Logit(0.01)|}]
        partial class A
        {
            static float Squash(float x) => 1f / (1f + MathF.Exp(-x));
        }
        """);

    [Fact]
    public Task A_step_has_functions_of_its_own() => Markup.Verify(
        """
        using System;
        [FlowStep, {|FLOW2084:Elementwise(nameof(Bend))|}]
        partial class Step
        {
            static float Bend(float x) => x * x * x;
        }

        [Flow(2), ActNorm, Repeat<Step>(2)]
        partial class A
        {
            static float Bend(float x) => x;
        }
        """);

    [Fact]
    public Task A_warning_can_be_suppressed() => Markup.Verify("""
        #pragma warning disable FLOW2086
        [Flow(2), ActNorm, Elementwise(nameof(Bend))]
        partial class A
        {
            static float Bend(float x) => x > 0f ? x : 0.5f * x;
        }
        """);

    [Theory]
    [InlineData("static float Bend(float x) { float y = x * x; y += 1f; return x * y; }", "x * (x * x + 1f)")]
    [InlineData("static float Bend(float x) { if (x > 0f) return x + x * x; return x; }", "x > 0f ? x + x * x : x")]
    [InlineData("static float Bend(float x) { float y = x; if (x > 0f) { y = x + x * x; } else if (x < -1f) y = x - 1f; return y; }", "x > 0f ? x + x * x : x < -1f ? x - 1f : x")]
    [InlineData("const float A = 0.5f; static float Bend(float x) => A * x + Other(x, 2f); static float Other(float a, float b) { return MathF.Tanh(a) * b; }", "0.5f * x + MathF.Tanh(x) * 2f")]
    [InlineData("static float Bend(float x) => (float)(Math.Tanh(x) + 0.5 * x);", "MathF.Tanh(x) + 0.5f * x")]
    [InlineData("static float Bend(float x) => x switch { < 0f => -x, 1f or 2f => 3f, >= 3f and < 4f => 4f, _ => x };", "x < 0f ? -x : x == 1f || x == 2f ? 3f : x >= 3f && x < 4f ? 4f : x")]
    [InlineData("static float Bend(float x) => x is not (> 0f) ? 2 : x;", "!(x > 0f) ? 2f : x")]
    [InlineData("static float Bend(float x) { static float Twice(float y) => 2 * y; return Twice(x); }", "2f * x")]
    public void Bodies_come_to_expressions(string members, string expression) =>
        Assert.Equal(ScalarSource.Tree(expression), ScalarSource.ReadMembers(members, "Bend")[0].Body);

    [Theory]
    [InlineData("static float Bend(float x) => x +;")]
    [InlineData("static float Bend(float x) => Missing(x);")]
    [InlineData("static float Bend(float x) { return; }")]
    [InlineData("static float Bend(float x) { float y; }")]
    [InlineData("static float Bend(float x) => y;")]
    [InlineData("static float Bend(float x) { if (x > 0) { return x; }")]
    [InlineData("static float Bend(float x) => MathF.Tanh();")]
    public void Code_that_does_not_compile_is_left_to_the_compiler(string members)
    {
        var function = ScalarSource.ReadMembers(members, "Bend")[0];
        Assert.Null(function.Body);
        Assert.Null(function.Problem);
    }
}
