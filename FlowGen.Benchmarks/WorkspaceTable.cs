using System.Globalization;
using FlowGen.Kernels;

namespace FlowGen.Benchmarks;

/// <summary>What a gradient holds of activations, by depth, batch and memory mode.</summary>
internal static class WorkspaceTable
{
    public static void Print()
    {
        FlowThreads.Maximum = 1;
        Console.WriteLine("| couplings | batch | memory mode | workspace | tiles done again |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (IFlow flow in new IFlow[] { new Deep8(1), new Deep64(1), new Deep256(1) })
        {
            foreach (int batch in new[] { 512, 65_536 })
            {
                foreach (var memory in new[] { MemoryMode.Stored, MemoryMode.Recompute })
                {
                    (long bytes, long again) = Measure(flow, batch, memory);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"| {flow.Engine.Description.Layers.Count} | {batch} | {memory} | {bytes / 1024.0:N0} KB | {again} |"));
                }
            }
        }
    }

    /// <summary>A thread of its own, so that the scratch seen is that of this call alone.</summary>
    private static (long Bytes, long Again) Measure(IFlow flow, int batch, MemoryMode memory)
    {
        long bytes = 0;
        long before = flow.Engine.RecomputedTiles;
        var thread = new Thread(() =>
        {
            float[] gradient = new float[flow.Parameters.TrainableCount];
            var random = new System.Random(3);
            flow.Parameters.Update(parameters =>
            {
                foreach (ref float parameter in parameters)
                {
                    parameter = (float)(0.1 * (random.NextDouble() - 0.5));
                }
            });
            float[] x = new float[batch * flow.Engine.Description.EventShape.Size];
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (float)(4 * (random.NextDouble() - 0.5));
            }

            _ = flow.LossGradient(x, gradient, new GradientOptions { Memory = memory });
            bytes = Scratch.HeldBytes;
        });
        thread.Start();
        thread.Join();
        return (bytes, flow.Engine.RecomputedTiles - before);
    }
}
