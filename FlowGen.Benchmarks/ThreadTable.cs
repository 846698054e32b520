using System.Diagnostics;
using System.Globalization;

namespace FlowGen.Benchmarks;

/// <summary>One thread against all: the same call in turns.</summary>
internal static class ThreadTable
{
    // Rounds of slow calls end when this much time has gone by.
    private const double Seconds = 8;

    public static void Print(string filter)
    {
        int all = Environment.ProcessorCount;
        Console.WriteLine($"| model | operation | batch | one thread | {all} threads | ratio |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, flow) in new (string, IFlow)[] { ("D=2 8x(64,64)", new RealNvp2(1)), ("D=63 10x(128,128)", new RealNvp63(1)), ("D=63 10x(512,512)", new RealNvp63Wide(1)) })
        {
            if (!name.Contains(filter, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            Weights.Randomize(flow);
            float[] x = flow.Sample(4096, seed: 3);
            float[] density = new float[4096];
            float[] gradient = new float[flow.Parameters.TrainableCount];
            Row(name, "log-prob", all, () => flow.LogProb(x, density));
            Row(name, "sample", all, () => flow.Sample(x, 5));
            Row(name, "gradient", all, () => flow.LossGradient(x, gradient));
        }
    }

    private static void Row(string name, string operation, int all, Action action)
    {
        var one = new List<double>();
        var many = new List<double>();
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < 21 && (round < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds); round++)
        {
            one.Add(Time(action, 1));
            many.Add(Time(action, all));
        }

        double single = Figures.Median(one);
        double shared = Figures.Median(many);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {operation} | 4096 | {single * 1e3:F2} ms | {shared * 1e3:F2} ms | {single / shared:F2} |"));
    }

    private static double Time(Action action, int threads)
    {
        FlowThreads.Maximum = threads;
        action();
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < 20)
        {
            action();
            calls++;
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
