using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowGen.Numerics;

/// <summary>16 lanes in one 512-bit register.</summary>
internal struct Vec512 : IVec<Vec512>
{
    private Vector512<float> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vec512(Vector512<float> value) => this.value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 16;
    }

    public static int BlockVectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    public static Vec512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Load(ref readonly float source) => new(Vector512.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Load(ref readonly float source, nint offset) => new(Vector512.LoadUnsafe(in source, (nuint)offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vec512 value, ref float destination) => value.value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vec512 value, ref float destination, nint offset) => value.value.StoreUnsafe(ref destination, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 operator +(Vec512 left, Vec512 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 operator -(Vec512 left, Vec512 right) => new(left.value - right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 operator *(Vec512 left, Vec512 right) => new(left.value * right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 operator /(Vec512 left, Vec512 right) => new(left.value / right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 operator -(Vec512 value) => new(-value.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 MultiplyAdd(Vec512 left, Vec512 right, Vec512 addend) =>
        new(Vector512.MultiplyAddEstimate(left.value, right.value, addend.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Vec512 sum, Vec512 left, Vec512 right) =>
        sum.value = Vector512.MultiplyAddEstimate(left.value, right.value, sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Vec512 sum, Vec512 left, ref readonly float right, nint offset) =>
        sum.value = Vector512.MultiplyAddEstimate(left.value, Vector512.LoadUnsafe(in right, (nuint)offset), sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Max(Vec512 left, Vec512 right) => new(Vector512.Max(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Min(Vec512 left, Vec512 right) => new(Vector512.Min(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 AtLeast(Vec512 value, Vec512 bound) => new(Vector512.MaxNative(bound.value, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 AtMost(Vec512 value, Vec512 bound) => new(Vector512.MinNative(bound.value, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Abs(Vec512 value) => new(Vector512.Abs(value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Sqrt(Vec512 value) => new(Vector512.Sqrt(value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 GreaterThan(Vec512 left, Vec512 right) => new(Vector512.GreaterThan(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 LessThan(Vec512 left, Vec512 right) => new(Vector512.LessThan(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Equal(Vec512 left, Vec512 right) => new(Vector512.Equals(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Select(Vec512 mask, Vec512 whenTrue, Vec512 whenFalse) =>
        new(Vector512.ConditionalSelect(mask.value, whenTrue.value, whenFalse.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountSet(Vec512 mask) => BitOperations.PopCount(mask.value.ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountLess(Vec512 left, Vec512 right) => BitOperations.PopCount(Vector512.LessThan(left.value, right.value).ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 And(Vec512 left, Vec512 right) => new(left.value & right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Or(Vec512 left, Vec512 right) => new(left.value | right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Xor(Vec512 left, Vec512 right) => new(left.value ^ right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 AddBits(Vec512 left, Vec512 right) => new((left.value.AsInt32() + right.value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 SubtractBits(Vec512 left, Vec512 right) => new((left.value.AsInt32() - right.value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 MinBits(Vec512 left, Vec512 right) => new(Vector512.Min(left.value.AsInt32(), right.value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyBits(Vec512 left, uint right, out Vec512 high, out Vec512 low)
    {
        Vector512<uint> bits = left.value.AsUInt32();
        low = new((bits * right).AsSingle());
        if (Avx512F.IsSupported)
        {
            // The instruction multiplies every other lane; the high halves of the two rounds fall into place by a shift.
            Vector512<uint> factor = Vector512.Create(right);
            Vector512<ulong> even = Avx512F.Multiply(bits, factor);
            Vector512<ulong> odd = Avx512F.Multiply((bits.AsUInt64() >>> 32).AsUInt32(), factor);
            high = new(Vector512.ConditionalSelect(Vector512.Create(0xFFFFFFFF00000000), odd, even >>> 32).AsSingle());
            return;
        }

        Vector512<ulong> wide = Vector512.Create((ulong)right);
        high = new(Vector512.Narrow((Vector512.WidenLower(bits) * wide) >>> 32, (Vector512.WidenUpper(bits) * wide) >>> 32).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 ShiftLeftBits(Vec512 value, int count) => new((value.value.AsInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 ShiftRightArithmeticBits(Vec512 value, int count) => new((value.value.AsInt32() >> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 CreateBits(int bits) => new(Vector512.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 ConvertBitsToSingle(Vec512 value) => new(Vector512.ConvertToSingle(value.value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Lookup(ref readonly float table, Vec512 bits) =>
        Avx512F.IsSupported
            ? new(Avx512F.PermuteVar16x32x2(Vector512.LoadUnsafe(in table), bits.value.AsInt32(), Vector512.LoadUnsafe(in table, 16)))
            : Join(Vec256.Lookup(in table, bits.Lower), Vec256.Lookup(in table, bits.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 LookupEighth(ref readonly float table, Vec512 bits) =>
        Avx512F.IsSupported
            ? new(Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(in table), bits.value.AsInt32()))
            : Join(Vec256.LookupEighth(in table, bits.Lower), Vec256.LookupEighth(in table, bits.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 ScaleB(Vec512 value, Vec512 exponent) =>
        Avx512F.IsSupported
            ? new(Avx512F.Scale(value.value, exponent.value))
            : Join(Vec256.ScaleB(value.Lower, exponent.Lower), Vec256.ScaleB(value.Upper, exponent.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512 Decompose(Vec512 value, out Vec512 exponent)
    {
        if (!Avx512F.IsSupported)
        {
            Vec256 lower = Vec256.Decompose(value.Lower, out Vec256 lowerExponent);
            Vec256 upper = Vec256.Decompose(value.Upper, out Vec256 upperExponent);
            exponent = Join(lowerExponent, upperExponent);
            return Join(lower, upper);
        }

        // Control 0b11_11: the mantissa in [0.75, 1.5), NaN where the value is negative. The exponent that goes with it is one
        // above the value's own where the mantissa is below 1.
        Vector512<float> mantissa = Avx512F.GetMantissa(value.value, 0b11_11);
        exponent = new(Avx512F.GetExponent(value.value) - Avx512F.GetExponent(mantissa));
        return new(mantissa);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vec512 value) => Vector512.Sum(value.value);

    private Vec256 Lower => Vec256.Create(value.GetLower());

    private Vec256 Upper => Vec256.Create(value.GetUpper());

    private static Vec512 Join(Vec256 lower, Vec256 upper) => new(Vector512.Create(lower.AsVector(), upper.AsVector()));
}
