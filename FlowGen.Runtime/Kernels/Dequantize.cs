using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Levels 0 .. bins - 1, with or without noise, to [0, 1): z = x / bins; log-det is -size ln(bins).</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Dequantize
{
    /// <summary>x to z in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size, int bins)
    {
        CoordinateKernel.Apply(ref t, size, new ForwardMap(bins));
        LogDetSum.AddConstant(ref t, -size * Math.Log(bins));
    }

    /// <summary>z to x in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size, int bins)
    {
        CoordinateKernel.Apply(ref t, size, new InverseMap(bins));
        LogDetSum.AddConstant(ref t, size * Math.Log(bins));
    }

    /// <summary>dL/dz to dL/dx in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, int bins) => CoordinateKernel.Backward(ref t, size, new Gradient(bins));

    private readonly struct ForwardMap(float bins) : ICoordinateMap
    {
        public static bool Changes => true;

        public static bool Measures => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            logDet = V.Zero;
            return x / V.Create(bins);
        }
    }

    private readonly struct InverseMap(float bins) : ICoordinateMap
    {
        public static bool Changes => true;

        public static bool Measures => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            logDet = V.Zero;
            return x * V.Create(bins);
        }
    }

    private readonly struct Gradient(float bins) : ICoordinateGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x, V gradient, V gradientLogDet, ref float weights, nint row)
            where V : struct, IVec<V> => gradient / V.Create(bins);
    }
}
