using System.Numerics;
using CsCheck;
using FlowGen.Generator.Verification.Scalars;
using FlowGen.Tests.Numerics;
using Xunit;

namespace FlowGen.Tests.Scalars;

/// <summary>Containment: what is computed from members of intervals is in the interval computed from the intervals.</summary>
public sealed class IntervalTests
{
    private static readonly Gen<double> Numbers = Gen.OneOf(
        Gen.Double[-3, 3], Gen.Double[-1e-3, 1e-3], Gen.Double[-50, 50], Gen.Double[-1e6, 1e6], Gen.Double[-1e200, 1e200], Gen.OneOfConst(0.0, 1.0, -1.0, 0.5, 2.0, 1e-300, -1e-300, 4e-324));

    // An interval and a number in it.
    private static readonly Gen<(Interval Range, double Member)> Members = Gen.Select(Numbers, Numbers, Gen.Double[0, 1]).Select(static (a, b, u) =>
    {
        var (low, high) = (Math.Min(a, b), Math.Max(a, b));
        return (new Interval(low, high), Math.Clamp(low + ((high - low) * u), low, high));
    });

    private static Rational Exact(double value) => Rational.Of(value);

    private static void AssertContains(Interval range, Rational value, string what) => Assert.True(
        (double.IsNegativeInfinity(range.Low) || Exact(range.Low) <= value) && (double.IsPositiveInfinity(range.High) || Exact(range.High) >= value),
        $"{what}: {value.ToDouble():R} is not in [{range.Low:R}, {range.High:R}]");

    [Fact]
    public void Arithmetic_contains_exact_results() => Gen.Select(Members, Members).Holds(
        20_000,
        static (a, b) =>
        {
            var (x, y) = (Exact(a.Member), Exact(b.Member));
            AssertContains(a.Range + b.Range, x + y, "sum");
            AssertContains(a.Range - b.Range, x - y, "difference");
            AssertContains(a.Range * b.Range, x * y, "product");
            if (!y.IsZero)
            {
                AssertContains(a.Range / b.Range, x / y, "quotient");
            }
        });

    [Fact]
    public void Powers_and_roots_contain_exact_results() => Gen.Select(Members, Gen.Int[-6, 9]).Holds(
        20_000,
        static (a, exponent) =>
        {
            var x = Exact(a.Member);
            if (exponent >= 0 || !x.IsZero)
            {
                AssertContains(a.Range.Power(exponent), x.Power(exponent), $"power {exponent}");
            }

            if (x.Sign >= 0 && a.Range.Low >= 0)
            {
                // Between the ends squared.
                var root = a.Range.Sqrt();
                Assert.True(Exact(root.Low).Power(2) <= x, "root above");
                Assert.True(Exact(root.High).Power(2) >= x, "root below");
            }
        });

    [Theory]
    [InlineData(1, 3, 4.0)]
    [InlineData(0.5, 0.25, 0.75)]
    public void Exact_sums_are_not_widened(double a, double b, double sum) =>
        Assert.True((Interval.Of(a) + Interval.Of(b)) is var range && range.Low == sum && range.High == sum);

    [Fact]
    public void What_was_not_exact_is_widened()
    {
        var third = Interval.Of(1) / Interval.Of(3);
        Assert.True(third.Low < third.High);
        var sum = Interval.Of(0.1) + Interval.Of(0.2);
        Assert.True(sum.Low < sum.High);
    }

    [Fact]
    public void Zero_is_excluded_only_where_it_is_not_reached()
    {
        var open = IntervalFunctions.Apply(ScalarFunctionKind.Exp, new(double.NegativeInfinity, 0));
        Assert.True(open is { Low: 0, IsPositive: true });
        Assert.True((open + open).IsPositive && (open * open).IsPositive && open.Sqrt().IsPositive);
        Assert.False((open - open).ExcludesZero);
        Assert.False((open * new Interval(0, 1)).ExcludesZero);
        Assert.False(new Interval(0, 1).Power(2).ExcludesZero);
    }

    // Series summed in exact fractions.
    private static Rational Exp(Rational x)
    {
        var (sum, term) = (Rational.One, Rational.One);
        for (int n = 1; n < 60; n++)
        {
            term = term * x / Rational.Of(n);
            sum += term;
        }

        return sum;
    }

    private static Rational Sin(Rational x, bool cosine)
    {
        var term = cosine ? Rational.One : x;
        var sum = term;
        for (int n = cosine ? 1 : 2; n < 60; n += 2)
        {
            term = -(term * x * x) / Rational.Of(n * (n + 1));
            sum += term;
        }

        return sum;
    }

    [Fact]
    public void Exponentials_and_circles_contain_their_series() => Gen.Select(Gen.Int[-4096, 4096], Gen.Int[0, 512]).Holds(
        400,
        static (start, length) =>
        {
            // Short fractions, whose powers stay short.
            var x = new Rational(start, 1024);
            var range = new Interval(start / 1024.0, (start + length) / 1024.0);
            var inside = new Interval((start - length) / 1024.0, start / 1024.0);
            foreach (var interval in (Interval[])[Interval.Of(range.Low), range, inside])
            {
                AssertContains(IntervalFunctions.Apply(ScalarFunctionKind.Exp, interval), Exp(x), "exp");
                AssertContains(IntervalFunctions.Apply(ScalarFunctionKind.Sin, interval), Sin(x, cosine: false), "sin");
                AssertContains(IntervalFunctions.Apply(ScalarFunctionKind.Cos, interval), Sin(x, cosine: true), "cos");
            }

            // Inverses: what the function takes into the interval.
            var e = IntervalFunctions.Apply(ScalarFunctionKind.Log, Exp(x).Enclose());
            AssertContains(e, x, "log");
        });

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, (int)ScalarFunctionKind.Sech2 + 1)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Functions_contain_samples_of_the_library(int number)
    {
        var kind = (ScalarFunctionKind)number;
        Members.Holds(
            5_000,
            member =>
            {
                double y = Library(kind, member.Member);
                if (double.IsFinite(y))
                {
                    var range = IntervalFunctions.Apply(kind, member.Range);
                    // What the reference loses: 1 + e for a small e.
                    double slack = ((kind == ScalarFunctionKind.Softplus ? 1e-9 : 4e-15) * Math.Abs(y)) + double.Epsilon;
                    Assert.True(range.Low <= y + slack && range.High >= y - slack, $"{kind}({member.Member:R}) = {y:R} is not in [{range.Low:R}, {range.High:R}], of [{member.Range.Low:R}, {member.Range.High:R}]");
                    Assert.False(y == 0 && member.Member == 0 && range.ExcludesZero);
                }
            });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Derivatives_contain_differences_of_the_library(int number)
    {
        var kind = (ScalarFunctionKind)number;
        Gen.Select(Gen.Double[-0.95, 0.95], Gen.Double[0.01, 0.3]).Holds(
            2_000,
            (middle, width) =>
            {
                double x = kind is ScalarFunctionKind.Acosh or ScalarFunctionKind.Log ? middle + 2.5 : middle;
                var range = kind is ScalarFunctionKind.Asin or ScalarFunctionKind.Acos or ScalarFunctionKind.Atanh ? new Interval(x, x) : new Interval(x - width, x + width);
                double slope = (Library(kind, x + 1e-6) - Library(kind, x - 1e-6)) / 2e-6;
                var bounds = IntervalFunctions.Derivative(kind, range, IntervalFunctions.Apply(kind, range));
                double slack = 1e-7 * (1 + Math.Abs(slope));
                Assert.True(bounds.Low <= slope + slack && bounds.High >= slope - slack, $"{kind}'({x:R}) = {slope:R} is not in [{bounds.Low:R}, {bounds.High:R}]");
            });
    }

    internal static double Library(ScalarFunctionKind kind, double x) => kind switch
    {
        ScalarFunctionKind.Sigmoid => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)),
        ScalarFunctionKind.Softplus => x > 30 ? x : x < -14 ? Math.Exp(x) - (Math.Exp(2 * x) / 2) : Math.Log(1 + Math.Exp(x)),
        ScalarFunctionKind.Sech2 => Math.Abs(x) > 300 ? 4 * Math.Exp(-2 * Math.Abs(x)) : 1 / (Math.Cosh(x) * Math.Cosh(x)),
        _ => (double)typeof(Math).GetMethod(kind.ToString(), [typeof(double)])!.Invoke(null, [x])!,
    };
}
