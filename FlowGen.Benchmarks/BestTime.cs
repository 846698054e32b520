using System.Diagnostics;

namespace FlowGen.Benchmarks;

/// <summary>The shortest of the calls that fit into a moment, for ratios of calls of many milliseconds.</summary>
internal static class BestTime
{
    private const double Seconds = 0.6;

    /// <summary>In seconds.</summary>
    public static double Of(Action action)
    {
        action();
        double best = double.PositiveInfinity;
        var start = Stopwatch.StartNew();
        while (start.Elapsed.TotalSeconds < Seconds)
        {
            long begin = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        return best;
    }
}
