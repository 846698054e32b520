using System.Globalization;
using System.Runtime.InteropServices;
using FlowGen.Kernels;

namespace FlowGen.Benchmarks;

/// <summary>The activations over a run that stays in the first cache: nanoseconds an element, and the multiply-adds that the peak does in that time.</summary>
internal static class ElementTable
{
    private const int Count = 2048;

    public static void Print()
    {
        Console.WriteLine("| activation | an element | multiply-adds |");
        Console.WriteLine("|---|---|---|");
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            var result = Measure(activation);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {activation} | {result.Seconds / Count * 1e9:F3} ns | {1 / result.ShareOfPeak:F1} |"));
        }
    }

    /// <summary>The multiply-adds that the peak does in the time of one element.</summary>
    public static double MultiplyAdds(Activation activation) => 1 / Measure(activation).ShareOfPeak;

    private static PairedMeasurement.Result Measure(Activation activation)
    {
        var random = new System.Random(5);
        float[] source = GC.AllocateArray<float>(Count + 16, pinned: true);
        float[] destination = GC.AllocateArray<float>(Count + 16, pinned: true);
        int from = FirstOfLine(source);
        int to = FirstOfLine(destination);
        foreach (ref float value in source.AsSpan())
        {
            value = 6 * (random.NextSingle() - 0.5f);
        }

        return PairedMeasurement.Run(() => ActivationKernels.Apply(activation, ref source[from], ref destination[to], Count), 2 * Count, seconds: 0.5);
    }

    // As the engine lays out its work.
    private static int FirstOfLine(float[] pinned) => (int)((64 - (Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0) & 63)) & 63) / sizeof(float);
}
