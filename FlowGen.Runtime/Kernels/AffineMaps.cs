using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>One direction of an affine coupling.</summary>
internal interface IAffineMap
{
    /// <summary>The coordinate's new value, and what it adds to the log-det.</summary>
    static abstract V Apply<V>(V value, V shift, V u, V parameter, out V logDet)
        where V : struct, IVec<V>;
}

/// <summary>x to z.</summary>
internal readonly struct AffineForward<TScale, TForm> : IAffineMap
    where TScale : struct, IAffineScale
    where TForm : struct, IAffineForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V value, V shift, V u, V parameter, out V logDet)
        where V : struct, IVec<V> => TForm.Apply(value, shift, TScale.Scale(u, parameter, out logDet));
}

/// <summary>z to x.</summary>
internal readonly struct AffineInverse<TScale, TForm> : IAffineMap
    where TScale : struct, IAffineScale
    where TForm : struct, IAffineForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V value, V shift, V u, V parameter, out V logDet)
        where V : struct, IVec<V>
    {
        V quotient = TScale.Unscale(TForm.BeforeUnscale(value, shift), u, parameter, out V logScale);
        logDet = -logScale;
        return TForm.AfterUnscale(quotient, shift);
    }
}
