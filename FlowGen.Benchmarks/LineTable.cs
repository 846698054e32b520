using System.Globalization;

namespace FlowGen.Benchmarks;

/// <summary>Conditioners of one input: the product of their hidden layers, and the table of pieces in place of it.</summary>
internal static class LineTable
{
    public static void Print(string filter)
    {
        Console.WriteLine($"vector width {FlowGen.Kernels.TileGeometry.Width}, peak {FmaPeak.Measure() / 1e9:F0} GFLOP/s");
        Console.WriteLine("| layers | pass | by products | by a table of pieces |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (hidden, second) in ((int, int)[])[(16, 16), (16, 32), (32, 16), (32, 32), (64, 64), (128, 128), (512, 512)])
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"1-{hidden}-{second}-2");
            if (name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            {
                Stack(name, hidden, second);
            }
        }
    }

    private static void Stack(string name, int hidden, int second)
    {
        foreach (int lanes in (int[])[1, 16, 64])
        {
            var line = new LineStack(lanes, hidden, second, outputs: 2);
            var dense = new DenseStack(lanes, 1, hidden, second, 2);
            if (lanes == 1)
            {
                Row(name, "weights made ready", dense.Prepare, line.Prepare);
            }

            Row(name, string.Create(CultureInfo.InvariantCulture, $"forward, {lanes}"), dense.Forward, line.Forward);
            if (lanes == 64)
            {
                Row(name, "backward, 64", dense.Backward, line.Backward);
                Row(name, "gradient from sums", static () => { }, line.Finish);
            }
        }
    }

    private static void Row(string name, string pass, Action dense, Action line) => Console.WriteLine(
        $"| {name} | {pass} | {Figures.Time(PairedMeasurement.Run(dense, 1, seconds: 0.4).Seconds)} | {Figures.Time(PairedMeasurement.Run(line, 1, seconds: 0.4).Seconds)} |");
}
