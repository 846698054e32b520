using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Verification;

/// <summary>The oracle of the oracle: derivatives by differences against derivatives by hand.</summary>
public sealed class DifferencesTests
{
    public static TheoryData<string, double> Smooth => new()
    {
        { "exp", 1 },
        { "sin 30x", 30 },
        { "1 / (1e-3 + x)", -1e6 },
        { "log(1e-6 + x)", 1e6 },
        { "x", 1 },
        { "1e9 + x", 1 },
        { "tanh(20 + x)", 4 * 4.248354255291589e-18 },
    };

    [Theory]
    [MemberData(nameof(Smooth))]
    public void Smooth_functions_have_nine_digits(string function, double expected)
    {
        double[] derivative = new double[1];

        // Beside 1e9 a unit in the last place is 1e-7, and the flat end of tanh has few digits above it.
        double precision = function switch
        {
            "1e9 + x" => 1e-6,
            "tanh(20 + x)" => double.PositiveInfinity,
            _ => 1e-9,
        };
        bool resolved = Differences.Derive((offset, values) => values[0] = Evaluate(function, offset), 1, 0, derivative);
        if (double.IsPositiveInfinity(precision))
        {
            Assert.True(!resolved || Math.Abs(derivative[0]) < 1e-12);
            return;
        }

        Assert.True(resolved);
        Assert.Equal(expected, derivative[0], precision * Math.Abs(expected));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1e-3, true)]
    [InlineData(1e-5, true)]
    [InlineData(0.3, true)]
    public void A_kink_is_no_derivative_and_steps_shrink_below_it_elsewhere(double distance, bool resolved)
    {
        double[] derivative = new double[2];
        bool found = Differences.Derive(
            (offset, values) =>
            {
                values[0] = Math.Exp(offset);
                values[1] = Math.Max(0, offset + distance) * 3;
            },
            1,
            0,
            derivative);
        Assert.Equal(resolved, found);
        Assert.Equal(1, derivative[0], 1e-8);
        Assert.Equal(resolved ? 3 : double.NaN, derivative[1], 1e-7);
    }

    [Fact]
    public void Outside_the_domain_there_is_no_derivative()
    {
        double[] derivative = new double[1];
        Assert.False(Differences.Derive(static (offset, values) => values[0] = Math.Log(offset - 1), 1, 0, derivative));
        Assert.True(double.IsNaN(derivative[0]));
    }

    [Fact]
    public void A_derivative_that_vanishes_is_resolved_with_a_floor()
    {
        double[] derivative = new double[1];
        Assert.True(Differences.Derive(static (offset, values) => values[0] = 5 + (1e-16 * Math.Sin(1e6 * offset)), 1, 1e-8, derivative));
        Assert.Equal(0, derivative[0], 1e-6);
    }

    private static double Evaluate(string function, double x) => function switch
    {
        "exp" => Math.Exp(x),
        "sin 30x" => Math.Sin(30 * x),
        "1 / (1e-3 + x)" => 1 / (1e-3 + x),
        "log(1e-6 + x)" => Math.Log(1e-6 + x),
        "x" => x,
        "1e9 + x" => 1e9 + x,
        _ => Math.Tanh(20 + x),
    };
}
