using System.Runtime.CompilerServices;

namespace FlowGen.Numerics.Activations;

/// <summary><see cref="Activation.Softplus"/>.</summary>
internal readonly struct SoftplusOp : IBijection, ISmoothActivation
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : struct, IVec<V> => VectorMath.Softplus(x);

    // A call: kernels take this derivative in every one of their accumulators, which as often as that is more than the JIT inlines.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static V Derivative<V>(V h)
        where V : struct, IVec<V> => -VectorMath.Expm1(-h);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Inverse<V>(V y)
        where V : struct, IVec<V> => VectorMath.SoftplusInverse(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivative<V>(V x)
        where V : struct, IVec<V> => VectorMath.SoftplusLogDerivative(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivativeSlope<V>(V x)
        where V : struct, IVec<V> => VectorMath.Sigmoid(-x);

    /// <summary>With s the derivative, 1 - s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TimesCurvature<V>(V value, V h, V derivative)
        where V : struct, IVec<V> => value * (V.Create(1f) - derivative);

    public static double Apply(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    public static double Derivative(double h) => 1 - Math.Exp(-h);
}
