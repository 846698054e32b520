using System.Globalization;

namespace FlowGen.Benchmarks;

/// <summary>The convolutions of a coupling alone as time and as share of the processor's peak; what borders cost counts against it.</summary>
internal static class ConvolutionTable
{
    public static void Print(string filter)
    {
        Console.WriteLine($"vector width {FlowGen.Kernels.TileGeometry.Width}, peak {FmaPeak.Measure() / 1e9:F0} GFLOP/s");
        Console.WriteLine("| 3x3, 1x1, 3x3 | image | batch | pass | time | best | share of FMA peak | rounds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (int batch in (int[])[1, 16, 64])
        {
            Row(filter, 16, batch, 6, 64, 12);
        }

        Row(filter, 28, 1, 2, 64, 4);
        Row(filter, 14, 1, 6, 64, 12);
        Row(filter, 7, 1, 12, 64, 24);
        Row(filter, 32, 1, 6, 64, 12);
        Row(filter, 8, 1, 12, 64, 24);
        Row(filter, 4, 1, 24, 64, 48);
        Row(filter, 16, 1, 7, 61, 13);
    }

    private static void Row(string filter, int size, int batch, int inputs, int hidden, int outputs)
    {
        string name = $"{inputs}-{hidden}-{hidden}-{outputs} | {size} x {size}";
        if (!name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var stack = new ConvolutionStack(batch, size, inputs, hidden, outputs);
        Row(name, batch, "forward", PairedMeasurement.Run(stack.Forward, stack.Operations, seconds: 0.7));
        Row(name, batch, "backward", PairedMeasurement.Run(stack.Backward, 2 * stack.Operations, seconds: 0.7));
    }

    private static void Row(string name, int batch, string pass, PairedMeasurement.Result result) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"| {name} | {batch} | {pass} | {result.Seconds * 1e6:F1} us | {result.Best * 1e6:F1} us | {result.ShareOfPeak:P1} | {result.Quiet}/{result.Rounds} |"));
}
