using System.Globalization;
using FlowGen.Kernels;
using FlowGen.Samples.Flows;

namespace FlowGen.Benchmarks;

/// <summary>Inversion of MintNets of digits: to a tolerance, beside the plain iterations of the authors.</summary>
internal static class MintInverseTable
{
    private const double Tolerance = 1e-5;

    /// <summary>The tables; weights of mintnet-mnist and mintnet-mnist --full from files, where there are any.</summary>
    public static void Print(string? weights, string? fullWeights)
    {
        FlowThreads.Maximum = 1;
        Console.WriteLine($"one thread, vector width {TileGeometry.Width}, latents from the prior, tolerance {Tolerance:0e+0}");
        Console.WriteLine("| flow | inverse | images per second | evaluations of a layer | worst residual | worst bound in x | bracketed or rounded | in forward passes |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        Model("MintNet, 7 pairs", 16, Make(new MintMnist(1), weights), weights);
        Model("MintNet, 20 pairs", 4, Make(new MintMnistFull(1), fullWeights), fullWeights);
    }

    private static IFlow Make<TFlow>(TFlow flow, string? weights)
        where TFlow : class, IFlow<TFlow>
    {
        if (weights != null)
        {
            flow.Load(weights);
            return flow;
        }

        Weights.Disturb(flow);
        return flow;
    }

    private static void Model(string name, int images, IFlow flow, string? weights)
    {
        name += weights == null ? ", not trained" : ", trained";
        float[] z = Weights.Normal(images * 784);
        float[] x = new float[z.Length];
        float[] logDet = new float[images];
        flow.Engine.Inverse(z, x, logDet);
        double forward = BestTime.Of(() => flow.Forward(x, z.AsSpan().ToArray(), logDet));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | (a forward pass) | {images / forward:N0} | 1 | | | | 1 |"));
        double evaluations = Row(name, "to the tolerance", new InverseOptions { Tolerance = Tolerance });
        foreach (int limit in (int[])[6, 24, 48])
        {
            _ = Row(name, $"the same, brackets after {limit} steps", new InverseOptions { Tolerance = Tolerance, MaximumIterations = limit });
        }

        int same = (int)Math.Round(evaluations);
        foreach (var (text, step) in new[] { ("1", 1.0), ("1/1.1", 1 / 1.1), ("1/3.5", 1 / 3.5) })
        {
            _ = Row(name, $"{same - 1} plain steps of {text}", new InverseOptions { Tolerance = float.Epsilon, MaximumIterations = same - 1, Step = step, IsPlain = true });
            _ = Row(name, $"plain steps of {text} to the tolerance, at most 1000", new InverseOptions { Tolerance = Tolerance, MaximumIterations = 1000, Step = step, IsPlain = true });
        }

        _ = Row(name, "100 plain steps of 1/3.5, as the authors", new InverseOptions { Tolerance = float.Epsilon, MaximumIterations = 100, Step = 1 / 3.5, IsPlain = true });

        double Row(string text, string method, InverseOptions options)
        {
            int layers = flow.Engine.Description.Layers.Count(static layer => layer.Kind == "MintLayer");
            InverseReport? report = null;
            double seconds = BestTime.Of(() => report = flow.Engine.Inverse(z, x, logDet, options));
            var samples = Enumerable.Range(0, images).ToList();
            double average = samples.Average(report!.Evaluations) / layers;
            int ordered = samples.Count(sample => report.Guarantee(sample) is InverseGuarantee.Bracketed or InverseGuarantee.Rounded);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {text} | {method} | {images / seconds:N1} | {average:0.0} | {samples.Max(report.Residual):0.0e+0} | {samples.Max(report.Bound):0.0e+0} | {ordered} of {images} | {seconds / forward:0.0} |"));
            return average;
        }
    }
}
