using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>What each chain of a <see cref="DenseBlock"/> or a <see cref="TapKernel"/> starts from, and what becomes of its end while it is in a register.</summary>
/// <remarks>All members are constants of an instantiation.</remarks>
internal interface IFinish
{
    /// <summary>Whether the chains start from a bias, one for each row, rather than from zero.</summary>
    static virtual bool HasBias => false;

    /// <summary>Whether the chains go on from where they ended in the result.</summary>
    static virtual bool Continues => false;

    /// <summary>Whether the finish reads the side operand, a block like the result.</summary>
    static virtual bool SideIsBlock => false;

    /// <summary>Whether the finish reads the result, too.</summary>
    static virtual bool AddsToResult => false;

    /// <summary>Stores one vector of the result at <paramref name="offset"/>.</summary>
    static abstract void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V>;
}

/// <summary>W x + b.</summary>
internal readonly struct BiasFinish : IFinish
{
    public static bool HasBias => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(value, ref result, offset);
}

/// <summary>W x + b, a zero always positive: see <see cref="Dense"/>.</summary>
internal readonly struct BiasSumFinish : IFinish
{
    public static bool HasBias => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(value + V.Zero, ref result, offset);
}

/// <summary>max(W x + b, 0), NaN where W x + b is NaN.</summary>
internal readonly struct BiasReluFinish : IFinish
{
    public static bool HasBias => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(VectorMath.Relu(value), ref result, offset);
}

/// <summary>W x + b added to what is there.</summary>
internal readonly struct BiasAddFinish : IFinish
{
    public static bool HasBias => true;

    public static bool AddsToResult => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(V.Load(ref result, offset) + value, ref result, offset);
}

/// <summary>The product alone.</summary>
internal readonly struct StoreFinish : IFinish
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(value, ref result, offset);
}

/// <summary>The product, its chains going on from what is there.</summary>
internal readonly struct ContinueFinish : IFinish
{
    public static bool Continues => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(value, ref result, offset);
}

/// <summary>The product added to what is there.</summary>
internal readonly struct AddFinish : IFinish
{
    public static bool AddsToResult => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(V.Load(ref result, offset) + value, ref result, offset);
}

/// <summary>The product where the side operand, the output of a ReLU, is positive; zero elsewhere.</summary>
internal readonly struct ReluGradientFinish : IFinish
{
    public static bool SideIsBlock => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> =>
        V.Store(V.And(value, V.GreaterThan(V.Load(ref side, offset), V.Zero)), ref result, offset);
}

/// <summary>The product times h'' / h' of the activation that made the side operand: with <see cref="AddTimesDerivativeFinish{TOp}"/> next, in two steps that leave no accumulator without a register.</summary>
internal readonly struct CurvatureFinish<TOp> : IFinish
    where TOp : struct, ISmoothActivation
{
    public static bool SideIsBlock => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V>
    {
        V h = V.Load(ref side, offset);
        V.Store(TOp.TimesCurvature(value, h, TOp.Derivative(h)), ref result, offset);
    }
}

/// <summary>The product and what is there, times the derivative of the activation that made the side operand.</summary>
internal readonly struct AddTimesDerivativeFinish<TOp> : IFinish
    where TOp : struct, ISmoothActivation
{
    public static bool SideIsBlock => true;

    public static bool AddsToResult => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store((V.Load(ref result, offset) + value) * TOp.Derivative(V.Load(ref side, offset)), ref result, offset);
}
