using System.Globalization;

namespace FlowGen.Benchmarks;

/// <summary>
/// A Mint layer as time and as share of its roofline: kept taps and products of the diagonal at the processor's peak, over all lanes of its planes, and activations at
/// the speed that they have alone on a run in the first cache. Nothing else counts.
/// </summary>
internal static class MintTable
{
    public static void Print()
    {
        double activation = ElementTable.MultiplyAdds(Activation.Elu);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"vector width {FlowGen.Kernels.TileGeometry.Width}, peak {FmaPeak.Measure() / 1e9:F0} GFLOP/s, an ELU the time of {activation:F1} multiply-adds"));
        Console.WriteLine("| image | paths | pass | multiply-adds | activations | time | best | share of the roofline | rounds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach ((int channels, int size, int paths) in ((int, int, int)[])[(1, 28, 16), (4, 14, 11)])
        {
            var stack = new MintStack(channels, size, paths);
            string name = $"{channels} x {size} x {size} | {paths}";
            stack.Record();
            Row(name, "backward", stack.Backward, stack.BackwardProducts, 0, activation);
            Row(name, "forward", stack.Forward, stack.ForwardProducts, stack.Activations, activation);
            Row(
                name,
                "forward and backward",
                () =>
                {
                    stack.Record();
                    stack.Backward();
                },
                stack.ForwardProducts + stack.BackwardProducts,
                stack.Activations,
                activation);
        }
    }

    private static void Row(string name, string pass, Action action, double products, double activations, double activation)
    {
        var result = PairedMeasurement.Run(action, 2 * (products + (activations * activation)), seconds: 0.8);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {pass} | {products:N0} | {activations:N0} | {result.Seconds * 1e6:F1} us | {result.Best * 1e6:F1} us | {result.ShareOfPeak:P1} | {result.Quiet}/{result.Rounds} |"));
    }
}
