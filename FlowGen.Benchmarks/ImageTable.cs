using System.Globalization;
using FlowGen.Kernels;

namespace FlowGen.Benchmarks;

/// <summary>Image flows as images per second, share of the processor's peak, and bytes.</summary>
internal static class ImageTable
{
    private const int TrainingBatch = 64;

    public static void Print(string filter)
    {
        FlowThreads.Maximum = 1;
        Console.WriteLine($"one thread, vector width {TileGeometry.Width}, peak {FmaPeak.Measure() / 1e9:F0} GFLOP/s");
        Console.WriteLine("| flow | operation | batch | time | best | images per second | share of FMA peak | allocated | rounds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        Model(filter, "Glow 3x32x32 K=4", new Glow32(1));
        Model(filter, "Glow 1x28x28 K=4 L=2", new GlowDigits(1));
        Model(filter, "MintNet 1x28x28 2x16", new MintDigits16(1));
        Console.WriteLine();
        Console.WriteLine("| flow | steps | memory mode | workspace of a gradient |");
        Console.WriteLine("|---|---|---|---|");
        Workspace(filter, "Glow 3x32x32", 4, new Glow32(1));
        Workspace(filter, "Glow 3x32x32", 16, new Glow32Deep(1));
        Workspace(filter, "Glow 3x32x32", 64, new Glow32Deepest(1));
    }

    private static void Model(string filter, string name, IFlow flow)
    {
        if (!name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        Weights.Randomize(flow);
        double perImage = Weights.Operations(flow);
        foreach (int batch in (int[])[1, 16, 64])
        {
            float[] x = flow.Sample(batch, seed: 3);
            float[] density = new float[batch];
            Row(name, "log-prob", batch, () => flow.LogProb(x, density), batch * perImage);
            Row(name, "sample", batch, () => flow.Sample(x, 5), batch * perImage);
        }

        float[] data = flow.Sample(TrainingBatch, seed: 4);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        var optimizer = new Adam();
        ParameterUpdate update = parameters => optimizer.Step(parameters, gradient, 1e-6);
        foreach (var memory in (MemoryMode[])[MemoryMode.Recompute, MemoryMode.Stored])
        {
            var options = new GradientOptions { Memory = memory };
            Row(
                name,
                $"training step, {memory}",
                TrainingBatch,
                () =>
                {
                    _ = flow.LossGradient(data, gradient, options);
                    flow.Parameters.Update(update);
                },
                3 * TrainingBatch * perImage);
        }
    }

    private static void Workspace(string filter, string name, int steps, IFlow flow)
    {
        if (!name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        Weights.Randomize(flow);
        float[] data = flow.Sample(2, seed: 4);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        foreach (var memory in (MemoryMode[])[MemoryMode.Recompute, MemoryMode.Stored])
        {
            long bytes = 0;

            // A thread of its own, so that the scratch seen is that of this call alone.
            var thread = new Thread(() =>
            {
                _ = flow.LossGradient(data, gradient, new GradientOptions { Memory = memory });
                bytes = Scratch.HeldBytes;
            });
            thread.Start();
            thread.Join();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {steps} | {memory} | {bytes / 1024.0:N0} KB |"));
        }
    }

    private static void Row(string name, string operation, int batch, Action action, double operations)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var result = PairedMeasurement.Run(action, operations, seconds: 0.8);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {operation} | {batch} | {result.Seconds * 1e6:N0} us | {result.Best * 1e6:N0} us | {batch / result.Seconds:N0} | {result.ShareOfPeak:P1} | {allocated} B | {result.Quiet}/{result.Rounds} |"));
    }
}
