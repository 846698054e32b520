using FlowGen.Numerics;

namespace FlowGen.Random;

/// <summary>
/// A map from words of 32 uniform bits to random numbers. It consists of operations that IEEE 754 rounds in one way only (no
/// multiply-add, no library function), so that it gives the same bits everywhere.
/// </summary>
internal interface IRandomDistribution
{
    /// <summary>The numbers of these words, given as the bits of floats.</summary>
    static abstract V Transform<V>(V words)
        where V : struct, IVec<V>;
}
