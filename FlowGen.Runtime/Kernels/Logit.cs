using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// [0, 1] to the real line: z = log p - log q with p = alpha + (1 - 2 alpha) x and q = 1 - p; log-det is the sum of
/// log(1 - 2 alpha) - log p - log q (Real NVP, section 4.1, in the symmetric form of its code).
/// </summary>
/// <remarks>q is formed from 1 - x, which is exact where it matters: for a small alpha, 1 - p has few bits left near x = 1.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Logit
{
    /// <summary>x to z in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size, float alpha)
    {
        CoordinateKernel.Apply(ref t, size, new ForwardMap(new Margin(alpha)));
        LogDetSum.AddConstant(ref t, size * Math.Log(1 - (2.0 * alpha)));
    }

    /// <summary>z to x in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size, float alpha)
    {
        CoordinateKernel.Apply(ref t, size, new InverseMap(new Margin(alpha)));
        LogDetSum.AddConstant(ref t, -size * Math.Log(1 - (2.0 * alpha)));
    }

    /// <summary>dL/dz to dL/dx in place: (1 - 2 alpha) (dL/dz + dL/dlog-det (p - q)) / (p q).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, float alpha) => CoordinateKernel.Backward(ref t, size, new Gradient(new Margin(alpha)));

    // alpha and 1 - 2 alpha. The conversion is kept out of the loops, where it would tie each round to the one before.
    private readonly struct Margin(float alpha)
    {
        private readonly float inner = (float)(1 - (2.0 * alpha));

        public float Alpha => alpha;

        public float Inner => inner;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x)
            where V : struct, IVec<V> => V.MultiplyAdd(x, V.Create(inner), V.Create(alpha));
    }

    private readonly struct ForwardMap(Margin margin) : ICoordinateMap
    {
        public static bool Changes => true;

        public static bool Measures => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            V p = margin.Apply(x);
            V q = margin.Apply(V.Create(1) - x);
            logDet = -VectorMath.Log(p * q);
            return VectorMath.Log(p / q);
        }
    }

    private readonly struct InverseMap(Margin margin) : ICoordinateMap
    {
        public static bool Changes => true;

        public static bool Measures => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            logDet = VectorMath.SigmoidLogDerivative(x);
            return (VectorMath.Sigmoid(x) - V.Create(margin.Alpha)) / V.Create(margin.Inner);
        }
    }

    private readonly struct Gradient(Margin margin) : ICoordinateGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x, V gradient, V gradientLogDet, ref float weights, nint row)
            where V : struct, IVec<V>
        {
            V p = margin.Apply(x);
            V q = margin.Apply(V.Create(1) - x);
            return V.Create(margin.Inner) * V.MultiplyAdd(gradientLogDet, p - q, gradient) / (p * q);
        }
    }
}
