using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>What each chain of a <see cref="DenseBlock"/> starts from, and what becomes of its end while it is in a register.</summary>
internal interface IDenseFinish
{
    /// <summary>Whether the side operand is a block like the result, rather than one number for each row.</summary>
    static abstract bool SideIsBlock { get; }

    /// <summary>Whether the finish reads the result, too.</summary>
    static abstract bool AddsToResult { get; }

    /// <summary>What the chains of row <paramref name="row"/> start from.</summary>
    static abstract V Start<V>(ref float side, nint row)
        where V : struct, IVec<V>;

    /// <summary>Stores one vector of the result at <paramref name="offset"/>.</summary>
    static abstract void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V>;
}

/// <summary>W x + b.</summary>
internal readonly struct BiasFinish : IDenseFinish
{
    public static bool AddsToResult
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static bool SideIsBlock
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>(ref float side, nint row)
        where V : struct, IVec<V> => V.Create(Unsafe.Add(ref side, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(value, ref result, offset);
}

/// <summary>max(W x + b, 0), NaN where W x + b is NaN.</summary>
internal readonly struct BiasReluFinish : IDenseFinish
{
    public static bool AddsToResult
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static bool SideIsBlock
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>(ref float side, nint row)
        where V : struct, IVec<V> => V.Create(Unsafe.Add(ref side, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(VectorMath.Relu(value), ref result, offset);
}

/// <summary>The product alone.</summary>
internal readonly struct StoreFinish : IDenseFinish
{
    public static bool AddsToResult
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static bool SideIsBlock
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>(ref float side, nint row)
        where V : struct, IVec<V> => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(value, ref result, offset);
}

/// <summary>The product added to what is there.</summary>
internal readonly struct AddFinish : IDenseFinish
{
    public static bool AddsToResult
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    public static bool SideIsBlock
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>(ref float side, nint row)
        where V : struct, IVec<V> => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> => V.Store(V.Load(ref result, offset) + value, ref result, offset);
}

/// <summary>The product where the side operand, the output of a ReLU, is positive; zero elsewhere.</summary>
internal readonly struct ReluGradientFinish : IDenseFinish
{
    public static bool AddsToResult
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => false;
    }

    public static bool SideIsBlock
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>(ref float side, nint row)
        where V : struct, IVec<V> => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V>(V value, ref float result, ref float side, nint offset)
        where V : struct, IVec<V> =>
        V.Store(V.And(value, V.GreaterThan(V.Load(ref side, offset), V.Zero)), ref result, offset);
}
