using System.Diagnostics;

namespace FlowGen.Benchmarks;

/// <summary>Times an action between two looks at the processor's peak, many times: on a shared machine only the ratio means something.</summary>
internal static class PairedMeasurement
{
    /// <summary>Seconds of one call and its share of the peak: medians over the rounds in which the peak was near its best.</summary>
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
        var rounds = new List<(double Seconds, double Peak)>();
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds || rounds.Count < 5)
        {
            double before = FmaPeak.Measure();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
            {
                action();
            }

            double time = Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
            rounds.Add((time, Math.Min(before, FmaPeak.Measure())));
        }

        double best = rounds.Max(static round => round.Peak);
        var quiet = rounds.Where(round => round.Peak > 0.93 * best).ToList();
        double median = Figures.Median(quiet.Select(static round => round.Seconds));
        return new Result(median, rounds.Min(static round => round.Seconds), operations / median / Figures.Median(quiet.Select(static round => round.Peak)), best, quiet.Count, rounds.Count);
    }

    /// <param name="Seconds">Median of one call.</param>
    /// <param name="Best">The fastest round.</param>
    /// <param name="ShareOfPeak">Operations per second over the peak's.</param>
    /// <param name="Peak">The best peak seen, operations per second.</param>
    /// <param name="Quiet">Rounds that counted.</param>
    /// <param name="Rounds">Rounds made.</param>
    internal sealed record Result(double Seconds, double Best, double ShareOfPeak, double Peak, int Quiet, int Rounds);
}
