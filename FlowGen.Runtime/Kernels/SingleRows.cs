using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Coordinates of a single sample as vector lanes: a run, or every other one.</summary>
internal static class SingleRows
{
    private static ReadOnlySpan<int> Mask =>
    [
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The first lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float First<V>(V value)
        where V : struct, IVec<V>
    {
        if (typeof(V) == typeof(Vec512))
        {
            return Unsafe.BitCast<V, Vector512<float>>(value).ToScalar();
        }

        if (typeof(V) == typeof(Vec256))
        {
            return Unsafe.BitCast<V, Vector256<float>>(value).ToScalar();
        }

        if (typeof(V) == typeof(Vec128))
        {
            return Unsafe.BitCast<V, Vector128<float>>(value).ToScalar();
        }

        return Unsafe.BitCast<V, float>(value);
    }

    /// <summary>The next <paramref name="count"/> coordinates, at most as many as there are lanes; what is in the other lanes is arbitrary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(ref float source, nint step, nint count)
        where V : struct, IVec<V>
    {
        if (step == 1)
        {
            return V.Load(ref source);
        }

        if (typeof(V) == typeof(Vec512) && Avx512F.IsSupported && step == 2)
        {
            return Unsafe.BitCast<Vector512<float>, V>(EveryOther(ref source, count));
        }

        return Gather<V>(ref source, step, count);
    }

    /// <summary>Writes the first <paramref name="count"/> lanes over the coordinates they came from; the coordinates between and behind them keep their values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V>(V value, ref float destination, nint step, nint count)
        where V : struct, IVec<V>
    {
        if (step == 1)
        {
            V.Store(V.Select(FirstLanes<V>(count), value, V.Load(ref destination)), ref destination);
        }
        else if (typeof(V) == typeof(Vec512) && Avx512F.IsSupported && step == 2)
        {
            var old = Unsafe.BitCast<Vector512<float>, V>(EveryOther(ref destination, count));
            StoreEveryOther(Unsafe.BitCast<V, Vector512<float>>(V.Select(FirstLanes<V>(count), value, old)), ref destination, count);
        }
        else
        {
            Scatter(value, ref destination, step, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V FirstLanes<V>(nint count)
        where V : struct, IVec<V> =>
        V.Load(ref Unsafe.As<int, float>(ref Unsafe.Add(ref MemoryMarshal.GetReference(Mask), 16 - count)));

    // The second half of the run is touched only where it holds one of the coordinates.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> EveryOther(ref float source, nint count)
    {
        var even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        var lower = Vector512.LoadUnsafe(ref source);
        var upper = count > 8 ? Vector512.LoadUnsafe(ref source, 16) : lower;
        return Avx512F.PermuteVar16x32x2(lower, even, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreEveryOther(Vector512<float> lanes, ref float destination, nint count)
    {
        var first = Vector512.Create(0, 17, 1, 19, 2, 21, 3, 23, 4, 25, 5, 27, 6, 29, 7, 31);
        var second = Vector512.Create(8, 17, 9, 19, 10, 21, 11, 23, 12, 25, 13, 27, 14, 29, 15, 31);
        if (count > 8)
        {
            Avx512F.PermuteVar16x32x2(lanes, second, Vector512.LoadUnsafe(ref destination, 16)).StoreUnsafe(ref destination, 16);
        }

        Avx512F.PermuteVar16x32x2(lanes, first, Vector512.LoadUnsafe(ref destination)).StoreUnsafe(ref destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static V Gather<V>(ref float source, nint step, nint count)
        where V : struct, IVec<V>
    {
        V value = V.Zero;
        ref float lane = ref Unsafe.As<V, float>(ref value);
        for (nint i = 0; i < count; i++)
        {
            Unsafe.Add(ref lane, i) = Unsafe.Add(ref source, i * step);
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Scatter<V>(V value, ref float destination, nint step, nint count)
        where V : struct, IVec<V>
    {
        ref float lane = ref Unsafe.As<V, float>(ref value);
        for (nint i = 0; i < count; i++)
        {
            Unsafe.Add(ref destination, i * step) = Unsafe.Add(ref lane, i);
        }
    }
}
