using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Random;

/// <summary>
/// The counter-based random number generator Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3" (SC11). A block of four words is a function of the seed and of the position asked for, and of nothing else, so
/// that any part of a sequence can be had at once, in any order, on any thread and any machine.
/// </summary>
/// <remarks>
/// The 64-bit seed is the key, its low half first. The counter is, from the first word to the last: the low and high half of
/// the index, the block, the stream. All random numbers of FlowGen come from it: in samples, the index is the row.
/// </remarks>
/// <param name="Seed">The seed: generators of different seeds are independent.</param>
public readonly record struct Philox(ulong Seed)
{
    /// <summary>The words of one block.</summary>
    public const int WordsPerBlock = 4;

    private const int Rounds = 10;

    private const uint Multiplier0 = 0xD2511F53;

    private const uint Multiplier1 = 0xCD9E8D57;

    /// <summary>The golden ratio's fraction: what the first half of the key grows by from round to round.</summary>
    private const uint KeyStep0 = 0x9E3779B9;

    /// <summary>The fraction of the square root of 3: what the second half of the key grows by.</summary>
    private const uint KeyStep1 = 0xBB67AE85;

    /// <summary>Four words of 32 uniform bits.</summary>
    /// <param name="index">Which sequence of the stream: a row, for example.</param>
    /// <param name="block">The position in the sequence, in blocks of four words.</param>
    /// <param name="stream">What the numbers are for: different streams are independent.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (uint Word0, uint Word1, uint Word2, uint Word3) Block(ulong index, uint block, uint stream)
    {
        unchecked
        {
            uint c0 = (uint)index;
            uint c1 = (uint)(index >> 32);
            uint c2 = block;
            uint c3 = stream;
            uint k0 = (uint)Seed;
            uint k1 = (uint)(Seed >> 32);
            for (int round = 0; round < Rounds; round++)
            {
                ulong product0 = (ulong)Multiplier0 * c0;
                ulong product1 = (ulong)Multiplier1 * c2;
                c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
                c1 = (uint)product1;
                c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
                c3 = (uint)product0;
                k0 += KeyStep0;
                k1 += KeyStep1;
            }

            return (c0, c1, c2, c3);
        }
    }

    /// <summary>Turns counters, one in each lane, into words, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Blocks<V>(ref V word0, ref V word1, ref V word2, ref V word3)
        where V : struct, IVec<V>
    {
        uint k0 = (uint)Seed;
        uint k1 = (uint)(Seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            V.MultiplyBits(word0, Multiplier0, out V high0, out V low0);
            V.MultiplyBits(word2, Multiplier1, out V high1, out V low1);
            word0 = V.Xor(V.Xor(high1, word1), V.CreateBits(unchecked((int)k0)));
            word1 = low1;
            word2 = V.Xor(V.Xor(high0, word3), V.CreateBits(unchecked((int)k1)));
            word3 = low0;
            k0 = unchecked(k0 + KeyStep0);
            k1 = unchecked(k1 + KeyStep1);
        }
    }
}
