namespace FlowGen.Numerics;

/// <summary>How a single-precision number is laid out, and the constants that working on its parts takes.</summary>
internal static class FloatBits
{
    /// <summary>The width of the fraction.</summary>
    public const int Fraction = 23;

    /// <summary>The bits of 1, which are also the exponent's bias in its place.</summary>
    public const int One = 0x3F800000;

    /// <summary>The bits of 0.75.</summary>
    public const int ThreeQuarters = 0x3F400000;

    /// <summary>1.5 * 2^23: a float this large has steps of 1, so that adding it rounds to an integer, found in the low bits.</summary>
    public const float RoundingShift = 12582912f;

    /// <summary>2^-126.</summary>
    public const float SmallestNormal = 1.17549435e-38f;

    /// <summary>2^24: makes every denormal number normal.</summary>
    public const float DenormalScale = 16777216f;

    /// <summary>The exponent of <see cref="DenormalScale"/>.</summary>
    public const float DenormalShift = 24f;
}
