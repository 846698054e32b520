using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace FlowGen.Numerics;

/// <content>The activation x or e^x - 1: an eighth of an octave from a table, and a polynomial of degree 4 for the rest.</content>
internal static partial class VectorMath
{
    /// <summary>Less than 8 / ln 2 by a thousandth, so that e^x - 1 rises where n steps also where it is near -1.</summary>
    private const float EighthsE = 11.5311728f;

    /// <summary>ln(2) / 8. Its error times n grows no faster than 2^(n / 8) falls.</summary>
    private const float EighthOfLn2 = 0.0866433978f;

    private const float EluThird = 0.166683137f;

    private const float EluFourth = 0.0416682623f;

    /// <summary>From one row of <see cref="EluRows"/> to the next.</summary>
    private const int EluRow = 16;

    /// <summary>
    /// Rows of 16. For each j, twice: a T near 2^(j / 8) of seven bits, which leave T 2^k - 1 exact until k = -18, less j in the bits that n = 8 k + j brings there as it becomes k in the exponent; then ln T - j ln(2) / 8,
    /// as <see cref="EighthOfLn2"/> has it for k = -1, where e^x - 1 is small, and 0 for j = 0. Then a row for each number that the formula takes besides.
    /// </summary>
    private static ReadOnlySpan<float> EluNumbers =>
    [
        1f, 0.984375f, 0.9765625f, 0.953125f, 0.953125f, 0.953125f, 0.9609375f, 0.96875f,
        1f, 0.984375f, 0.9765625f, 0.953125f, 0.953125f, 0.953125f, 0.9609375f, 0.96875f,

        0f, 0.00296876277f, 0.0116355447f, -0.0120940274f, -0.00564700225f, -0.00713259168f, -0.00591463363f, -0.0117966747f,
        0f, 0.00296876277f, 0.0116355447f, -0.0120940274f, -0.00564700225f, -0.00713259168f, -0.00591463363f, -0.0117966747f,

        Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest,
        Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest, Expm1Lowest,
        FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift,
        FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift, FloatBits.RoundingShift,
        EighthsE, EighthsE, EighthsE, EighthsE, EighthsE, EighthsE, EighthsE, EighthsE,
        EighthsE, EighthsE, EighthsE, EighthsE, EighthsE, EighthsE, EighthsE, EighthsE,
        -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2,
        -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2, -EighthOfLn2,
        EluFourth, EluFourth, EluFourth, EluFourth, EluFourth, EluFourth, EluFourth, EluFourth,
        EluFourth, EluFourth, EluFourth, EluFourth, EluFourth, EluFourth, EluFourth, EluFourth,
        EluThird, EluThird, EluThird, EluThird, EluThird, EluThird, EluThird, EluThird,
        EluThird, EluThird, EluThird, EluThird, EluThird, EluThird, EluThird, EluThird,
        0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f,
        0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f,
        1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f,
        1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f,
    ];

    /// <summary>What <see cref="Elu{V}(ref V, ref V, ref V, ref V, ref float)"/> reads.</summary>
    public static ref float EluRows => ref MemoryMarshal.GetReference(EluNumbers);

    /// <summary>x where positive, e^x - 1 elsewhere: 1.5 ulp; keeps the sign of zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Elu<V>(V x)
        where V : struct, IVec<V>
    {
        ref float tables = ref MemoryMarshal.GetReference(EluNumbers);

        // The bits of positive numbers are above those of negative ones, among which the bits of smaller numbers are the larger ones: what is
        // not from Expm1Lowest to -0 becomes Expm1Lowest.
        V y = V.MinBits(x, V.Create(Expm1Lowest));
        V shifted = V.MultiplyAdd(y, V.Create(EighthsE), V.Create(FloatBits.RoundingShift));
        V n = shifted - V.Create(FloatBits.RoundingShift);
        V r = V.MultiplyAdd(n, V.Create(-EighthOfLn2), y) - V.LookupEighth(ref Unsafe.Add(ref tables, EluRow), shifted);

        // e^r - 1 = r + r^2 P(r), |r| <= 0.056: relative error 1.5e-8.
        V p = V.MultiplyAdd(r, V.MultiplyAdd(r, V.Create(EluFourth), V.Create(EluThird)), V.Create(0.5f));
        p = V.MultiplyAdd(r * r, p, r);
        V t = V.AddBits(V.LookupEighth(ref tables, shifted), V.ShiftLeftBits(shifted, FloatBits.Fraction - 3));
        return LargerOf(x, V.MultiplyAdd(t, p, t - V.Create(1f)));
    }

    /// <summary><see cref="Elu{V}(V)"/> in place on four vectors: one after the other, each would wait for its own chain of steps, further than the schedulers of a processor reach ahead.</summary>
    /// <param name="x0">The first vector.</param>
    /// <param name="x1">The second.</param>
    /// <param name="x2">The third.</param>
    /// <param name="x3">The last.</param>
    /// <param name="rows"><see cref="EluRows"/>, through a reference whose values the compiler does not know: it would load each number to all lanes where it is used, which takes a pipe that multiplies.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Elu<V>(ref V x0, ref V x1, ref V x2, ref V x3, ref float rows)
        where V : struct, IVec<V>
    {
        ref float rests = ref Unsafe.Add(ref rows, EluRow);
        V lowest = V.Load(ref rows, 2 * EluRow);
        V r0 = V.MinBits(x0, lowest);
        V r1 = V.MinBits(x1, lowest);
        V r2 = V.MinBits(x2, lowest);
        V r3 = V.MinBits(x3, lowest);
        V shift = V.Load(ref rows, 3 * EluRow);
        V scale = V.Load(ref rows, 4 * EluRow);
        V t0 = V.MultiplyAdd(r0, scale, shift);
        V t1 = V.MultiplyAdd(r1, scale, shift);
        V t2 = V.MultiplyAdd(r2, scale, shift);
        V t3 = V.MultiplyAdd(r3, scale, shift);
        V step = V.Load(ref rows, 5 * EluRow);
        r0 = V.MultiplyAdd(t0 - shift, step, r0);
        r1 = V.MultiplyAdd(t1 - shift, step, r1);
        r2 = V.MultiplyAdd(t2 - shift, step, r2);
        r3 = V.MultiplyAdd(t3 - shift, step, r3);
        r0 -= V.LookupEighth(ref rests, t0);
        r1 -= V.LookupEighth(ref rests, t1);
        r2 -= V.LookupEighth(ref rests, t2);
        r3 -= V.LookupEighth(ref rests, t3);
        V fourth = V.Load(ref rows, 6 * EluRow);
        V third = V.Load(ref rows, 7 * EluRow);
        V p0 = V.MultiplyAdd(r0, fourth, third);
        V p1 = V.MultiplyAdd(r1, fourth, third);
        V p2 = V.MultiplyAdd(r2, fourth, third);
        V p3 = V.MultiplyAdd(r3, fourth, third);
        t0 = V.AddBits(V.LookupEighth(ref rows, t0), V.ShiftLeftBits(t0, FloatBits.Fraction - 3));
        t1 = V.AddBits(V.LookupEighth(ref rows, t1), V.ShiftLeftBits(t1, FloatBits.Fraction - 3));
        t2 = V.AddBits(V.LookupEighth(ref rows, t2), V.ShiftLeftBits(t2, FloatBits.Fraction - 3));
        t3 = V.AddBits(V.LookupEighth(ref rows, t3), V.ShiftLeftBits(t3, FloatBits.Fraction - 3));
        V second = V.Load(ref rows, 8 * EluRow);
        p0 = V.MultiplyAdd(r0, p0, second);
        p1 = V.MultiplyAdd(r1, p1, second);
        p2 = V.MultiplyAdd(r2, p2, second);
        p3 = V.MultiplyAdd(r3, p3, second);
        p0 = V.MultiplyAdd(r0 * r0, p0, r0);
        p1 = V.MultiplyAdd(r1 * r1, p1, r1);
        p2 = V.MultiplyAdd(r2 * r2, p2, r2);
        p3 = V.MultiplyAdd(r3 * r3, p3, r3);
        V one = V.Load(ref rows, 9 * EluRow);
        x0 = LargerOf(x0, V.MultiplyAdd(t0, p0, t0 - one));
        x1 = LargerOf(x1, V.MultiplyAdd(t1, p1, t1 - one));
        x2 = LargerOf(x2, V.MultiplyAdd(t2, p2, t2 - one));
        x3 = LargerOf(x3, V.MultiplyAdd(t3, p3, t3 - one));
    }

    // e^x - 1 is x or more below 0, and -1 is what comes for what is not: the larger is right everywhere, and NaN where x is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LargerOf<V>(V x, V curve)
        where V : struct, IVec<V>
    {
        V larger = V.AtLeast(x, curve);
        return X86Base.IsSupported ? larger : CopySign(larger, x);
    }
}
