using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>Activations over contiguous runs: a pass over rows that are in the cache.</summary>
/// <remarks>
/// An element's result depends on that element alone: a run's last part, shorter than a vector, goes through the same vector
/// formula in a buffer.
/// </remarks>
internal static class ActivationKernels
{
    /// <summary>Whether the derivative is computed from the pre-activation; otherwise the activation's output is enough.</summary>
    public static bool NeedsInput(Activation activation) => activation is Activation.Silu or Activation.Gelu;

    /// <summary>destination = activation(source), which may be the same run.</summary>
    public static void Apply(Activation activation, ref float source, ref float destination, nint count)
    {
        switch (activation)
        {
            case Activation.Relu: Apply<ReluOp>(ref source, ref destination, count); break;
            case Activation.LeakyRelu: Apply<LeakyReluOp>(ref source, ref destination, count); break;
            case Activation.Elu: Apply<EluOp>(ref source, ref destination, count); break;
            case Activation.Tanh: Apply<TanhOp>(ref source, ref destination, count); break;
            case Activation.Sigmoid: Apply<SigmoidOp>(ref source, ref destination, count); break;
            case Activation.Softplus: Apply<SoftplusOp>(ref source, ref destination, count); break;
            case Activation.Silu: Apply<SiluOp>(ref source, ref destination, count); break;
            case Activation.Gelu: Apply<GeluOp>(ref source, ref destination, count); break;
            case Activation.Identity:
                if (!Unsafe.AreSame(ref source, ref destination))
                {
                    Apply<IdentityOp>(ref source, ref destination, count);
                }

                break;
            default: throw Unknown(activation);
        }
    }

    /// <summary>
    /// gradient *= activation'(.), where <paramref name="values"/> holds the activation's output, or its input where
    /// <see cref="NeedsInput"/>.
    /// </summary>
    public static void MultiplyByDerivative(Activation activation, ref float values, ref float gradient, nint count)
    {
        switch (activation)
        {
            case Activation.Relu: MultiplyByDerivative<ReluOp>(ref values, ref gradient, count); break;
            case Activation.LeakyRelu: MultiplyByDerivative<LeakyReluOp>(ref values, ref gradient, count); break;
            case Activation.Elu: MultiplyByDerivative<EluOp>(ref values, ref gradient, count); break;
            case Activation.Tanh: MultiplyByDerivative<TanhOp>(ref values, ref gradient, count); break;
            case Activation.Sigmoid: MultiplyByDerivative<SigmoidOp>(ref values, ref gradient, count); break;
            case Activation.Softplus: MultiplyByDerivative<SoftplusOp>(ref values, ref gradient, count); break;
            case Activation.Silu: MultiplyByDerivative<SiluOp>(ref values, ref gradient, count); break;
            case Activation.Gelu: MultiplyByDerivative<GeluOp>(ref values, ref gradient, count); break;
            case Activation.Identity: break;
            default: throw Unknown(activation);
        }
    }

    private static ArgumentOutOfRangeException Unknown(Activation activation) =>
        new(nameof(activation), activation, "Not an activation.");

    private static void Apply<TOp>(ref float source, ref float destination, nint count)
        where TOp : struct, IActivation
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Apply<Vec512, TOp>(ref source, ref destination, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Apply<Vec256, TOp>(ref source, ref destination, count);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Apply<Vec128, TOp>(ref source, ref destination, count);
        }
        else
        {
            Apply<VecScalar, TOp>(ref source, ref destination, count);
        }
    }

    private static void MultiplyByDerivative<TOp>(ref float values, ref float gradient, nint count)
        where TOp : struct, IActivation
    {
        if (Vector512.IsHardwareAccelerated)
        {
            MultiplyByDerivative<Vec512, TOp>(ref values, ref gradient, count);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            MultiplyByDerivative<Vec256, TOp>(ref values, ref gradient, count);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            MultiplyByDerivative<Vec128, TOp>(ref values, ref gradient, count);
        }
        else
        {
            MultiplyByDerivative<VecScalar, TOp>(ref values, ref gradient, count);
        }
    }

    /// <summary>destination = TOp(source) at the width of V.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Apply<V, TOp>(ref float source, ref float destination, nint count)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        nint rest = count % V.Count;
        nint whole = count - rest;
        ApplyWhole<V, TOp>(ref source, ref destination, whole, ref VectorMath.EluRows);
        if (rest > 0)
        {
            var buffer = default(VectorBuffer);
            buffer.CopyFrom(ref Unsafe.Add(ref source, whole), rest);
            ApplyWhole<V, TOp>(ref buffer.First, ref buffer.First, V.Count, ref VectorMath.EluRows);
            buffer.CopyTo(ref Unsafe.Add(ref destination, whole), rest);
        }
    }

    /// <summary>gradient *= TOp'(values) at the width of V.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void MultiplyByDerivative<V, TOp>(ref float values, ref float gradient, nint count)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        nint rest = count % V.Count;
        nint whole = count - rest;
        MultiplyWhole<V, TOp>(ref values, ref gradient, whole);
        if (rest > 0)
        {
            var valueBuffer = default(VectorBuffer);
            var gradientBuffer = default(VectorBuffer);
            valueBuffer.CopyFrom(ref Unsafe.Add(ref values, whole), rest);
            gradientBuffer.CopyFrom(ref Unsafe.Add(ref gradient, whole), rest);
            MultiplyWhole<V, TOp>(ref valueBuffer.First, ref gradientBuffer.First, V.Count);
            gradientBuffer.CopyTo(ref Unsafe.Add(ref gradient, whole), rest);
        }
    }

    /// <summary>destination = TOp(source) for whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ApplyWhole<V, TOp>(ref float source, ref float destination, nint count, ref float rows)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        // Four vectors at once where there are registers for it; of two or three that are left the last one several times.
        nint i = 0;
        if ((typeof(TOp) == typeof(TanhOp) || typeof(TOp) == typeof(EluOp)) && V.BlockVectors == 4)
        {
            for (; i < count - V.Count; i += 4 * V.Count)
            {
                nint last = Math.Min(count - i, 4 * V.Count) - V.Count;
                nint third = Math.Min(last, 2 * V.Count);
                V x0 = V.Load(ref source, i);
                V x1 = V.Load(ref source, i + V.Count);
                V x2 = V.Load(ref source, i + third);
                V x3 = V.Load(ref source, i + last);
                if (typeof(TOp) == typeof(TanhOp))
                {
                    VectorMath.Tanh(ref x0, ref x1, ref x2, ref x3);
                }
                else
                {
                    VectorMath.Elu(ref x0, ref x1, ref x2, ref x3, ref rows);
                }

                V.Store(x0, ref destination, i);
                V.Store(x1, ref destination, i + V.Count);
                V.Store(x2, ref destination, i + third);
                V.Store(x3, ref destination, i + last);
            }
        }

        for (; i < count; i += V.Count)
        {
            V.Store(TOp.Apply(V.Load(ref source, i)), ref destination, i);
        }
    }

    /// <summary>gradient *= TOp'(values) for whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyWhole<V, TOp>(ref float values, ref float gradient, nint count)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            V.Store(V.Load(ref gradient, i) * TOp.Derivative(V.Load(ref values, i)), ref gradient, i);
        }
    }
}
