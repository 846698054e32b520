using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Random;

/// <summary>Uniform on [0, 1): the word's upper 24 bits, as a multiple of 2^-24.</summary>
internal readonly struct UniformDistribution : IRandomDistribution
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Transform<V>(V words)
        where V : struct, IVec<V>
    {
        V bits = V.And(V.ShiftRightArithmeticBits(words, 8), V.CreateBits(0x00FFFFFF));
        return V.ConvertBitsToSingle(bits) * V.Create(5.96046448e-08f);
    }
}
