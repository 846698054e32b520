using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>How the scale of an affine coupling is made from the raw output u of its conditioner and one parameter.</summary>
internal interface IAffineScale
{
    /// <summary>
    /// The first half of the work: what <see cref="Scale"/> and <see cref="Unscale"/> go on from. Tiles do one half for several
    /// rows before the other, because the processor looks ahead over about two rows of the whole chain only.
    /// </summary>
    static abstract V Begin<V>(V u, V parameter)
        where V : struct, IVec<V>;

    /// <summary>The scale, and its logarithm.</summary>
    static abstract V Scale<V>(V begun, V u, out V logScale)
        where V : struct, IVec<V>;

    /// <summary>value / scale, and the logarithm of the scale.</summary>
    static abstract V Unscale<V>(V value, V begun, V u, out V logScale)
        where V : struct, IVec<V>;

    /// <summary>The scale, with the derivatives of its logarithm by u and by the parameter.</summary>
    static abstract V Derivatives<V>(V u, V parameter, out V byRaw, out V byParameter)
        where V : struct, IVec<V>;
}

/// <summary><see cref="ScaleFunction.TanhBounded"/>: log-scale a tanh(u); the parameter is a.</summary>
internal readonly struct TanhScale : IAffineScale
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Begin<V>(V u, V parameter)
        where V : struct, IVec<V> => parameter * VectorMath.Tanh(u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scale<V>(V begun, V u, out V logScale)
        where V : struct, IVec<V>
    {
        logScale = begun;
        return VectorMath.Exp(begun);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Unscale<V>(V value, V begun, V u, out V logScale)
        where V : struct, IVec<V>
    {
        logScale = begun;
        return value * VectorMath.Exp(-begun);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivatives<V>(V u, V parameter, out V byRaw, out V byParameter)
        where V : struct, IVec<V>
    {
        byParameter = VectorMath.Tanh(u);
        byRaw = parameter * V.MultiplyAdd(-byParameter, byParameter, V.Create(1));
        return VectorMath.Exp(parameter * byParameter);
    }
}

/// <summary><see cref="ScaleFunction.Exp"/>: log-scale u; no parameter.</summary>
internal readonly struct ExpScale : IAffineScale
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Begin<V>(V u, V parameter)
        where V : struct, IVec<V> => u;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scale<V>(V begun, V u, out V logScale)
        where V : struct, IVec<V>
    {
        logScale = begun;
        return VectorMath.Exp(begun);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Unscale<V>(V value, V begun, V u, out V logScale)
        where V : struct, IVec<V>
    {
        logScale = begun;
        return value * VectorMath.Exp(-begun);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivatives<V>(V u, V parameter, out V byRaw, out V byParameter)
        where V : struct, IVec<V>
    {
        byRaw = V.Create(1);
        byParameter = V.Zero;
        return VectorMath.Exp(u);
    }
}

/// <summary><see cref="ScaleFunction.Sigmoid"/> without a floor: scale sigmoid(u + 2), whose logarithm never passes through the scale.</summary>
internal readonly struct SigmoidScale : IAffineScale
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Begin<V>(V u, V parameter)
        where V : struct, IVec<V> => VectorMath.LogSigmoid(u + V.Create(2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scale<V>(V begun, V u, out V logScale)
        where V : struct, IVec<V>
    {
        logScale = begun;
        return VectorMath.Sigmoid(u + V.Create(2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Unscale<V>(V value, V begun, V u, out V logScale)
        where V : struct, IVec<V> => value / Scale(begun, u, out logScale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivatives<V>(V u, V parameter, out V byRaw, out V byParameter)
        where V : struct, IVec<V>
    {
        V v = u + V.Create(2);
        byRaw = VectorMath.Sigmoid(-v);
        byParameter = V.Zero;
        return VectorMath.Sigmoid(v);
    }
}

/// <summary><see cref="ScaleFunction.Sigmoid"/> with a floor: scale sigmoid(u + 2) + floor; the parameter is the floor, above 0.</summary>
internal readonly struct FlooredSigmoidScale : IAffineScale
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Begin<V>(V u, V parameter)
        where V : struct, IVec<V> => VectorMath.Sigmoid(u + V.Create(2)) + parameter;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scale<V>(V begun, V u, out V logScale)
        where V : struct, IVec<V>
    {
        logScale = VectorMath.Log(begun);
        return begun;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Unscale<V>(V value, V begun, V u, out V logScale)
        where V : struct, IVec<V> => value / Scale(begun, u, out logScale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivatives<V>(V u, V parameter, out V byRaw, out V byParameter)
        where V : struct, IVec<V>
    {
        V v = u + V.Create(2);
        V sigmoid = VectorMath.Sigmoid(v);
        V scale = sigmoid + parameter;
        byRaw = sigmoid * VectorMath.Sigmoid(-v) / scale;
        byParameter = V.Zero;
        return scale;
    }
}
