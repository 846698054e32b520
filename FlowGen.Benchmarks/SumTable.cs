using System.Globalization;
using FlowGen.Kernels;

namespace FlowGen.Benchmarks;

/// <summary>Sums of two modules beside the modules alone, in all directions.</summary>
internal static class SumTable
{
    private const int Batch = 64;

    public static void Print()
    {
        FlowThreads.Maximum = 1;
        Console.WriteLine($"one thread, vector width {TileGeometry.Width}, batch {Batch}, inverses to a residual of 1e-5");
        Console.WriteLine("| flow | forward | gradient | inverse | evaluations | inverse in forward passes |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Row("63, two matrices", new MatrixVector(1));
        Row("63, a Mint layer", new MintVector(1));
        Row("63, their sum", new SumVector(1));
        Row("28 x 28, two matrices", new MatrixDigits(1));
        Row("28 x 28, a Mint layer", new MintDigits(1));
        Row("28 x 28, their sum", new SumDigits(1));
    }

    private static void Row(string name, IFlow flow)
    {
        Weights.Disturb(flow);
        int size = flow.Engine.Description.EventShape.Size;
        float[] x = Weights.Normal(Batch * size);
        float[] z = new float[x.Length];
        float[] back = new float[x.Length];
        float[] logDet = new float[Batch];
        float[] gradient = new float[flow.Parameters.TrainableCount];
        double forward = BestTime.Of(() => flow.Engine.Forward(x, z, logDet));
        double training = BestTime.Of(() => flow.LossGradient(x, gradient, new GradientOptions { Memory = MemoryMode.Stored }));
        InverseReport? report = null;
        double inverse = BestTime.Of(() => report = flow.Engine.Inverse(z, back, logDet, new InverseOptions { Tolerance = 1e-5 }));
        double evaluations = Enumerable.Range(0, Batch).Average(report!.Evaluations);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {forward * 1e6:N0} us | {training * 1e6:N0} us | {inverse * 1e6:N0} us | {evaluations:0.0} | {inverse / forward:0.0} |"));
    }
}
