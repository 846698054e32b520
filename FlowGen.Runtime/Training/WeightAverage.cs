using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen;

/// <summary>
/// The exponential moving average of the weights (Polyak and Juditsky, 1992): after step t, average = average + (1 - d) (weights - average), where
/// d = min(decay, (1 + t) / (10 + t)), so that the first steps do not weigh the starting point for long.
/// </summary>
internal sealed class WeightAverage(double decay, ReadOnlySpan<float> start)
{
    private float rate;

    public float[] Values { get; } = start.ToArray();

    /// <summary>Opens the update after step <paramref name="step"/>, counted from 1; calls of <see cref="UpdatePart"/> follow.</summary>
    public void BeginStep(long step) => rate = (float)(1 - Math.Min(decay, (1.0 + step) / (10.0 + step)));

    /// <summary>Moves a part of the average towards the weights.</summary>
    public void UpdatePart(ReadOnlySpan<float> weights, int start)
    {
        var average = Values.AsSpan(start, weights.Length);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            done = Run<Vec512>(average, weights, 0);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            done = Run<Vec256>(average, weights, 0);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            done = Run<Vec128>(average, weights, 0);
        }

        _ = Run<VecScalar>(average, weights, done);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Run<TVec>(Span<float> average, ReadOnlySpan<float> weights, int start)
        where TVec : struct, IVec<TVec>
    {
        ref float a = ref MemoryMarshal.GetReference(average);
        ref float w = ref MemoryMarshal.GetReference(weights);
        var part = TVec.Create(rate);
        nint i = start;
        for (; i <= average.Length - TVec.Count; i += TVec.Count)
        {
            var value = TVec.Load(ref a, i);
            TVec.Store(TVec.MultiplyAdd(TVec.Load(ref w, i) - value, part, value), ref a, i);
        }

        return (int)i;
    }
}
