using System.Globalization;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>
/// What ONNX Runtime computes against the mathematics in double precision. Where a map magnifies the rounding of its own intermediate results, so that single precision does not reach the
/// tolerance, the exported graph may be as far off as <see cref="Slack"/> times the flow's own code.
/// </summary>
internal sealed class OnnxAccuracy
{
    private const double Tolerance = 1e-5;
    private const double Slack = 4;

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

    /// <summary>Whether a number was further off than the tolerance, which only the flow's own code excuses.</summary>
    public bool Hard { get; private set; }

    /// <summary>Forward and log-density at samples.</summary>
    public void CheckForward(float[] x)
    {
        var (z, logDet) = Map(x, sample => reference.Forward(sample, 0, reference.Layers));
        float[] ownZ = new float[x.Length], ownLogDet = new float[logDet.Length];
        flow.Forward(x, ownZ, ownLogDet);
        double[] logProb = [.. logDet.Select((value, i) => value + reference.PriorLogProb(z.AsSpan(i * size, size)))];
        using var forward = new OnnxSession(flow, OnnxGraph.Forward);
        var found = forward.Run(x);
        Near(z, found["z"], ownZ, "z");
        Near(logDet, found["log_det"], ownLogDet, "log-det");
        using var density = new OnnxSession(flow, OnnxGraph.LogProb);
        Near(logProb, density.Run(x)["log_prob"], flow.LogProb(x), "log p");
    }

    /// <summary>Inverse and samples at latents.</summary>
    public void CheckInverse(float[] z)
    {
        var (x, logDet) = Map(z, latent => reference.Inverse(latent, 0, reference.Layers));
        float[] ownX = new float[z.Length], ownLogDet = new float[logDet.Length];
        flow.Inverse(z, ownX, ownLogDet);
        using var inverse = new OnnxSession(flow, OnnxGraph.Inverse);
        var found = inverse.Run(z);
        Near(x, found["x"], ownX, "x");
        Near(logDet, found["log_det"], ownLogDet, "log-det of the inverse");

        // What is scaled in single precision is what is inverted.
        const float Temperature = 0.7f;
        float[] scaled = Array.ConvertAll(z, static value => value * Temperature);
        (x, logDet) = Map(scaled, latent => reference.Inverse(latent, 0, reference.Layers));
        double[] prior = [.. scaled.Chunk(size).Select(latent => reference.PriorLogProb(Array.ConvertAll(latent, static value => (double)value)))];
        double[] logProb = [.. prior.Zip(logDet, static (density, determinant) => density - determinant)];
        flow.Inverse(scaled, ownX, ownLogDet);
        float[] ownLogProb = [.. prior.Zip(ownLogDet, static (density, determinant) => (float)(density - determinant))];
        using var sample = new OnnxSession(flow, OnnxGraph.Sample);
        found = sample.Run(z, Temperature);
        Near(x, found["x"], ownX, "samples");
        Near(logProb, found["log_prob"], ownLogProb, "log p of samples");
    }

    private void Near(double[] expected, float[] actual, float[] own, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Select(Math.Abs).Append(1).Max();
        double allowed = Math.Max(Tolerance * scale, Slack * expected.Zip(own, static (number, computed) => Math.Abs(number - computed)).Append(0).Max());
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            Hard |= error > Tolerance * scale;
            Assert.True(
                error <= allowed,
                string.Create(CultureInfo.InvariantCulture, $"{what}[{i}] is {actual[i]:R}, not {expected[i]:R}: off by {error / scale:E2} of {scale:G4}; {allowed / scale:E2} are allowed.\n{flow.Engine.Description}"));
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
