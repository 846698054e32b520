using System.Runtime.CompilerServices;

namespace FlowGen.Numerics.Activations;

/// <summary><see cref="Activation.Sigmoid"/>.</summary>
internal readonly struct SigmoidOp : IBijection, ISmoothActivation
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : struct, IVec<V> => VectorMath.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V h)
        where V : struct, IVec<V> => h * (V.Create(1f) - h);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Inverse<V>(V y)
        where V : struct, IVec<V> => VectorMath.Logit(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivative<V>(V x)
        where V : struct, IVec<V> => VectorMath.SigmoidLogDerivative(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivativeSlope<V>(V x)
        where V : struct, IVec<V> => -VectorMath.Tanh(V.Create(0.5f) * x);

    /// <summary>1 - 2 h.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TimesCurvature<V>(V value, V h, V derivative)
        where V : struct, IVec<V> => value * V.MultiplyAdd(h, V.Create(-2f), V.Create(1f));

    public static double Apply(double x) => 1 / (1 + Math.Exp(-x));

    public static double Derivative(double h) => h * (1 - h);
}
