using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Random;

/// <summary>
/// The standard normal distribution by its quantile function: the word's upper bit is the sign, the others the probability p
/// of both tails, down to 2^-32, so that the tails reach 6.34.
/// </summary>
/// <remarks>
/// z = x H(w) with x = 1 - p and w = -ln(1 - x^2) = -ln(p (2 - p)): the form of Giles, "Approximating the erfinv function"
/// (GPU Computing Gems, 2011), with H = sqrt(2) erfinv(x) / x. Coefficients are minimax fits of H, relative error 5.0e-8 in
/// the centre and 6.2e-8 in the tails; with rounding, z is within 4e-7 max(|z|, 0.1) of the exact quantile of p.
/// </remarks>
internal readonly struct NormalDistribution : IRandomDistribution
{
    /// <summary>Where the centre ends: |z| of 3.03, one number in 400.</summary>
    private const float CentreEnd = 6f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Transform<V>(V words)
        where V : struct, IVec<V>
    {
        V p = SplitWord.Probability(words);
        V w = ReproducibleMath.MinusLog(p * (V.Create(2f) - p));
        V isCentre = V.LessThan(w, V.Create(CentreEnd));
        V h = Centre(w - V.Create(3f));
        if (V.CountSet(isCentre) != V.Count)
        {
            // One vector of 16 in 25: its square root and its polynomial would be a third of the work.
            h = V.Select(isCentre, h, Tail(V.Sqrt(w) - V.Create(3.5f)));
        }

        return SplitWord.Sign(words, (V.Create(1f) - p) * h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Centre<V>(V t)
        where V : struct, IVec<V>
    {
        V square = t * t;
        V fourth = square * square;
        V high = ReproducibleMath.Cubic(t, square, 0.000276445324f, -1.80414336e-05f, -2.66626989e-06f, 6.44289514e-07f)
            + (fourth * ReproducibleMath.Linear(t, -6.13016038e-09f, -8.2402476e-09f));
        return ReproducibleMath.Cubic(t, square, 2.29603529f, 0.341716886f, -0.00811557844f, -0.00118238374f) + (fourth * high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tail<V>(V t)
        where V : struct, IVec<V>
    {
        V square = t * t;
        V fourth = square * square;
        V high = ReproducibleMath.Cubic(t, square, 0.00151100231f, -0.00101161608f, 0.000684431638f, -0.00028024154f)
            + (fourth * V.Create(4.26472143e-05f));
        return ReproducibleMath.Cubic(t, square, 4.7170887f, 1.42463291f, 0.00464056851f, -0.00289885816f) + (fourth * high);
    }
}
