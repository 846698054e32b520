using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

/// <summary>Operations on the exponent of floating-point lanes, for widths without instructions for them.</summary>
internal static class VectorBits
{
    /// <summary>1.5 * 2^23: a float this large has steps of 1, so that adding it rounds to an integer, found in the low bits.</summary>
    public const float RoundingShift = 12582912f;

    /// <summary>The bits of the float 1, which are also its biased exponent in place.</summary>
    public const int OneBits = 0x3F800000;

    /// <summary>The width of the fraction of a float.</summary>
    public const int FractionBits = 23;

    private const float SmallestNormal = 1.17549435e-38f;

    /// <inheritdoc cref="IVec{TSelf}.ScaleB"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScaleB<V>(V value, V exponent)
        where V : struct, IVec<V>
    {
        // Two factors, each a normal power of two. Halving the shifted integer halves the exponent in its low bits; the bits
        // above them are shifted out when it moves into the exponent's place.
        V all = exponent + V.Create(RoundingShift);
        V half = V.ShiftRightArithmeticBits(all, 1);
        V rest = V.SubtractBits(all, half);
        V one = V.CreateBits(OneBits);
        return value * V.AddBits(V.ShiftLeftBits(half, FractionBits), one) * V.AddBits(V.ShiftLeftBits(rest, FractionBits), one);
    }

    /// <inheritdoc cref="IVec{TSelf}.Decompose"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Decompose<V>(V value, out V exponent)
        where V : struct, IVec<V>
    {
        V denormal = V.LessThan(value, V.Create(SmallestNormal));
        V normal = V.Select(denormal, value * V.Create(16777216f), value);

        // Counted from the bits of 0.75, so that the exponent steps there and not at 1.
        V steps = V.ShiftRightArithmeticBits(V.SubtractBits(normal, V.Create(0.75f)), FractionBits);
        V mantissa = V.SubtractBits(normal, V.ShiftLeftBits(steps, FractionBits));
        V counted = V.ConvertBitsToSingle(steps) - V.And(denormal, V.Create(24f));

        V infinity = V.Create(float.PositiveInfinity);
        V usual = V.And(V.GreaterThan(value, V.Zero), V.LessThan(value, infinity));
        V unusual = V.Select(V.LessThan(value, V.Zero), V.Create(float.NaN), value);
        unusual = V.Select(V.Equal(value, V.Zero), -infinity, unusual);
        exponent = V.Select(usual, counted, unusual);
        return V.Select(usual, mantissa, V.Create(1f));
    }
}
