using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>What a kernel makes of values as it reads them.</summary>
internal interface IValueRead
{
    static abstract V Read<V>(V value)
        where V : struct, IVec<V>;
}

/// <summary>The values themselves.</summary>
internal readonly struct PlainRead : IValueRead
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Read<V>(V value)
        where V : struct, IVec<V> => value;
}

/// <summary>The derivative of the activation that made them.</summary>
internal readonly struct DerivativeRead<TOp> : IValueRead
    where TOp : struct, ISmoothActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Read<V>(V value)
        where V : struct, IVec<V> => TOp.Derivative(value);
}
