using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowGen.Numerics;

/// <summary>4 lanes in one 128-bit register.</summary>
internal struct Vec128 : IVec<Vec128>
{
    private Vector128<float> value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vec128(Vector128<float> value) => this.value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    public static int BlockVectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported ? 4 : 2;
    }

    public static Vec128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Load(ref readonly float source) => new(Vector128.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Load(ref readonly float source, nint offset) => new(Vector128.LoadUnsafe(in source, (nuint)offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vec128 value, ref float destination) => value.value.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vec128 value, ref float destination, nint offset) => value.value.StoreUnsafe(ref destination, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator +(Vec128 left, Vec128 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator -(Vec128 left, Vec128 right) => new(left.value - right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator *(Vec128 left, Vec128 right) => new(left.value * right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator /(Vec128 left, Vec128 right) => new(left.value / right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator -(Vec128 value) => new(-value.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 MultiplyAdd(Vec128 left, Vec128 right, Vec128 addend) =>
        new(Vector128.MultiplyAddEstimate(left.value, right.value, addend.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Vec128 sum, Vec128 left, Vec128 right) =>
        sum.value = Vector128.MultiplyAddEstimate(left.value, right.value, sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Vec128 sum, Vec128 left, ref readonly float right, nint offset) =>
        sum.value = Vector128.MultiplyAddEstimate(left.value, Vector128.LoadUnsafe(in right, (nuint)offset), sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Max(Vec128 left, Vec128 right) => new(Vector128.Max(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Min(Vec128 left, Vec128 right) => new(Vector128.Min(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 AtLeast(Vec128 value, Vec128 bound) => new(Vector128.MaxNative(bound.value, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 AtMost(Vec128 value, Vec128 bound) => new(Vector128.MinNative(bound.value, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Abs(Vec128 value) => new(Vector128.Abs(value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Sqrt(Vec128 value) => new(Vector128.Sqrt(value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 GreaterThan(Vec128 left, Vec128 right) => new(Vector128.GreaterThan(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 LessThan(Vec128 left, Vec128 right) => new(Vector128.LessThan(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Equal(Vec128 left, Vec128 right) => new(Vector128.Equals(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Select(Vec128 mask, Vec128 whenTrue, Vec128 whenFalse) =>
        new(Vector128.ConditionalSelect(mask.value, whenTrue.value, whenFalse.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountSet(Vec128 mask) => BitOperations.PopCount(mask.value.ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountLess(Vec128 left, Vec128 right) => BitOperations.PopCount(Vector128.LessThan(left.value, right.value).ExtractMostSignificantBits());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 And(Vec128 left, Vec128 right) => new(left.value & right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Or(Vec128 left, Vec128 right) => new(left.value | right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Xor(Vec128 left, Vec128 right) => new(left.value ^ right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 AddBits(Vec128 left, Vec128 right) => new((left.value.AsInt32() + right.value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 SubtractBits(Vec128 left, Vec128 right) => new((left.value.AsInt32() - right.value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 MinBits(Vec128 left, Vec128 right) => new(Vector128.Min(left.value.AsInt32(), right.value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyBits(Vec128 left, uint right, out Vec128 high, out Vec128 low)
    {
        Vector128<uint> bits = left.value.AsUInt32();
        low = new((bits * right).AsSingle());
        if (Sse2.IsSupported)
        {
            // The instruction multiplies every other lane; the high halves of the two rounds fall into place by a shift.
            Vector128<uint> factor = Vector128.Create(right);
            Vector128<ulong> even = Sse2.Multiply(bits, factor);
            Vector128<ulong> odd = Sse2.Multiply((bits.AsUInt64() >>> 32).AsUInt32(), factor);
            high = new(Vector128.ConditionalSelect(Vector128.Create(0xFFFFFFFF00000000), odd, even >>> 32).AsSingle());
            return;
        }

        Vector128<ulong> wide = Vector128.Create((ulong)right);
        high = new(Vector128.Narrow((Vector128.WidenLower(bits) * wide) >>> 32, (Vector128.WidenUpper(bits) * wide) >>> 32).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 ShiftLeftBits(Vec128 value, int count) => new((value.value.AsInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 ShiftRightArithmeticBits(Vec128 value, int count) => new((value.value.AsInt32() >> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 CreateBits(int bits) => new(Vector128.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 ConvertBitsToSingle(Vec128 value) => new(Vector128.ConvertToSingle(value.value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Lookup(ref readonly float table, Vec128 bits) => new(Lookup(in table, bits.value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 LookupEighth(ref readonly float table, Vec128 bits) => new(LookupEighth(in table, bits.value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 ScaleB(Vec128 value, Vec128 exponent)
    {
        // Two factors, each a normal power of two: halving the shifted integer halves the exponent in its low bits, and the
        // bits above them are shifted out when it moves into the exponent's place.
        Vector128<int> all = (exponent.value + Vector128.Create(FloatBits.RoundingShift)).AsInt32();
        Vector128<int> half = all >> 1;
        Vector128<int> one = Vector128.Create(FloatBits.One);
        Vector128<int> first = (half << FloatBits.Fraction) + one;
        Vector128<int> second = ((all - half) << FloatBits.Fraction) + one;
        return new(value.value * first.AsSingle() * second.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Decompose(Vec128 value, out Vec128 exponent)
    {
        Vector128<float> x = value.value;
        Vector128<float> denormal = Vector128.LessThan(x, Vector128.Create(FloatBits.SmallestNormal));
        Vector128<int> bits = Vector128.ConditionalSelect(denormal, x * FloatBits.DenormalScale, x).AsInt32();

        // Counted from the bits of 0.75, so that the exponent steps there and not at 1. Zero has a mantissa of 1 by itself.
        Vector128<int> steps = (bits - Vector128.Create(FloatBits.ThreeQuarters)) >> FloatBits.Fraction;
        Vector128<float> counted = Vector128.ConvertToSingle(steps) - (denormal & Vector128.Create(FloatBits.DenormalShift));
        counted = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128.Create(float.PositiveInfinity)), counted, x);
        Vector128<float> special = Vector128.ConditionalSelect(
            Vector128.Equals(x, Vector128<float>.Zero), Vector128.Create(float.NegativeInfinity), Vector128.Create(float.NaN));
        exponent = new(Vector128.ConditionalSelect(Vector128.GreaterThan(x, Vector128<float>.Zero), counted, special));
        return new((bits - (steps << FloatBits.Fraction)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vec128 value) => Vector128.Sum(value.value);

    /// <summary><see cref="LookupEighth(ref readonly float, Vec128)"/> on hardware vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> LookupEighth(ref readonly float table, Vector128<int> bits) => Lookup(in table, bits & Vector128.Create(7));

    /// <summary><see cref="Lookup(ref readonly float, Vec128)"/> on hardware vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Lookup(ref readonly float table, Vector128<int> bits)
    {
        ref float entries = ref Unsafe.AsRef(in table);
        Vector128<int> index = bits & Vector128.Create(31);
        return Vector128.Create(
            Unsafe.Add(ref entries, index.GetElement(0)),
            Unsafe.Add(ref entries, index.GetElement(1)),
            Unsafe.Add(ref entries, index.GetElement(2)),
            Unsafe.Add(ref entries, index.GetElement(3)));
    }
}
