using System.Globalization;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>What ONNX Runtime computes against the mathematics in double precision.</summary>
internal sealed class OnnxAccuracy
{
    private const double Tolerance = 1e-5;

    private readonly IFlow flow;
    private readonly ReferenceInterpreter reference;
    private readonly int size;

    /// <summary>Takes the parameters as they are now.</summary>
    public OnnxAccuracy(IFlow flow)
    {
        this.flow = flow;
        reference = new ReferenceInterpreter(flow.Engine.Description, flow.Parameters);
        size = reference.Size;
    }

    /// <summary>Forward and log-density at samples.</summary>
    public void CheckForward(float[] x)
    {
        var (z, logDet) = Map(x, sample => reference.Forward(sample, 0, reference.Layers));
        double[] logProb = [.. logDet.Select((value, i) => value + reference.PriorLogProb(z.AsSpan(i * size, size)))];
        using var forward = new OnnxSession(flow, OnnxGraph.Forward);
        var found = forward.Run(x);
        Near(z, found["z"], "z");
        Near(logDet, found["log_det"], "log-det");
        using var density = new OnnxSession(flow, OnnxGraph.LogProb);
        Near(logProb, density.Run(x)["log_prob"], "log p");
    }

    /// <summary>Inverse and samples at latents.</summary>
    public void CheckInverse(float[] z)
    {
        var (x, logDet) = Map(z, latent => reference.Inverse(latent, 0, reference.Layers));
        using var inverse = new OnnxSession(flow, OnnxGraph.Inverse);
        var found = inverse.Run(z);
        Near(x, found["x"], "x");
        Near(logDet, found["log_det"], "log-det of the inverse");

        // What is scaled in single precision is what is inverted.
        const float Temperature = 0.7f;
        float[] scaled = Array.ConvertAll(z, static value => value * Temperature);
        (x, logDet) = Map(scaled, latent => reference.Inverse(latent, 0, reference.Layers));
        double[] logProb = [.. logDet.Select((value, i) => reference.PriorLogProb(Array.ConvertAll(scaled[(i * size)..((i + 1) * size)], static number => (double)number)) - value)];
        using var sample = new OnnxSession(flow, OnnxGraph.Sample);
        found = sample.Run(z, Temperature);
        Near(x, found["x"], "samples");
        Near(logProb, found["log_prob"], "log p of samples");
    }

    /// <summary>Fails where a number is further from the true one than the tolerance times the largest of all, at least 1.</summary>
    public void Near(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Select(Math.Abs).Append(1).Max();
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]) / scale;
            Assert.True(
                error <= Tolerance,
                string.Create(CultureInfo.InvariantCulture, $"{what}[{i}] is {actual[i]:R}, not {expected[i]:R}: off by {error:E2} of {scale:G4}.\n{flow.Engine.Description}"));
        }
    }

    private (double[] Values, double[] LogDets) Map(float[] samples, Func<double[], double> map)
    {
        double[] values = new double[samples.Length];
        double[] logDets = new double[samples.Length / size];
        for (int i = 0; i < logDets.Length; i++)
        {
            double[] sample = Array.ConvertAll(samples[(i * size)..((i + 1) * size)], static value => (double)value);
            logDets[i] = map(sample);
            sample.CopyTo(values, i * size);
        }

        return (values, logDets);
    }
}
