using System.Diagnostics;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Benchmarks;

/// <summary>Runs loops in the widest vectors.</summary>
internal static class PeakLoop
{
    /// <summary>What a loop does in a second now.</summary>
    public static double Measure<TLoop>()
        where TLoop : IPeakLoop
    {
        _ = Run<TLoop>(1);
        long start = Stopwatch.GetTimestamp();
        double done = Run<TLoop>(TLoop.Steps);
        return done / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Run<TLoop>(int steps)
        where TLoop : IPeakLoop =>
        Vector512.IsHardwareAccelerated ? TLoop.Run<Vec512>(steps)
        : Vector256.IsHardwareAccelerated ? TLoop.Run<Vec256>(steps)
        : Vector128.IsHardwareAccelerated ? TLoop.Run<Vec128>(steps)
        : TLoop.Run<VecScalar>(steps);
}
