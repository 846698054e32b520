using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>One direction of an affine coupling.</summary>
internal interface IAffineMap
{
    /// <summary>The first half of the work, which needs the raw output only.</summary>
    static abstract V Begin<V>(V u, V parameter)
        where V : struct, IVec<V>;

    /// <summary>The second half: the coordinate's new value, and what it adds to the log-det.</summary>
    static abstract V Finish<V>(V value, V shift, V begun, V u, out V logDet)
        where V : struct, IVec<V>;
}

/// <summary>x to z.</summary>
internal readonly struct AffineForward<TScale, TForm> : IAffineMap
    where TScale : struct, IAffineScale
    where TForm : struct, IAffineForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Begin<V>(V u, V parameter)
        where V : struct, IVec<V> => TScale.Begin(u, parameter);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V value, V shift, V begun, V u, out V logDet)
        where V : struct, IVec<V> => TForm.Apply(value, shift, TScale.Scale(begun, u, out logDet));
}

/// <summary>z to x.</summary>
internal readonly struct AffineInverse<TScale, TForm> : IAffineMap
    where TScale : struct, IAffineScale
    where TForm : struct, IAffineForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Begin<V>(V u, V parameter)
        where V : struct, IVec<V> => TScale.Begin(u, parameter);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V value, V shift, V begun, V u, out V logDet)
        where V : struct, IVec<V>
    {
        V quotient = TScale.Unscale(TForm.BeforeUnscale(value, shift), begun, u, out V logScale);
        logDet = -logScale;
        return TForm.AfterUnscale(quotient, shift);
    }
}
