using CsCheck;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification.Scalars;
using FlowGen.Tests.Numerics;
using Xunit;

namespace FlowGen.Tests.Scalars;

/// <summary>Random expressions: every form of one is the same function, and derivatives are those of differences.</summary>
public sealed class ExpressionTests
{
    private static readonly ScalarFunctionKind[] Total =
    [
        ScalarFunctionKind.Exp, ScalarFunctionKind.Sin, ScalarFunctionKind.Cos, ScalarFunctionKind.Atan, ScalarFunctionKind.Sinh, ScalarFunctionKind.Cosh, ScalarFunctionKind.Tanh,
        ScalarFunctionKind.Asinh, ScalarFunctionKind.Sigmoid, ScalarFunctionKind.Softplus, ScalarFunctionKind.Sech2,
    ];

    // Defined everywhere, as what is asked for on an interval must be. As it is built, with a plain evaluation beside it that knows nothing of simplification.
    private static readonly Gen<(Expression Value, Func<double, double> Plain)> Expressions = Gen.Recursive<(Expression, Func<double, double>)>(static (depth, inner) =>
    {
        var leaf = Gen.OneOf(
            Gen.Const((Algebra.X, (Func<double, double>)(static x => x))),
            Gen.Int[-8, 8].Select(static n => (Algebra.Number(Rational.Of(n / 4.0)), (Func<double, double>)(_ => n / 4.0))));
        return depth >= 4 ? leaf : Gen.OneOf(
            leaf,
            Gen.Select(inner, inner).Select(static (a, b) => (Algebra.Add(a.Item1, b.Item1), (Func<double, double>)(x => a.Item2(x) + b.Item2(x)))),
            Gen.Select(inner, inner).Select(static (a, b) => (Algebra.Subtract(a.Item1, b.Item1), (Func<double, double>)(x => a.Item2(x) - b.Item2(x)))),
            Gen.Select(inner, inner).Select(static (a, b) => (Algebra.Multiply(a.Item1, b.Item1), (Func<double, double>)(x => a.Item2(x) * b.Item2(x)))),
            Gen.Select(inner, inner).Select(static (a, b) => (Algebra.Divide(a.Item1, Algebra.Add(Algebra.One, Algebra.Raise(b.Item1, 2))), (Func<double, double>)(x => a.Item2(x) / (1 + (b.Item2(x) * b.Item2(x)))))),
            Gen.Select(inner, Gen.Int[2, 3]).Select(static (a, n) => (Algebra.Raise(a.Item1, n), (Func<double, double>)(x => Math.Pow(a.Item2(x), n)))),
            inner.Select(static a => (Algebra.Sqrt(Algebra.Add(Algebra.One, Algebra.Raise(a.Item1, 2))), (Func<double, double>)(x => Math.Sqrt(1 + (a.Item2(x) * a.Item2(x)))))),
            Gen.Select(inner, Gen.OneOfConst(Total)).Select(static (a, kind) => (Algebra.Apply(kind, a.Item1), (Func<double, double>)(x => IntervalTests.Library(kind, a.Item2(x))))));
    });

    private static bool IsTame(double value) => !double.IsNaN(value) && Math.Abs(value) < 1e6;

    [Fact]
    public void Every_form_contains_the_plain_value() => Gen.Select(Expressions, Gen.Double[-3, 3]).Holds(
        4_000,
        static (expression, x) =>
        {
            double plain = expression.Plain(x);
            double around = Math.Abs(expression.Plain(x + 1e-9) - expression.Plain(x - 1e-9));
            if (!IsTame(plain) || !IsTame(around))
            {
                return;
            }

            // Where rounding was magnified the plain value proves nothing.
            double slack = (1e-9 * (1 + Math.Abs(plain))) + (10 * around);
            Contains(new Tape(expression.Value, isPositive: false).At(x), plain, slack, expression.Value.Key);
            Contains(new Tape(Expansion.Of(expression.Value), isPositive: false).At(x), plain, slack, "expanded " + expression.Value.Key);
            Contains(new Tape(Gathering.Of(expression.Value), isPositive: false).At(x), plain, slack, "gathered " + expression.Value.Key);
            Contains(new Tape(expression.Value, isPositive: false).Over(new(x - 0.25, x + 0.125), out _, out _), plain, slack, "about " + expression.Value.Key);
            if (Math.Abs(x) > 0.1)
            {
                var tail = new Tape(TailForm.Of(expression.Value, x > 0), isPositive: true);
                Contains(tail.Over(new(0.9 / Math.Abs(x), 1.1 / Math.Abs(x)), out _, out _), plain, slack, "tail of " + expression.Value.Key);
                Contains(tail.Over(new(0, 1.1 / Math.Abs(x)), out _, out _), plain, slack, "far tail of " + expression.Value.Key);
            }
        });

    [Fact]
    public void Derivatives_are_those_of_differences() => Gen.Select(Expressions, Gen.Double[-3, 3]).Holds(
        4_000,
        static (expression, x) =>
        {
            const double Step = 1e-4;
            double[] values = [.. Enumerable.Range(-2, 5).Select(i => expression.Plain(x + (i * Step)))];
            double slope = (values[0] - (8 * values[1]) + (8 * values[3]) - values[4]) / (12 * Step);
            double coarse = (values[4] - values[0]) / (4 * Step);
            if (!values.All(IsTame) || !IsTame(slope) || Math.Abs(slope - coarse) > 1e-4 * (1 + Math.Abs(slope)))
            {
                return;
            }

            var derivative = new Tape(Derivatives.Of(expression.Value), isPositive: false).At(x);
            Contains(derivative, slope, (1e-3 * (1 + Math.Abs(slope))) + (1e-8 * Math.Abs(values[2])), "derivative of " + expression.Value.Key);
        });

    [Theory]
    [InlineData("MathF.Exp(x) / (1f + MathF.Exp(x))", "Sigmoid(x)")]
    [InlineData("1f / (1f + MathF.Exp(-x))", "Sigmoid(x)")]
    [InlineData("MathF.Log(1f + MathF.Exp(x))", "Softplus(x)")]
    [InlineData("MathF.Sinh(x) / MathF.Cosh(x)", "Tanh(x)")]
    [InlineData("(MathF.Exp(2f * x) - 1f) / (MathF.Exp(2f * x) + 1f)", "Tanh(x)")]
    [InlineData("1f - MathF.Tanh(x) * MathF.Tanh(x)", "Sech2(x)")]
    [InlineData("MathF.Log(MathF.Exp(x))", "x")]
    [InlineData("MathF.Tanh(-x)", "(0 + -1*Tanh(x))")]
    [InlineData("x * x / x", "x")]
    [InlineData("x + x - 2f * x", "0")]
    [InlineData("MathF.Pow(x, 3f) - x * x * x", "0")]
    [InlineData("MathF.Exp(x) * MathF.Exp(-x)", "1")]
    [InlineData("MathF.Exp(2f * MathF.Log(x))", "[x^2]")]
    public void Names_for_what_people_write(string body, string key) =>
        Assert.Equal(key, new TreeReader(static _ => 1).Read(ScalarSource.Tree(body)).Key);

    [Theory]
    [InlineData("x", "x")]
    [InlineData("3f * x + 6f", "(-2 + 1/3*x)")]
    [InlineData("MathF.Sinh(2f * x)", "(0 + 1/2*Asinh(x))")]
    [InlineData("MathF.Log(1f + MathF.Exp(x))", "SoftplusInverse(x)")]
    [InlineData("MathF.Pow(x, 3f)", "Cbrt(x)")]
    [InlineData("x + MathF.Tanh(x)", null)]
    public void Formulas_of_inverses(string body, string? key) =>
        Assert.Equal(key, SymbolicInverse.Of(new TreeReader(static _ => 1).Read(ScalarSource.Tree(body)))?.Key);

    private static void Contains(Interval range, double value, double slack, string what) =>
        Assert.True(range.Low <= value + slack && range.High >= value - slack, $"{what}: {value:R} is not in [{range.Low:R}, {range.High:R}]");
}
