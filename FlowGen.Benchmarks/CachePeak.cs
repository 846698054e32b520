using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Benchmarks;

/// <summary>
/// What a core's own caches can do: a loop of loads and additions. Where others share a core, they may be slow while multiply-adds in registers are as fast as ever.
/// </summary>
internal readonly struct CachePeak : IPeakLoop
{
    // More than a first cache holds, less than a second.
    private const int Floats = 24 * 1024;

    private static readonly PinnedBlock Numbers = new(new float[Floats]);

    public static int Steps => 12;

    private static float Sink { get; set; }

    /// <summary>Bytes per second of one core now.</summary>
    public static double Measure() => PeakLoop.Measure<CachePeak>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double Run<V>(int steps)
        where V : struct, IVec<V>
    {
        ref float numbers = ref Numbers.Start;
        V c0 = V.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        for (int pass = 0; pass < steps; pass++)
        {
            for (nint i = 0; i < Floats; i += 8 * V.Count)
            {
                c0 += V.Load(ref numbers, i);
                c1 += V.Load(ref numbers, i + V.Count);
                c2 += V.Load(ref numbers, i + (2 * V.Count));
                c3 += V.Load(ref numbers, i + (3 * V.Count));
                c4 += V.Load(ref numbers, i + (4 * V.Count));
                c5 += V.Load(ref numbers, i + (5 * V.Count));
                c6 += V.Load(ref numbers, i + (6 * V.Count));
                c7 += V.Load(ref numbers, i + (7 * V.Count));
            }
        }

        Sink = V.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7);
        return (double)steps * Floats * sizeof(float);
    }
}
