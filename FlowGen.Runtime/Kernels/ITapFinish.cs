using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>What each chain of a <see cref="TapKernel"/> starts from, and what becomes of its end, already zero at borders, while it is in a register.</summary>
internal interface ITapFinish
{
    /// <summary>Whether the chains start from a bias rather than zero.</summary>
    static abstract bool HasBias { get; }

    /// <summary>Whether the finish reads the side planes.</summary>
    static abstract bool HasSide { get; }

    /// <summary>Stores one vector of the result at <paramref name="offset"/>.</summary>
    static abstract void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V>;
}

/// <summary>W * x + b.</summary>
internal readonly struct TapBiasFinish : ITapFinish
{
    public static bool HasBias
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    public static bool HasSide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(value, ref result, offset);
}

/// <summary>max(W * x + b, 0), NaN where W * x + b is NaN.</summary>
internal readonly struct TapBiasReluFinish : ITapFinish
{
    public static bool HasBias
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    public static bool HasSide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(VectorMath.Relu(value), ref result, offset);
}

/// <summary>W * x + b added to what is there.</summary>
internal readonly struct TapBiasAddFinish : ITapFinish
{
    public static bool HasBias
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    public static bool HasSide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(V.Load(ref result, offset) + value, ref result, offset);
}

/// <summary>The product alone.</summary>
internal readonly struct TapStoreFinish : ITapFinish
{
    public static bool HasBias
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static bool HasSide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(value, ref result, offset);
}

/// <summary>The product added to what is there.</summary>
internal readonly struct TapAddFinish : ITapFinish
{
    public static bool HasBias
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static bool HasSide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(V.Load(ref result, offset) + value, ref result, offset);
}

/// <summary>The product where the side planes, the output of a ReLU, are positive; zero elsewhere.</summary>
internal readonly struct TapReluGradientFinish : ITapFinish
{
    public static bool HasBias
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static bool HasSide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> =>
        V.Store(V.And(value, V.GreaterThan(V.Load(ref side, offset), V.Zero)), ref result, offset);
}
