using System.Diagnostics;
using System.Globalization;

namespace FlowGen.Benchmarks;

/// <summary>How long the first results take in a fresh process, the compilation of the kernels included.</summary>
internal static class StartUp
{
    public static void Print()
    {
        var flow = new RealNvp2(1);
        float[] one = [0.3f, -0.2f];
        float[] many = new float[2 * 64];
        float[] density = new float[64];
        long start = Stopwatch.GetTimestamp();
        flow.LogProb(one, density.AsSpan(0, 1));
        double single = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        flow.LogProb(many, density);
        double tile = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        flow.Sample(many, 1);
        double sample = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"first log-prob of 1: {single:F1} ms; then the first of 64: {tile:F1} ms; then the first 64 samples: {sample:F1} ms"));
    }
}
