using System.Globalization;
using FlowGen.Tests.Flows;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>Far out, where sigmoids saturate and logarithms of slopes are large or tiny: every number by itself, to 1e-5 of itself; log-dets near 0 to a unit in the last place of 1.</summary>
public sealed class OnnxTailTests
{
    /// <summary>Logarithms of slopes near 1 are differences of larger numbers.</summary>
    private const double Ulp = 1.2e-7;

    private static readonly float[] Far = [-87, -60, -30, -17, -9, -3, -0.5f, -1e-3f, -1e-6f, 1e-6f, 1e-3f, 0.5f, 3, 9, 17, 30, 60, 87];

    [Theory]
    [InlineData("Elementwise(Activation.LeakyRelu)", 87)]
    [InlineData("Elementwise(Activation.Elu)", 87)]
    [InlineData("Elementwise(Activation.Tanh)", 87)]
    [InlineData("Elementwise(Activation.Sigmoid)", 87)]
    [InlineData("Elementwise(Activation.Softplus)", 87)]
    [InlineData("Bend1, MathF.Sinh(x)", 30)]
    [InlineData("Bend4, x > 0f ? MathF.Log(1f + x) : x", 87)]
    [InlineData("Bend6, MathF.Max(x, 0f) + MathF.Log(1f + MathF.Exp(-MathF.Abs(x)))", 17)]
    [InlineData("Bend8, 2f - MathF.Asinh(2f * x)", 87)]
    public void Slopes_keep_their_digits(string layer, float most)
    {
        var flow = FlowZoo.Create($"1: {layer}");
        var reference = new ReferenceInterpreter(flow.Engine.Description, flow.Parameters);
        float[] x = [.. Far.Where(value => Math.Abs(value) <= most)];
        using var forward = new OnnxSession(flow, OnnxGraph.Forward);
        var found = forward.Run(x);
        for (int i = 0; i < x.Length; i++)
        {
            double[] sample = [x[i]];
            double logDet = reference.Forward(sample, 0, 1);
            Same(sample[0], found["z"][i], $"z at {x[i]}");
            Same(logDet, found["log_det"][i], $"log-det at {x[i]}", Ulp);
        }
    }

    [Theory]
    [InlineData("Elementwise(Activation.Elu)", -0.999f, 80)]
    [InlineData("Elementwise(Activation.Tanh)", -0.999f, 0.999f)]
    [InlineData("Elementwise(Activation.Sigmoid)", 1e-30f, 0.999f)]
    [InlineData("Elementwise(Activation.Softplus)", 1e-30f, 80)]
    [InlineData("Logit", -80, 80)]
    [InlineData("Logit(0.05)", -80, 80)]
    public void Inverses_keep_their_digits(string layer, float least, float most)
    {
        var flow = FlowZoo.Create($"1: {layer}");
        var reference = new ReferenceInterpreter(flow.Engine.Description, flow.Parameters);
        float[] z = [.. Far.Append(1e-20f).Append(1e-10f).Where(value => value >= least && value <= most)];
        using var inverse = new OnnxSession(flow, OnnxGraph.Inverse);
        var found = inverse.Run(z);
        for (int i = 0; i < z.Length; i++)
        {
            double[] sample = [z[i]];
            double logDet = reference.Inverse(sample, 0, 1);
            Assert.True(Math.Abs(sample[0] - found["x"][i]) <= 1e-5 * Math.Max(layer.StartsWith("Logit", StringComparison.Ordinal) ? 1 : 0, Math.Abs(sample[0])), $"x at {z[i]} is {found["x"][i]:R}, not {sample[0]:R}");
            Same(logDet, found["log_det"][i], $"log-det at {z[i]}", Ulp);
        }
    }

    [Fact]
    public void Densities_of_the_logistic_prior_keep_their_digits()
    {
        IFlow flow = FlowFixture.Scramble(new PlaneNice(), seed: 4);
        var reference = new ReferenceInterpreter(flow.Engine.Description, flow.Parameters);
        using var density = new OnnxSession(flow, OnnxGraph.LogProb);
        float[] x = [.. Far.Zip(Far.Reverse()).SelectMany(static pair => (float[])[20 * pair.First, pair.Second])];
        float[] found = density.Run(x)["log_prob"];
        for (int i = 0; i < found.Length; i++)
        {
            Same(reference.LogProb([x[2 * i], x[(2 * i) + 1]]), found[i], $"log p at {x[2 * i]}, {x[(2 * i) + 1]}");
        }
    }

    private static void Same(double expected, float actual, string what, double floor = 0) => Assert.True(
        Math.Abs(expected - actual) <= (1e-5 * Math.Abs(expected)) + floor,
        string.Create(CultureInfo.InvariantCulture, $"{what} is {actual:R}, not {expected:R}"));
}
