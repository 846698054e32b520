using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Random;

/// <summary>Functions made of single additions, multiplications and square roots, never fused: the same bits everywhere.</summary>
internal static class ReproducibleMath
{
    /// <summary>-ln x for normal x up to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MinusLog<V>(V x)
        where V : struct, IVec<V>
    {
        // x = (1 + f) 2^n with 1 + f from 0.75 to 1.5.
        V steps = V.ShiftRightArithmeticBits(V.SubtractBits(x, V.Create(0.75f)), FloatBits.Fraction);
        V f = V.SubtractBits(x, V.ShiftLeftBits(steps, FloatBits.Fraction)) - V.Create(1f);
        V n = V.ConvertBitsToSingle(steps);

        // ln(1 + f) = f - f^2 / 2 + f^3 P(f): minimax, relative error 4.8e-9.
        V square = f * f;
        V p = Cubic(f, square, 0.333334476f, -0.250001967f, 0.199910834f, -0.166436777f)
            + (square * square * Cubic(f, square, 0.144677147f, -0.131876454f, 0.105843268f, -0.046176441f));
        V tail = (p * f * square) - (square * V.Create(0.5f)) + (n * V.Create(VectorMath.Ln2Low));
        return -((n * V.Create(VectorMath.Ln2High)) + (f + tail));
    }

    /// <summary>c0 + c1 x + c2 x^2 + c3 x^3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cubic<V>(V x, V square, float c0, float c1, float c2, float c3)
        where V : struct, IVec<V> =>
        Linear(x, c0, c1) + (square * Linear(x, c2, c3));

    /// <summary>c0 + c1 x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Linear<V>(V x, float c0, float c1)
        where V : struct, IVec<V> => V.Create(c0) + (x * V.Create(c1));
}
