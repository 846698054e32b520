using FlowGen.Kernels;

namespace FlowGen.Numerics;

/// <summary>
/// A vector of single-precision lanes of one hardware width. Kernels are written once against this interface and
/// instantiated for <see cref="Vec512"/>, <see cref="Vec256"/>, <see cref="Vec128"/> and <see cref="VecScalar"/>; the JIT
/// specialises each, so that nothing of the interface is left in the machine code.
/// </summary>
/// <remarks>
/// Every operation acts on each lane alone and gives the same bits at every width, so a sample's result cannot depend on
/// the lane or the width it was computed in. Comparisons return lanes of all ones or all zeros, as bits.
/// </remarks>
internal interface IVec<TSelf> : ILanes<TSelf>
    where TSelf : struct, IVec<TSelf>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>The number of vectors that a register block of six rows may span: 4 where there are 32 registers, else 2.</summary>
    static abstract int BlockVectors { get; }

    static abstract TSelf Load(ref readonly float source);

    static abstract TSelf Load(ref readonly float source, nint offset);

    static abstract void Store(TSelf value, ref float destination);

    static abstract void Store(TSelf value, ref float destination, nint offset);

    static abstract TSelf Zero { get; }

    /// <summary>left * right + addend: fused where the processor fuses, otherwise rounded twice. Never the slow software fallback.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>sum = left * right + sum, as <see cref="MultiplyAdd"/>: in place, so that many sums stay in their registers in a loop.</summary>
    static abstract void Accumulate(ref TSelf sum, TSelf left, TSelf right);

    /// <summary><see cref="Accumulate(ref TSelf, TSelf, TSelf)"/> with the right factor from memory, read by the instruction that multiplies.</summary>
    static abstract void Accumulate(ref TSelf sum, TSelf left, ref readonly float right, nint offset);

    /// <summary>The larger, with NaN where either is NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>The smaller, with NaN where either is NaN.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>
    /// <paramref name="value"/>, or <paramref name="bound"/> where that is larger; NaN stays NaN. Cheaper than
    /// <see cref="Max"/>; between zeros of different sign, which one comes out is the processor's choice.
    /// </summary>
    static abstract TSelf AtLeast(TSelf value, TSelf bound);

    /// <summary>
    /// <paramref name="value"/>, or <paramref name="bound"/> where that is smaller; NaN stays NaN. Cheaper than
    /// <see cref="Min"/>; between zeros of different sign, which one comes out is the processor's choice.
    /// </summary>
    static abstract TSelf AtMost(TSelf value, TSelf bound);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf GreaterThan(TSelf left, TSelf right);

    /// <summary>How many lanes of a comparison are set.</summary>
    static abstract int CountSet(TSelf mask);

    /// <summary>The number of lanes in which left &lt; right: in one step, as a mask in between would be turned into numbers and back.</summary>
    static abstract int CountLess(TSelf left, TSelf right);

    static abstract TSelf And(TSelf left, TSelf right);

    static abstract TSelf Or(TSelf left, TSelf right);

    static abstract TSelf Xor(TSelf left, TSelf right);

    /// <summary>The lanes' bits added as 32-bit integers.</summary>
    static abstract TSelf AddBits(TSelf left, TSelf right);

    /// <summary>The lanes' bits subtracted as 32-bit integers.</summary>
    static abstract TSelf SubtractBits(TSelf left, TSelf right);

    /// <summary>The smaller of the lanes' bits, as signed 32-bit integers.</summary>
    static abstract TSelf MinBits(TSelf left, TSelf right);

    /// <summary>The lanes' bits times <paramref name="right"/>, as unsigned 32-bit integers: both halves of the product.</summary>
    static abstract void MultiplyBits(TSelf left, uint right, out TSelf high, out TSelf low);

    static abstract TSelf ShiftLeftBits(TSelf value, int count);

    static abstract TSelf ShiftRightArithmeticBits(TSelf value, int count);

    /// <summary>A vector whose lanes all hold these bits.</summary>
    static abstract TSelf CreateBits(int bits);

    /// <summary>The lanes' bits, read as 32-bit integers, as floating-point numbers.</summary>
    static abstract TSelf ConvertBitsToSingle(TSelf value);

    /// <summary>An entry of a table of 32 for each lane: which one, its low five bits say.</summary>
    static abstract TSelf Lookup(ref readonly float table, TSelf bits);

    /// <summary>An entry of a table of 8, which stands there twice in a row, for each lane: which one, its low three bits say.</summary>
    static abstract TSelf LookupEighth(ref readonly float table, TSelf bits);

    /// <summary>
    /// <paramref name="value"/> * 2^<paramref name="exponent"/>, rounded once, for integral exponents from -252 to 254 and a
    /// value that multiplying by 2^(exponent / 2) leaves exact. An exponent outside, or not finite, gives any value.
    /// </summary>
    static abstract TSelf ScaleB(TSelf value, TSelf exponent);

    /// <summary>
    /// The m in [0.75, 1.5) and the integral exponent with value = m * 2^exponent, for positive values down to the smallest
    /// denormal. Zero gives 1 and -infinity, infinity gives 1 and infinity, a negative value or NaN an exponent of NaN.
    /// </summary>
    static abstract TSelf Decompose(TSelf value, out TSelf exponent);

    /// <summary>The sum of the lanes, in an order fixed for the width.</summary>
    static abstract float Sum(TSelf value);
}
