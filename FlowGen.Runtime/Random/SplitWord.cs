using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Random;

/// <summary>A random word as a sign and the probability of both tails beyond the number it stands for.</summary>
internal static class SplitWord
{
    /// <summary>The lower 31 bits m as (m + 1/2) 2^-31, rounded: from 2^-32 to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Probability<V>(V words)
        where V : struct, IVec<V>
    {
        V count = V.ConvertBitsToSingle(V.And(words, V.CreateBits(int.MaxValue)));
        return (count + V.Create(0.5f)) * V.Create(4.65661287e-10f);
    }

    /// <summary>The magnitude, negated where the word's upper bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sign<V>(V words, V magnitude)
        where V : struct, IVec<V> => V.Xor(magnitude, V.And(words, V.CreateBits(int.MinValue)));
}
