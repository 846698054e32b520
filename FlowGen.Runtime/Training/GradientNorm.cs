using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowGen;

/// <summary>
/// Sums of squares in double precision. The square of a single-precision number is exact in double, and element i of a part always goes to partial
/// sum i mod 8, so the result is the same to the last bit on every processor.
/// </summary>
internal static class GradientNorm
{
    /// <summary>The sum of the squares; not finite where an element is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        var lower = Vector256<double>.Zero;
        var upper = Vector256<double>.Zero;
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (nuint)i));
            lower += low * low;
            upper += high * high;
        }

        Span<double> tail = stackalloc double[8];
        tail.Clear();
        for (int j = 0; i < values.Length; i++, j++)
        {
            tail[j] = (double)values[i] * values[i];
        }

        lower += Vector256.Create<double>(tail[..4]);
        upper += Vector256.Create<double>(tail[4..]);
        var sum = lower + upper;
        return (sum[0] + sum[2]) + (sum[1] + sum[3]);
    }
}
