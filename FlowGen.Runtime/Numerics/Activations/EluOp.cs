using System.Runtime.CompilerServices;

namespace FlowGen.Numerics.Activations;

/// <summary><see cref="Activation.Elu"/>.</summary>
internal readonly struct EluOp : IBijection, ISmoothActivation
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : struct, IVec<V> => VectorMath.Elu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V h)
        where V : struct, IVec<V> => V.AtMost(h, V.Zero) + V.Create(1f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Inverse<V>(V y)
        where V : struct, IVec<V> => VectorMath.EluInverse(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivative<V>(V x)
        where V : struct, IVec<V> => VectorMath.EluLogDerivative(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivativeSlope<V>(V x)
        where V : struct, IVec<V> => V.And(V.LessThan(x, V.Zero), V.Create(1f));

    /// <summary>0 above 0, the value at 0 and below: it jumps there.</summary>
    // The sign of -h rather than a comparison, which takes a pipe that multiplies.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TimesCurvature<V>(V value, V h, V derivative)
        where V : struct, IVec<V> => V.Select(V.ShiftRightArithmeticBits(V.Zero - h, 31), V.Zero, value);

    public static double Apply(double x) => x > 0 ? x : Math.Exp(x) - 1;

    public static double Derivative(double h) => Math.Min(h, 0) + 1;
}
