using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>How a vector of weights is read, one weight for each coordinate.</summary>
internal interface IWeightPlace
{
    /// <summary>The weights for the lanes at coordinate <paramref name="row"/>.</summary>
    static abstract V Load<V>(ref float weights, nint row)
        where V : struct, IVec<V>;
}

/// <summary>Samples are the lanes: they share the coordinate's weight.</summary>
internal readonly struct SharedWeight : IWeightPlace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(ref float weights, nint row)
        where V : struct, IVec<V> => V.Create(Unsafe.Add(ref weights, row));
}

/// <summary>Coordinates are the lanes: each has its own weight.</summary>
internal readonly struct OwnWeight : IWeightPlace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(ref float weights, nint row)
        where V : struct, IVec<V> => V.Load(ref weights, row);
}
