using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Random;

/// <summary>
/// The standard logistic distribution by its quantile function ln u - ln(1 - u): the word's upper bit is the sign, the others
/// the distance from the nearer end, down to 2^-33, so that both tails reach 22.9.
/// </summary>
internal readonly struct LogisticDistribution : IRandomDistribution
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Transform<V>(V words)
        where V : struct, IVec<V>
    {
        // With p the probability of both tails: u = p / 2, and u / (1 - u) = p / (2 - p).
        V p = SplitWord.Probability(words);
        return SplitWord.Sign(words, ReproducibleMath.MinusLog(p / (V.Create(2f) - p)));
    }
}
