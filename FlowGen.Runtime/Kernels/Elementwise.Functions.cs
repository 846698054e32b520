using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <content>Functions of the user's, which the compiler has proved to be strictly monotone.</content>
public static partial class Elementwise
{
    /// <summary>x to z in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<TFunction>(ref Tile t, int size)
        where TFunction : struct, IScalarFunction => CoordinateKernel.Apply(ref t, size, default(FunctionMap<TFunction>));

    /// <summary>z to x in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse<TFunction>(ref Tile t, int size)
        where TFunction : struct, IScalarFunction => CoordinateKernel.Apply(ref t, size, default(FunctionInverse<TFunction>));

    /// <summary>dL/dz to dL/dx in place: dL/dz f'(x) + dL/dlog-det (log |f'|)'(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<TFunction>(ref Tile t, int size)
        where TFunction : struct, IScalarFunction => CoordinateKernel.Backward(ref t, size, default(FunctionGradient<TFunction>));

    private readonly struct FunctionMap<TFunction> : ICoordinateMap
        where TFunction : struct, IScalarFunction
    {
        public static bool Changes => true;

        public static bool Measures => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            logDet = TFunction.LogDerivative<V, LaneMath<V>>(x);
            return TFunction.Apply<V, LaneMath<V>>(x);
        }
    }

    private readonly struct FunctionInverse<TFunction> : ICoordinateMap
        where TFunction : struct, IScalarFunction
    {
        public static bool Changes => true;

        public static bool Measures => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            V result = TFunction.Inverse<V, LaneMath<V>>(x);
            logDet = -TFunction.LogDerivative<V, LaneMath<V>>(result);
            return result;
        }
    }

    private readonly struct FunctionGradient<TFunction> : ICoordinateGradient
        where TFunction : struct, IScalarFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x, V gradient, V gradientLogDet, ref float weights, nint row)
            where V : struct, IVec<V> =>
            V.MultiplyAdd(gradient, TFunction.Derivative<V, LaneMath<V>>(x), gradientLogDet * TFunction.LogDerivativeSlope<V, LaneMath<V>>(x));
    }
}
