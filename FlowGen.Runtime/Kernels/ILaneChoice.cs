using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Which lanes a coupling changes: all of them where it changes rows, some where it changes pixels.</summary>
internal interface ILaneChoice
{
    /// <summary><paramref name="changed"/> in the lanes that change, <paramref name="kept"/> in the others.</summary>
    static abstract V Choose<V>(V changed, V kept, ref float mask, nint lane)
        where V : struct, IVec<V>;

    /// <summary><paramref name="value"/> in the lanes that change, zero in the others.</summary>
    static abstract V Only<V>(V value, ref float mask, nint lane)
        where V : struct, IVec<V>;
}

/// <summary>Every lane changes.</summary>
internal readonly struct AllLanes : ILaneChoice
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Choose<V>(V changed, V kept, ref float mask, nint lane)
        where V : struct, IVec<V> => changed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Only<V>(V value, ref float mask, nint lane)
        where V : struct, IVec<V> => value;
}

/// <summary>The lanes change whose mask is set.</summary>
internal readonly struct MaskedLanes : ILaneChoice
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Choose<V>(V changed, V kept, ref float mask, nint lane)
        where V : struct, IVec<V> => V.Select(V.Load(ref mask, lane), changed, kept);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Only<V>(V value, ref float mask, nint lane)
        where V : struct, IVec<V> => V.And(value, V.Load(ref mask, lane));
}
