using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowGen.Numerics;

/// <summary>8 lanes in one 256-bit register.</summary>
internal struct Vec256 : IVec<Vec256>
{
    private Vector256<float> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vec256(Vector256<float> value) => this.value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }

    public static int BlockVectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }

    public static Vec256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Load(ref readonly float source) => new(Vector256.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Load(ref readonly float source, nint offset) => new(Vector256.LoadUnsafe(in source, (nuint)offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vec256 value, ref float destination) => value.value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vec256 value, ref float destination, nint offset) => value.value.StoreUnsafe(ref destination, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator +(Vec256 left, Vec256 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator -(Vec256 left, Vec256 right) => new(left.value - right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator *(Vec256 left, Vec256 right) => new(left.value * right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator /(Vec256 left, Vec256 right) => new(left.value / right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 operator -(Vec256 value) => new(-value.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 MultiplyAdd(Vec256 left, Vec256 right, Vec256 addend) =>
        new(Vector256.MultiplyAddEstimate(left.value, right.value, addend.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Vec256 sum, Vec256 left, Vec256 right) =>
        sum.value = Vector256.MultiplyAddEstimate(left.value, right.value, sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Vec256 sum, Vec256 left, ref readonly float right, nint offset) =>
        sum.value = Vector256.MultiplyAddEstimate(left.value, Vector256.LoadUnsafe(in right, (nuint)offset), sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Max(Vec256 left, Vec256 right) => new(Vector256.Max(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Min(Vec256 left, Vec256 right) => new(Vector256.Min(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 AtLeast(Vec256 value, Vec256 bound) => new(Vector256.MaxNative(bound.value, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 AtMost(Vec256 value, Vec256 bound) => new(Vector256.MinNative(bound.value, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Abs(Vec256 value) => new(Vector256.Abs(value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Sqrt(Vec256 value) => new(Vector256.Sqrt(value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 GreaterThan(Vec256 left, Vec256 right) => new(Vector256.GreaterThan(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 LessThan(Vec256 left, Vec256 right) => new(Vector256.LessThan(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Equal(Vec256 left, Vec256 right) => new(Vector256.Equals(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Select(Vec256 mask, Vec256 whenTrue, Vec256 whenFalse) =>
        new(Vector256.ConditionalSelect(mask.value, whenTrue.value, whenFalse.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountSet(Vec256 mask) => BitOperations.PopCount(mask.value.ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountLess(Vec256 left, Vec256 right) => BitOperations.PopCount(Vector256.LessThan(left.value, right.value).ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 And(Vec256 left, Vec256 right) => new(left.value & right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Or(Vec256 left, Vec256 right) => new(left.value | right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Xor(Vec256 left, Vec256 right) => new(left.value ^ right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 AddBits(Vec256 left, Vec256 right) => new((left.value.AsInt32() + right.value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 SubtractBits(Vec256 left, Vec256 right) => new((left.value.AsInt32() - right.value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 MinBits(Vec256 left, Vec256 right) => new(Vector256.Min(left.value.AsInt32(), right.value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyBits(Vec256 left, uint right, out Vec256 high, out Vec256 low)
    {
        Vector256<uint> bits = left.value.AsUInt32();
        low = new((bits * right).AsSingle());
        if (Avx2.IsSupported)
        {
            // The instruction multiplies every other lane; the high halves of the two rounds fall into place by a shift.
            Vector256<uint> factor = Vector256.Create(right);
            Vector256<ulong> even = Avx2.Multiply(bits, factor);
            Vector256<ulong> odd = Avx2.Multiply((bits.AsUInt64() >>> 32).AsUInt32(), factor);
            high = new(Vector256.ConditionalSelect(Vector256.Create(0xFFFFFFFF00000000), odd, even >>> 32).AsSingle());
            return;
        }

        Vector256<ulong> wide = Vector256.Create((ulong)right);
        high = new(Vector256.Narrow((Vector256.WidenLower(bits) * wide) >>> 32, (Vector256.WidenUpper(bits) * wide) >>> 32).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 ShiftLeftBits(Vec256 value, int count) => new((value.value.AsInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 ShiftRightArithmeticBits(Vec256 value, int count) => new((value.value.AsInt32() >> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 CreateBits(int bits) => new(Vector256.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 ConvertBitsToSingle(Vec256 value) => new(Vector256.ConvertToSingle(value.value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Lookup(ref readonly float table, Vec256 bits)
    {
        if (!Avx2.IsSupported)
        {
            return new(Vector256.Create(Vec128.Lookup(in table, bits.value.AsInt32().GetLower()), Vec128.Lookup(in table, bits.value.AsInt32().GetUpper())));
        }

        // Each quarter of the table by the low three bits, then the halves by the fourth and the fifth, moved into the sign.
        Vector256<int> index = bits.value.AsInt32();
        Vector256<float> fourth = (index << 28).AsSingle();
        Vector256<float> fifth = (index << 27).AsSingle();
        Vector256<float> lower = Avx.BlendVariable(
            Avx2.PermuteVar8x32(Vector256.LoadUnsafe(in table), index), Avx2.PermuteVar8x32(Vector256.LoadUnsafe(in table, 8), index), fourth);
        Vector256<float> upper = Avx.BlendVariable(
            Avx2.PermuteVar8x32(Vector256.LoadUnsafe(in table, 16), index), Avx2.PermuteVar8x32(Vector256.LoadUnsafe(in table, 24), index), fourth);
        return new(Avx.BlendVariable(lower, upper, fifth));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 LookupEighth(ref readonly float table, Vec256 bits) =>
        Avx2.IsSupported
            ? new(Avx2.PermuteVar8x32(Vector256.LoadUnsafe(in table), bits.value.AsInt32()))
            : new(Vector256.Create(Vec128.LookupEighth(in table, bits.value.AsInt32().GetLower()), Vec128.LookupEighth(in table, bits.value.AsInt32().GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 ScaleB(Vec256 value, Vec256 exponent)
    {
        // Two factors, each a normal power of two: halving the shifted integer halves the exponent in its low bits, and the
        // bits above them are shifted out when it moves into the exponent's place.
        Vector256<int> all = (exponent.value + Vector256.Create(FloatBits.RoundingShift)).AsInt32();
        Vector256<int> half = all >> 1;
        Vector256<int> one = Vector256.Create(FloatBits.One);
        Vector256<int> first = (half << FloatBits.Fraction) + one;
        Vector256<int> second = ((all - half) << FloatBits.Fraction) + one;
        return new(value.value * first.AsSingle() * second.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256 Decompose(Vec256 value, out Vec256 exponent)
    {
        Vector256<float> x = value.value;
        Vector256<float> denormal = Vector256.LessThan(x, Vector256.Create(FloatBits.SmallestNormal));
        Vector256<int> bits = Vector256.ConditionalSelect(denormal, x * FloatBits.DenormalScale, x).AsInt32();

        // Counted from the bits of 0.75, so that the exponent steps there and not at 1. Zero has a mantissa of 1 by itself.
        Vector256<int> steps = (bits - Vector256.Create(FloatBits.ThreeQuarters)) >> FloatBits.Fraction;
        Vector256<float> counted = Vector256.ConvertToSingle(steps) - (denormal & Vector256.Create(FloatBits.DenormalShift));
        counted = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(float.PositiveInfinity)), counted, x);
        Vector256<float> special = Vector256.ConditionalSelect(
            Vector256.Equals(x, Vector256<float>.Zero), Vector256.Create(float.NegativeInfinity), Vector256.Create(float.NaN));
        exponent = new(Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), counted, special));
        return new((bits - (steps << FloatBits.Fraction)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vec256 value) => Vector256.Sum(value.value);

    /// <summary>The lanes of a hardware vector.</summary>
    internal static Vec256 Create(Vector256<float> value) => new(value);

    /// <summary>The lanes as a hardware vector.</summary>
    internal Vector256<float> AsVector() => value;
}
