using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowGen.Numerics;

/// <content>The hyperbolic tangent: a polynomial of degree 4 on each of 32 intervals, without a division.</content>
internal static partial class VectorMath
{
    /// <summary>tanh x rounds to 1 from 9.02 on.</summary>
    private const float TanhHighest = 9.1f;

    /// <summary>Added to |x|, so that exponent and three bits of the fraction say the interval: 1/16 wide at 0, then 1/8 from 3/8 on, 1/4, 1/2 and 1.</summary>
    private const float TanhShift = 0.625f;

    /// <summary>The bits of the fraction that do not tell the interval.</summary>
    private const int TanhRestBits = 20;

    /// <summary>The entries of a table for <see cref="IVec{TSelf}.Lookup"/>.</summary>
    private const int TableLength = 32;

    /// <summary>
    /// For each interval, a point near its middle, then the coefficients c0 .. c4 of tanh(point + r): relative error 2.3e-8. The points are such that
    /// tanh is nearly a float there, but for 0 in the interval about it, where c0 = 0 and c1 = 1. Entry 17, the last interval, is a straight line that
    /// ends at 1, entry 18 the first interval.
    /// </summary>
    private static ReadOnlySpan<float> TanhTables =>
    [
        1.5003363f, 1.749765f, 2.000336f, 2.2495773f, 2.4997172f, 2.749523f, 3.0006678f, 3.2493773f,
        3.6246552f, 4.124435f, 4.6244826f, 5.125995f, 5.625512f, 6.1236353f, 6.6255703f, 7.1235695f,
        7.8735695f, 8.375f, 0f, 0.093742445f, 0.15621144f, 0.21874551f, 0.28121307f, 0.34375155f,
        0.43750852f, 0.56240565f, 0.6874732f, 0.8123744f, 0.9374493f, 1.0624788f, 1.187622f, 1.3125731f,

        0.905209f, 0.9413488f, 0.9640513f, 0.97800773f, 0.9866068f, 0.991852f, 0.99506134f, 0.9969939f,
        0.9985797f, 0.999477f, 0.9998076f, 0.9999294f, 0.999974f, 0.9999904f, 0.9999965f, 0.9999987f,
        0.9999997f, 0.9999999f, 0f, 0.093468815f, 0.15495309f, 0.21532206f, 0.27402744f, 0.3308225f,
        0.41157714f, 0.50976014f, 0.5963563f, 0.670898f, 0.7340481f, 0.7866107f, 0.8298399f, 0.864925f,

        0.18059684f, 0.11386219f, 0.07060472f, 0.043500572f, 0.026606854f, 0.016229495f, 0.009852843f, 0.0060031074f,
        0.0028381827f, 0.001045505f, 0.00038471f, 0.00014111689f, 5.196645e-05f, 1.918953e-05f, 7.032225e-06f, 2.5932688e-06f,
        5.7873524e-07f, 1.4e-07f, 1f, 0.99126357f, 0.9759895f, 0.9536364f, 0.92490894f, 0.89055645f,
        0.8306043f, 0.7401448f, 0.64435947f, 0.5498961f, 0.4611736f, 0.38124377f, 0.31136587f, 0.25190476f,

        -0.16347891f, -0.10718462f, -0.06806682f, -0.04254414f, -0.02625063f, -0.016097354f, -0.009804178f, -0.005985102f,
        -0.0028342947f, -0.0010450161f, -0.00038465692f, -0.00014110895f, -5.196644e-05f, -1.9190777e-05f, -7.032343e-06f, -1.0148453e-06f,
        -3.2208106e-07f, 0f, 5.933743e-06f, -0.09265164f, -0.15123233f, -0.20533873f, -0.2534505f, -0.29461613f,
        -0.34185752f, -0.37729615f, -0.38426793f, -0.36892432f, -0.3385237f, -0.29989022f, -0.258384f, -0.21787883f,

        0.08773143f, 0.06301422f, 0.042177837f, 0.027185801f, 0.017085612f, 0.0105934255f, 0.006495134f, 0.0039809234f,
        0.0019131128f, 0.00070676225f, 0.0002603389f, 9.5526724e-05f, 3.5183653e-05f, 1.2994141e-05f, 4.7616495e-06f, 1.8947349e-06f,
        4.0745758e-07f, 0f, -0.33391023f, -0.321641f, -0.30178154f, -0.2735908f, -0.23876026f, -0.19932961f,
        -0.1362066f, -0.05459183f, 0.014079376f, 0.063913055f, 0.09451036f, 0.108621605f, 0.110509105f, 0.10441516f,

        -0.024779962f, -0.02347025f, -0.01789439f, -0.01234271f, -0.008067052f, -0.005114485f, -0.003184639f, -0.001963195f,
        -0.0009488668f, -0.00035171196f, -0.00012973924f, -4.7765796e-05f, -1.7580718e-05f, -6.4704122e-06f, -2.3799937e-06f, -2.6176009e-05f,
        -1.2193069e-06f, 0f, 0.01595537f, 0.06018763f, 0.09681571f, 0.12702999f, 0.15000626f, 0.16413279f,
        0.16971233f, 0.15333597f, 0.11955899f, 0.07999625f, 0.043409817f, 0.014398111f, -0.0055364603f, -0.017648354f,
    ];

    /// <summary>tanh x: 1.5 ulp; keeps the sign of zero; -1 and 1 at the ends; rises wherever x does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, IVec<V>
    {
        ref float tables = ref MemoryMarshal.GetReference(TanhTables);
        V a = V.AtMost(V.Abs(x), V.Create(TanhHighest));
        V interval = V.ShiftRightArithmeticBits(a + V.Create(TanhShift), TanhRestBits);
        V r = a - V.Lookup(ref tables, interval);
        V p = V.Lookup(ref Unsafe.Add(ref tables, 5 * TableLength), interval);
        p = V.MultiplyAdd(r, p, V.Lookup(ref Unsafe.Add(ref tables, 4 * TableLength), interval));
        p = V.MultiplyAdd(r, p, V.Lookup(ref Unsafe.Add(ref tables, 3 * TableLength), interval));
        p = V.MultiplyAdd(r, p, V.Lookup(ref Unsafe.Add(ref tables, 2 * TableLength), interval));
        return CopySign(V.MultiplyAdd(r, p, V.Lookup(ref Unsafe.Add(ref tables, TableLength), interval)), x);
    }

    /// <summary><see cref="Tanh{V}(V)"/> in place on four vectors, which share what is read of the tables.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tanh<V>(ref V x0, ref V x1, ref V x2, ref V x3)
        where V : struct, IVec<V>
    {
        ref float tables = ref MemoryMarshal.GetReference(TanhTables);
        V highest = V.Create(TanhHighest);
        V a0 = V.AtMost(V.Abs(x0), highest);
        V a1 = V.AtMost(V.Abs(x1), highest);
        V a2 = V.AtMost(V.Abs(x2), highest);
        V a3 = V.AtMost(V.Abs(x3), highest);
        V shift = V.Create(TanhShift);
        V i0 = V.ShiftRightArithmeticBits(a0 + shift, TanhRestBits);
        V i1 = V.ShiftRightArithmeticBits(a1 + shift, TanhRestBits);
        V i2 = V.ShiftRightArithmeticBits(a2 + shift, TanhRestBits);
        V i3 = V.ShiftRightArithmeticBits(a3 + shift, TanhRestBits);
        a0 -= V.Lookup(ref tables, i0);
        a1 -= V.Lookup(ref tables, i1);
        a2 -= V.Lookup(ref tables, i2);
        a3 -= V.Lookup(ref tables, i3);
        ref float table = ref Unsafe.Add(ref tables, 5 * TableLength);
        V p0 = V.Lookup(ref table, i0);
        V p1 = V.Lookup(ref table, i1);
        V p2 = V.Lookup(ref table, i2);
        V p3 = V.Lookup(ref table, i3);
        table = ref Unsafe.Add(ref tables, 4 * TableLength);
        p0 = V.MultiplyAdd(a0, p0, V.Lookup(ref table, i0));
        p1 = V.MultiplyAdd(a1, p1, V.Lookup(ref table, i1));
        p2 = V.MultiplyAdd(a2, p2, V.Lookup(ref table, i2));
        p3 = V.MultiplyAdd(a3, p3, V.Lookup(ref table, i3));
        table = ref Unsafe.Add(ref tables, 3 * TableLength);
        p0 = V.MultiplyAdd(a0, p0, V.Lookup(ref table, i0));
        p1 = V.MultiplyAdd(a1, p1, V.Lookup(ref table, i1));
        p2 = V.MultiplyAdd(a2, p2, V.Lookup(ref table, i2));
        p3 = V.MultiplyAdd(a3, p3, V.Lookup(ref table, i3));
        table = ref Unsafe.Add(ref tables, 2 * TableLength);
        p0 = V.MultiplyAdd(a0, p0, V.Lookup(ref table, i0));
        p1 = V.MultiplyAdd(a1, p1, V.Lookup(ref table, i1));
        p2 = V.MultiplyAdd(a2, p2, V.Lookup(ref table, i2));
        p3 = V.MultiplyAdd(a3, p3, V.Lookup(ref table, i3));
        table = ref Unsafe.Add(ref tables, TableLength);
        x0 = CopySign(V.MultiplyAdd(a0, p0, V.Lookup(ref table, i0)), x0);
        x1 = CopySign(V.MultiplyAdd(a1, p1, V.Lookup(ref table, i1)), x1);
        x2 = CopySign(V.MultiplyAdd(a2, p2, V.Lookup(ref table, i2)), x2);
        x3 = CopySign(V.MultiplyAdd(a3, p3, V.Lookup(ref table, i3)), x3);
    }
}
