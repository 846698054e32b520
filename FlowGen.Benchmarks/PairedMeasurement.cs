using System.Diagnostics;

namespace FlowGen.Benchmarks;

/// <summary>Times an action between two looks at what the processor can do, many times: on a shared machine only the ratio means something.</summary>
internal static class PairedMeasurement
{
    private const double NearBest = 0.93;

    // So many rounds in which nothing else slows the core down are waited for, for so many times as long as wanted.
    private const int Fewest = 5;
    private const int Patience = 6;

    // Slow phases last longer than a measurement: of the caches the best that the process has seen is what counts.
    private static double bestCaches;

    /// <summary>Seconds of one call and its share of the peak: medians over the rounds in which the peak and that of the caches were near their best, or over the nearest few.</summary>
    public static Result Run(Action action, double operations, double seconds = 0.8)
    {
        long warm = Stopwatch.GetTimestamp();
        for (int i = 0; i < 3 && (i == 0 || Stopwatch.GetElapsedTime(warm).TotalSeconds < 0.3); i++)
        {
            action();
        }

        long probe = Stopwatch.GetTimestamp();
        action();
        int repeats = (int)Math.Clamp(2e-3 / Math.Max(1e-9, Stopwatch.GetElapsedTime(probe).TotalSeconds), 1, 20_000);
        var rounds = new List<Round>();
        long begin = Stopwatch.GetTimestamp();
        double waited = 0;
        while (waited < seconds || rounds.Count < Fewest || (waited < Patience * seconds && CountQuiet(rounds) < Fewest))
        {
            double caches = CachePeak.Measure();
            double peak = FmaPeak.Measure();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
            {
                action();
            }

            double time = Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
            rounds.Add(new Round(time, Math.Min(peak, FmaPeak.Measure()), Math.Min(caches, CachePeak.Measure())));
            bestCaches = Math.Max(bestCaches, rounds[^1].Caches);
            waited = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }

        double best = rounds.Max(static round => round.Peak);
        int quiet = CountQuiet(rounds);
        var counted = rounds.OrderByDescending(round => round.Nearness(best)).Take(Math.Max(quiet, Fewest)).ToList();
        double median = Figures.Median(counted.Select(static round => round.Seconds));
        double share = operations / median / Figures.Median(counted.Select(static round => round.Peak));
        return new Result(median, rounds.Min(static round => round.Seconds), share, best, quiet, rounds.Count);
    }

    private static int CountQuiet(List<Round> rounds)
    {
        double best = rounds.Max(static round => round.Peak);
        return rounds.Count(round => round.Nearness(best) > NearBest);
    }

    private sealed record Round(double Seconds, double Peak, double Caches)
    {
        /// <summary>How near it was to the best.</summary>
        public double Nearness(double bestPeak) => Math.Min(Peak / bestPeak, Caches / bestCaches);
    }

    /// <param name="Seconds">Median of one call.</param>
    /// <param name="Best">The fastest round.</param>
    /// <param name="ShareOfPeak">Operations per second over the peak's.</param>
    /// <param name="Peak">The best peak seen, operations per second.</param>
    /// <param name="Quiet">Rounds near the best.</param>
    /// <param name="Rounds">Rounds made.</param>
    internal sealed record Result(double Seconds, double Best, double ShareOfPeak, double Peak, int Quiet, int Rounds);
}
