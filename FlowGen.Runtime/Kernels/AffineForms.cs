using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The order of scaling and shifting in an affine coupling.</summary>
internal interface IAffineForm
{
    /// <summary>x to z.</summary>
    static abstract V Apply<V>(V x, V shift, V scale)
        where V : struct, IVec<V>;

    /// <summary>What is divided by the scale on the way back.</summary>
    static abstract V BeforeUnscale<V>(V z, V shift)
        where V : struct, IVec<V>;

    /// <summary>x from what was divided by the scale.</summary>
    static abstract V AfterUnscale<V>(V quotient, V shift)
        where V : struct, IVec<V>;

    /// <summary>The number that the scale multiplies.</summary>
    static abstract V Scaled<V>(V x, V shift)
        where V : struct, IVec<V>;

    /// <summary>dL/dshift from dL/dz and dL/dx = dL/dz scale.</summary>
    static abstract V ShiftGradient<V>(V gradient, V downstream)
        where V : struct, IVec<V>;
}

/// <summary><see cref="AffineForm.ScaleThenShift"/>: z = x scale + shift.</summary>
internal readonly struct ScaleThenShiftForm : IAffineForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x, V shift, V scale)
        where V : struct, IVec<V> => V.MultiplyAdd(x, scale, shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BeforeUnscale<V>(V z, V shift)
        where V : struct, IVec<V> => z - shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AfterUnscale<V>(V quotient, V shift)
        where V : struct, IVec<V> => quotient;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scaled<V>(V x, V shift)
        where V : struct, IVec<V> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ShiftGradient<V>(V gradient, V downstream)
        where V : struct, IVec<V> => gradient;
}

/// <summary><see cref="AffineForm.ShiftThenScale"/>: z = (x + shift) scale.</summary>
internal readonly struct ShiftThenScaleForm : IAffineForm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x, V shift, V scale)
        where V : struct, IVec<V> => (x + shift) * scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BeforeUnscale<V>(V z, V shift)
        where V : struct, IVec<V> => z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AfterUnscale<V>(V quotient, V shift)
        where V : struct, IVec<V> => quotient - shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scaled<V>(V x, V shift)
        where V : struct, IVec<V> => x + shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ShiftGradient<V>(V gradient, V downstream)
        where V : struct, IVec<V> => downstream;
}
