using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Benchmarks;

/// <summary>What the processor can do: a loop of nothing but multiply-adds in registers.</summary>
internal readonly struct FmaPeak : IPeakLoop
{
    private const int Chains = 16;

    public static int Steps => 40_000;

    private static float Sink { get; set; }

    /// <summary>Operations per second of one core now, a multiply-add counted as two.</summary>
    public static double Measure() => PeakLoop.Measure<FmaPeak>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double Run<V>(int steps)
        where V : struct, IVec<V>
    {
        var a = V.Create(0.999f);
        var b = V.Create(1e-3f);
        V c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, ca = b, cb = b, cc = b, cd = b, ce = b, cf = b;
        for (int i = 0; i < steps; i++)
        {
            c0 = V.MultiplyAdd(c0, a, b);
            c1 = V.MultiplyAdd(c1, a, b);
            c2 = V.MultiplyAdd(c2, a, b);
            c3 = V.MultiplyAdd(c3, a, b);
            c4 = V.MultiplyAdd(c4, a, b);
            c5 = V.MultiplyAdd(c5, a, b);
            c6 = V.MultiplyAdd(c6, a, b);
            c7 = V.MultiplyAdd(c7, a, b);
            c8 = V.MultiplyAdd(c8, a, b);
            c9 = V.MultiplyAdd(c9, a, b);
            ca = V.MultiplyAdd(ca, a, b);
            cb = V.MultiplyAdd(cb, a, b);
            cc = V.MultiplyAdd(cc, a, b);
            cd = V.MultiplyAdd(cd, a, b);
            ce = V.MultiplyAdd(ce, a, b);
            cf = V.MultiplyAdd(cf, a, b);
        }

        Sink = V.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + ca + cb + cc + cd + ce + cf);
        return 2.0 * steps * Chains * V.Count;
    }
}
