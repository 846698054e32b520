using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Which inputs of a dense layer are not zero, a bit for each, 64 to a word.</summary>
internal static class DenseMasks
{
    /// <summary>Whether any of the first numbers of x, as many as a vector holds, is zero: where none is, there are hardly enough zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool HasZero<V>(ref float x)
        where V : struct, IVec<V> => V.Count == 1 || Zeros(V.Load(ref x)) != 0;

    /// <summary>The bits of the inputs of a single sample that are not zero, NaN among them, 64 to a word; returns the number of words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint Single<V>(ref float x, nint depth, ref ulong masks, out nint active)
        where V : struct, IVec<V>
    {
        nint word = 0;
        active = 0;
        for (nint first = 0; first < depth; first += 64)
        {
            ulong mask = Of<V>(ref x, first, nint.Min(64, depth - first));
            Unsafe.Add(ref masks, word++) = mask;
            active += BitOperations.PopCount(mask);
        }

        return word;
    }

    /// <summary>The bits of the 64 inputs from <paramref name="first"/> on that are not zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Of<V>(ref float x, nint first)
        where V : struct, IVec<V>
    {
        x = ref Unsafe.Add(ref x, first);
        if (V.Count != 16)
        {
            return Of<V>(ref x, first: 0, count: 64);
        }

        ulong low = Zeros(V.Load(ref x)) | ((ulong)Zeros(V.Load(ref x, 16)) << 16);
        ulong high = Zeros(V.Load(ref x, 32)) | ((ulong)Zeros(V.Load(ref x, 48)) << 16);
        return ~(low | (high << 32));
    }

    /// <summary>The bits of at most 64 inputs from <paramref name="first"/> on that are not zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Of<V>(ref float x, nint first, nint count)
        where V : struct, IVec<V>
    {
        ulong zeros = 0;
        for (nint k = 0; k < count; k += V.Count)
        {
            zeros |= (ulong)Zeros(V.Load(ref x, first + k)) << (int)k;
        }

        return ~zeros & (ulong.MaxValue >> (int)(64 - count));
    }

    /// <summary>The bits of the lanes that are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Zeros<V>(V x)
        where V : struct, IVec<V>
    {
        if (typeof(V) == typeof(Vec512))
        {
            return (uint)Vector512.Equals(Unsafe.BitCast<V, Vector512<float>>(x), Vector512<float>.Zero).ExtractMostSignificantBits();
        }

        if (typeof(V) == typeof(Vec256))
        {
            return Vector256.Equals(Unsafe.BitCast<V, Vector256<float>>(x), Vector256<float>.Zero).ExtractMostSignificantBits();
        }

        if (typeof(V) == typeof(Vec128))
        {
            return Vector128.Equals(Unsafe.BitCast<V, Vector128<float>>(x), Vector128<float>.Zero).ExtractMostSignificantBits();
        }

        return Unsafe.BitCast<V, float>(x) == 0 ? 1u : 0u;
    }

    /// <summary>Bit k of a sample's words, <c>[lanes, words]</c>, is set where its input k is not zero; NaN is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Rows<V>(ref float x, nint stride, nint lanes, int depth, ref ulong masks)
        where V : struct, IVec<V>
    {
        nint halves = (depth + 63) >> 6 << 1;
        Span<uint> buffer = stackalloc uint[16];
        ref uint some = ref MemoryMarshal.GetReference(buffer);
        for (nint half = 0; half < halves; half++)
        {
            int count = Math.Clamp(depth - (32 * (int)half), 0, 32);
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                ref float row = ref Unsafe.Add(ref x, lane);
                V mask = V.Zero;
                V bit = V.CreateBits(1);
                for (int k = 0; k < count; k++)
                {
                    mask = V.Or(mask, V.Select(V.Equal(V.Load(ref row), V.Zero), V.Zero, bit));
                    bit = V.AddBits(bit, bit);
                    row = ref Unsafe.Add(ref row, stride);
                }

                V.Store(mask, ref Unsafe.As<uint, float>(ref some));
                ref uint word = ref Unsafe.Add(ref Unsafe.As<ulong, uint>(ref masks), (lane * halves) + half);
                for (nint i = 0; i < V.Count; i++)
                {
                    word = Unsafe.Add(ref some, i);
                    word = ref Unsafe.Add(ref word, halves);
                }
            }

            x = ref Unsafe.Add(ref x, count * stride);
        }
    }

    /// <summary>The same of inputs that lie sample by sample, and of a sample behind an odd number of them nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Samples<V>(ref float x, nint stride, int samples, int depth, ref ulong masks)
        where V : struct, IVec<V>
    {
        for (int sample = 0; sample < samples; sample++)
        {
            nint first = 0;
            for (; first <= depth - 64; first += 64)
            {
                masks = Of<V>(ref x, first);
                masks = ref Unsafe.Add(ref masks, 1);
            }

            if (first < depth)
            {
                masks = Of<V>(ref x, first, depth - first);
                masks = ref Unsafe.Add(ref masks, 1);
            }

            x = ref Unsafe.Add(ref x, stride);
        }

        for (nint word = 0; (samples & 1) != 0 && word < (depth + 63) >> 6; word++)
        {
            Unsafe.Add(ref masks, word) = 0;
        }
    }
}
