using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

/// <summary>One lane: the path of a processor without vectors, by the same algorithm as the wide ones.</summary>
internal struct VecScalar : IVec<VecScalar>
{
    private float value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private VecScalar(float value) => this.value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }

    public static int BlockVectors
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }

    public static VecScalar Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Load(ref readonly float source) => new(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Load(ref readonly float source, nint offset) => new(Unsafe.Add(ref Unsafe.AsRef(in source), offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(VecScalar value, ref float destination) => destination = value.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(VecScalar value, ref float destination, nint offset) => Unsafe.Add(ref destination, offset) = value.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Create(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar operator +(VecScalar left, VecScalar right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar operator -(VecScalar left, VecScalar right) => new(left.value - right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar operator *(VecScalar left, VecScalar right) => new(left.value * right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar operator /(VecScalar left, VecScalar right) => new(left.value / right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar operator -(VecScalar value) => new(-value.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar MultiplyAdd(VecScalar left, VecScalar right, VecScalar addend) => new(float.MultiplyAddEstimate(left.value, right.value, addend.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref VecScalar sum, VecScalar left, VecScalar right) =>
        sum.value = float.MultiplyAddEstimate(left.value, right.value, sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref VecScalar sum, VecScalar left, ref readonly float right, nint offset) =>
        sum.value = float.MultiplyAddEstimate(left.value, Unsafe.Add(ref Unsafe.AsRef(in right), offset), sum.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Max(VecScalar left, VecScalar right) => new(MathF.Max(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Min(VecScalar left, VecScalar right) => new(MathF.Min(left.value, right.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar AtLeast(VecScalar value, VecScalar bound) => new(float.MaxNative(bound.value, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar AtMost(VecScalar value, VecScalar bound) => new(float.MinNative(bound.value, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Abs(VecScalar value) => new(MathF.Abs(value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Sqrt(VecScalar value) => new(MathF.Sqrt(value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar GreaterThan(VecScalar left, VecScalar right) => CreateBits(left.value > right.value ? -1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar LessThan(VecScalar left, VecScalar right) => CreateBits(left.value < right.value ? -1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Equal(VecScalar left, VecScalar right) => CreateBits(left.value == right.value ? -1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Select(VecScalar mask, VecScalar whenTrue, VecScalar whenFalse) => CreateBits((Bits(mask) & Bits(whenTrue)) | (~Bits(mask) & Bits(whenFalse)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountSet(VecScalar mask) => Bits(mask) & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountLess(VecScalar left, VecScalar right) => left.value < right.value ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar And(VecScalar left, VecScalar right) => CreateBits(Bits(left) & Bits(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Or(VecScalar left, VecScalar right) => CreateBits(Bits(left) | Bits(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Xor(VecScalar left, VecScalar right) => CreateBits(Bits(left) ^ Bits(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar AddBits(VecScalar left, VecScalar right) => CreateBits(unchecked(Bits(left) + Bits(right)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar SubtractBits(VecScalar left, VecScalar right) => CreateBits(unchecked(Bits(left) - Bits(right)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar MinBits(VecScalar left, VecScalar right) => CreateBits(Math.Min(Bits(left), Bits(right)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyBits(VecScalar left, uint right, out VecScalar high, out VecScalar low)
    {
        ulong product = (ulong)(uint)Bits(left) * right;
        high = CreateBits(unchecked((int)(product >> 32)));
        low = CreateBits(unchecked((int)product));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar ShiftLeftBits(VecScalar value, int count) => CreateBits(Bits(value) << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar ShiftRightArithmeticBits(VecScalar value, int count) => CreateBits(Bits(value) >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar CreateBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar ConvertBitsToSingle(VecScalar value) => new(Bits(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Lookup(ref readonly float table, VecScalar bits) => new(Unsafe.Add(ref Unsafe.AsRef(in table), Bits(bits) & 31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar LookupEighth(ref readonly float table, VecScalar bits) => new(Unsafe.Add(ref Unsafe.AsRef(in table), Bits(bits) & 7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar ScaleB(VecScalar value, VecScalar exponent)
    {
        // Two factors, each a normal power of two: halving the shifted integer halves the exponent in its low bits, and the
        // bits above them are shifted out when it moves into the exponent's place.
        int all = BitConverter.SingleToInt32Bits(exponent.value + FloatBits.RoundingShift);
        int half = all >> 1;
        int first = unchecked((half << FloatBits.Fraction) + FloatBits.One);
        int second = unchecked(((all - half) << FloatBits.Fraction) + FloatBits.One);
        return new(value.value * BitConverter.Int32BitsToSingle(first) * BitConverter.Int32BitsToSingle(second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VecScalar Decompose(VecScalar value, out VecScalar exponent)
    {
        float x = value.value;
        bool denormal = x < FloatBits.SmallestNormal;
        int bits = BitConverter.SingleToInt32Bits(denormal ? x * FloatBits.DenormalScale : x);

        // Counted from the bits of 0.75, so that the exponent steps there and not at 1. Zero has a mantissa of 1 by itself.
        int steps = unchecked(bits - FloatBits.ThreeQuarters) >> FloatBits.Fraction;
        float counted = x < float.PositiveInfinity ? steps - (denormal ? FloatBits.DenormalShift : 0) : x;
        exponent = new(x > 0 ? counted : x == 0 ? float.NegativeInfinity : float.NaN);
        return CreateBits(unchecked(bits - (steps << FloatBits.Fraction)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(VecScalar value) => value.value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bits(VecScalar value) => BitConverter.SingleToInt32Bits(value.value);
}
