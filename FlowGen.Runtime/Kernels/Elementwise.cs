using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>A strictly increasing function of each coordinate: z = f(x); log-det is the sum of log f'(x).</summary>
/// <remarks>The inverse outside of the function's range is NaN, or infinite at its border.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class Elementwise
{
    /// <summary>x to z in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size, Activation activation)
    {
        switch (activation)
        {
            case Activation.LeakyRelu: CoordinateKernel.Apply(ref t, size, default(ForwardMap<LeakyReluOp>)); break;
            case Activation.Elu: CoordinateKernel.Apply(ref t, size, default(ForwardMap<EluOp>)); break;
            case Activation.Tanh: CoordinateKernel.Apply(ref t, size, default(ForwardMap<TanhOp>)); break;
            case Activation.Sigmoid: CoordinateKernel.Apply(ref t, size, default(ForwardMap<SigmoidOp>)); break;
            case Activation.Softplus: CoordinateKernel.Apply(ref t, size, default(ForwardMap<SoftplusOp>)); break;
            case Activation.Identity: break;
            default: throw NotIncreasing(activation);
        }
    }

    /// <summary>z to x in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size, Activation activation)
    {
        switch (activation)
        {
            case Activation.LeakyRelu: CoordinateKernel.Apply(ref t, size, default(InverseMap<LeakyReluOp>)); break;
            case Activation.Elu: CoordinateKernel.Apply(ref t, size, default(InverseMap<EluOp>)); break;
            case Activation.Tanh: CoordinateKernel.Apply(ref t, size, default(InverseMap<TanhOp>)); break;
            case Activation.Sigmoid: CoordinateKernel.Apply(ref t, size, default(InverseMap<SigmoidOp>)); break;
            case Activation.Softplus: CoordinateKernel.Apply(ref t, size, default(InverseMap<SoftplusOp>)); break;
            case Activation.Identity: break;
            default: throw NotIncreasing(activation);
        }
    }

    /// <summary>dL/dz to dL/dx in place: dL/dz f'(x) + dL/dlog-det (log f')'(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, Activation activation)
    {
        switch (activation)
        {
            case Activation.LeakyRelu: CoordinateKernel.Backward(ref t, size, default(Gradient<LeakyReluOp>)); break;
            case Activation.Elu: CoordinateKernel.Backward(ref t, size, default(Gradient<EluOp>)); break;
            case Activation.Tanh: CoordinateKernel.Backward(ref t, size, default(Gradient<TanhOp>)); break;
            case Activation.Sigmoid: CoordinateKernel.Backward(ref t, size, default(Gradient<SigmoidOp>)); break;
            case Activation.Softplus: CoordinateKernel.Backward(ref t, size, default(Gradient<SoftplusOp>)); break;
            case Activation.Identity: break;
            default: throw NotIncreasing(activation);
        }
    }

    private static ArgumentOutOfRangeException NotIncreasing(Activation activation) =>
        new(nameof(activation), activation, "Not a strictly increasing function.");

    private readonly struct ForwardMap<TFunction> : ICoordinateMap
        where TFunction : struct, IBijection
    {
        public static bool Changes => true;

        public static bool Measures => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            logDet = TFunction.LogDerivative(x);
            return TFunction.Apply(x);
        }
    }

    private readonly struct InverseMap<TFunction> : ICoordinateMap
        where TFunction : struct, IBijection
    {
        public static bool Changes => true;

        public static bool Measures => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            V result = TFunction.Inverse(x);
            logDet = -TFunction.LogDerivative(result);
            return result;
        }
    }

    private readonly struct Gradient<TFunction> : ICoordinateGradient
        where TFunction : struct, IBijection
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x, V gradient, V gradientLogDet, ref float weights, nint row)
            where V : struct, IVec<V> =>
            V.MultiplyAdd(gradient, TFunction.Derivative(TFunction.Apply(x)), gradientLogDet * TFunction.LogDerivativeSlope(x));
    }
}
