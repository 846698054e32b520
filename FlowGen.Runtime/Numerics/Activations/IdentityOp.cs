using System.Runtime.CompilerServices;

namespace FlowGen.Numerics.Activations;

/// <summary><see cref="Activation.Identity"/>.</summary>
internal readonly struct IdentityOp : IBijection, ISmoothActivation
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : struct, IVec<V> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<V>(V h)
        where V : struct, IVec<V> => V.Create(1f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Inverse<V>(V y)
        where V : struct, IVec<V> => y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivative<V>(V x)
        where V : struct, IVec<V> => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogDerivativeSlope<V>(V x)
        where V : struct, IVec<V> => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TimesCurvature<V>(V value, V h, V derivative)
        where V : struct, IVec<V> => V.Zero;

    public static double Apply(double x) => x;

    public static double Derivative(double h) => 1;
}
