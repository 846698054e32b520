using System.Globalization;

namespace FlowGen.Benchmarks;

/// <summary>Every workload as time and as share of the processor's peak.</summary>
internal static class PeakTable
{
    public static void Print(string filter, int threads)
    {
        FlowThreads.Maximum = threads;
        Console.WriteLine($"threads {threads}, vector width {FlowGen.Kernels.TileGeometry.Width}, peak {FmaPeak.Measure() / 1e9:F0} GFLOP/s");
        Console.WriteLine("Multiply-adds by zero, which dense layers behind a ReLU leave out, count as done: the share may exceed 100 %.");
        Console.WriteLine("| model | operation | batch | time | best | share of FMA peak | rounds |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Model(filter, "D=2 8x(64,64)", new RealNvp2(1), [1, 2, 4, 8, 16, 64, 4096], 256);
        Model(filter, "D=2 8x(64,64) tanh", new RealNvp2Tanh(1), [1, 64, 4096], 256);
        Model(filter, "D=63 10x(128,128)", new RealNvp63(1), [1, 2, 4, 8, 16, 64, 4096], 256);
        Model(filter, "D=63 10x(128,128) tanh", new RealNvp63Tanh(1), [1, 64, 4096], 256);
        Model(filter, "D=63 10x(512,512)", new RealNvp63Wide(1), [1, 64, 4096], 256);
        Model(filter, "NICE 784 4x(5x1000)", new Nice784(1), [1, 64, 1024], 256);
    }

    private static void Model(string filter, string name, IFlow flow, int[] batches, int trainingBatch)
    {
        if (!name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        Weights.Randomize(flow);
        double perSample = Weights.Operations(flow);
        foreach (int batch in batches)
        {
            float[] x = flow.Sample(batch, seed: 3);
            float[] density = new float[batch];
            Row(name, "log-prob", batch, PairedMeasurement.Run(() => flow.LogProb(x, density), batch * perSample));
            Row(name, "sample", batch, PairedMeasurement.Run(() => flow.Sample(x, 5), batch * perSample));
        }

        float[] data = flow.Sample(trainingBatch, seed: 4);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        var optimizer = new Adam();
        ParameterUpdate update = parameters => optimizer.Step(parameters, gradient, 1e-6);
        foreach (var memory in new[] { MemoryMode.Stored, MemoryMode.Recompute })
        {
            var options = new GradientOptions { Memory = memory };
            Row(name, $"gradient, {memory}", trainingBatch, PairedMeasurement.Run(() => flow.LossGradient(data, gradient, options), 3 * trainingBatch * perSample));
            Row(name, $"training step, {memory}", trainingBatch, PairedMeasurement.Run(
                () =>
                {
                    _ = flow.LossGradient(data, gradient, options);
                    flow.Parameters.Update(update);
                },
                3 * trainingBatch * perSample));
        }

        long recomputed = flow.Engine.RecomputedTiles;
        if (recomputed > 0)
        {
            Console.WriteLine($"  ({recomputed} tiles were recomputed with stored activations)");
        }
    }

    private static void Row(string name, string operation, int batch, PairedMeasurement.Result result) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"| {name} | {operation} | {batch} | {Figures.Time(result.Seconds)} | {Figures.Time(result.Best)} | {result.ShareOfPeak:P0} | {result.Quiet}/{result.Rounds} |"));
}
