using System.Globalization;

namespace FlowGen.Benchmarks;

/// <summary>The dense kernels alone as time and as share of the processor's peak.</summary>
internal static class KernelTable
{
    public static void Print(string filter)
    {
        Console.WriteLine($"vector width {FlowGen.Kernels.TileGeometry.Width}, peak {FmaPeak.Measure() / 1e9:F0} GFLOP/s");
        Console.WriteLine("| layers | lanes | pass | time | best | share of FMA peak | rounds |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Stack(filter, [1, 16, 64, 256], 64, 64);
        Stack(filter, [1, 16, 64, 256], 128, 128);
        Stack(filter, [1, 16, 64, 256], 512, 512);
        Stack(filter, [1, 16, 64, 256], 1000, 1000);
        Stack(filter, [1, 16, 32, 48, 64, 128], 1, 64, 64, 2);
        Stack(filter, [1, 16, 32, 48, 64, 128], 31, 128, 128, 62);
        Stack(filter, [1, 16, 64, 128], [.. Enumerable.Repeat(512, 21)]);
    }

    private static void Stack(string filter, int[] lanes, params int[] widths)
    {
        string name = widths.Length > 5 ? $"{widths.Length - 1} x ({widths[0]}-{widths[1]})" : string.Join('-', widths);
        if (!name.Contains(filter, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        foreach (int count in lanes)
        {
            var stack = new DenseStack(count, widths);
            Row(name, count, "forward", PairedMeasurement.Run(stack.Forward, stack.Operations, seconds: 0.7));
            if (count >= 64)
            {
                Row(name, count, "backward", PairedMeasurement.Run(stack.Backward, 2 * stack.Operations, seconds: 0.7));
            }
        }
    }

    private static void Row(string name, int lanes, string pass, PairedMeasurement.Result result) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"| {name} | {lanes} | {pass} | {result.Seconds * 1e6:F3} us | {result.Best * 1e6:F3} us | {result.ShareOfPeak:P1} | {result.Quiet}/{result.Rounds} |"));
}
