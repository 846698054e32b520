using System.Runtime.CompilerServices;

namespace FlowGen.Numerics.Activations;

/// <summary><see cref="Activation.Tanh"/>.</summary>
internal readonly struct TanhOp : IBijection, ISmoothActivation
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : struct, IVec<V> => VectorMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V h)
        where V : struct, IVec<V> => V.MultiplyAdd(-h, h, V.Create(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Inverse<V>(V y)
        where V : struct, IVec<V> => VectorMath.Atanh(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivative<V>(V x)
        where V : struct, IVec<V> => VectorMath.TanhLogDerivative(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivativeSlope<V>(V x)
        where V : struct, IVec<V> => V.Create(-2f) * VectorMath.Tanh(x);

    /// <summary>-2 h.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TimesCurvature<V>(V value, V h, V derivative)
        where V : struct, IVec<V> => value * (h * V.Create(-2f));

    public static double Apply(double x) => Math.Tanh(x);

    public static double Derivative(double h) => 1 - (h * h);
}
