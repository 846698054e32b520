using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The sinh-arcsinh transformation (Jones and Pewsey, 2009): z = sinh(e^s asinh(x) - b); log-det is the sum of s + log cosh(e^s asinh(x) - b) -
/// log cosh(asinh(x)). Parameters: b, then s.
/// </summary>
/// <remarks>Prepared: b, e^s, e^-s and s, each padded to 16.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SinhArcsinh
{
    private const float LogTwo = 0.69314718f;

    /// <summary>The floats that one layer takes in the prepared weights.</summary>
    /// <param name="size">The number of coordinates.</param>
    public static int PreparedSize(int size) => 4 * Dense.Pad(size);

    /// <summary>Computes the exponentials.</summary>
    public static void Prepare(ref Preparation p, int parameters, int size, int weights)
    {
        var from = p.Parameters.Slice(parameters, 2 * size);
        var to = p.Prepared.Slice(weights, PreparedSize(size));
        int padded = Dense.Pad(size);
        to.Clear();
        to[padded..(3 * padded)].Fill(1);
        for (int i = 0; i < size; i++)
        {
            to[i] = from[i];
            to[padded + i] = (float)Math.Exp(from[size + i]);
            to[(2 * padded) + i] = (float)Math.Exp(-(double)from[size + i]);
            to[(3 * padded) + i] = from[size + i];
        }
    }

    /// <summary>x to z in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size, int weights) => CoordinateKernel.Apply(ref t, size, new ForwardMap(Dense.Pad(size)), weights);

    /// <summary>z to x in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size, int weights) => CoordinateKernel.Apply(ref t, size, new InverseMap(Dense.Pad(size)), weights);

    /// <summary>dL/dz to dL/dx in place; adds dL/db and dL/ds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, int weights, int parameters)
    {
        var kernel = new Gradients(size, weights, parameters);
        KernelWidth.OverLanes(ref t, ref kernel);
    }

    /// <summary>log cosh x. A call, as the other elementary functions: all of them at once are more than the JIT inlines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static V LogCosh<V>(V x)
        where V : struct, IVec<V>
    {
        V magnitude = V.Abs(x);
        return magnitude + (VectorMath.Softplus(V.Create(-2f) * magnitude) - V.Create(LogTwo));
    }

    private readonly struct ForwardMap(int padded) : ICoordinateMap
    {
        public static bool Changes => true;

        public static bool Measures => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            V outer = LaneCalls<V, LaneMath<V>>.Asinh(x);
            V inner = V.MultiplyAdd(TPlace.Load<V>(ref weights, padded + row), outer, -TPlace.Load<V>(ref weights, row));
            logDet = TPlace.Load<V>(ref weights, (3 * padded) + row) + (LogCosh(inner) - LogCosh(outer));
            return LaneCalls<V, LaneMath<V>>.Sinh(inner);
        }
    }

    private readonly struct InverseMap(int padded) : ICoordinateMap
    {
        public static bool Changes => true;

        public static bool Measures => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            V inner = LaneCalls<V, LaneMath<V>>.Asinh(x);
            V outer = (inner + TPlace.Load<V>(ref weights, row)) * TPlace.Load<V>(ref weights, (2 * padded) + row);
            logDet = (LogCosh(outer) - LogCosh(inner)) - TPlace.Load<V>(ref weights, (3 * padded) + row);
            return LaneCalls<V, LaneMath<V>>.Sinh(outer);
        }
    }

    // With u = asinh x and a = e^s u - b: dz/dx = e^s cosh a / cosh u, of the log-det e^s tanh a / cosh u - tanh u / cosh u.
    private readonly struct Gradients(int size, int weights, int parameters) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint padded = Dense.Pad(size);
            ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
            ref float gradient = ref Unsafe.Add(ref t.Gradient, parameters);
            bool separate = !Unsafe.IsNullRef(ref t.GradLogDetRows);
            ref float upstream = ref separate ? ref t.GradLogDetRows : ref t.GradLogDet;
            for (nint row = 0; row < size; row++)
            {
                V skewness = V.Create(Unsafe.Add(ref prepared, row));
                V tail = V.Create(Unsafe.Add(ref prepared, padded + row));
                V bySkewness = V.Zero;
                V byTail = V.Zero;
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    ref float g = ref Unsafe.Add(ref t.GradState, (row * lanes) + lane);
                    V outer = LaneCalls<V, LaneMath<V>>.Asinh(V.Load(ref t.State, (row * lanes) + lane));
                    V scaled = tail * outer;
                    V inner = scaled - skewness;
                    V upstreamLogDet = V.Load(ref upstream, lane);

                    // dL/da.
                    V byInner = V.MultiplyAdd(V.Load(ref g), LaneCalls<V, LaneMath<V>>.Cosh(inner), upstreamLogDet * LaneCalls<V, LaneMath<V>>.Tanh(inner));
                    bySkewness -= byInner;
                    byTail = V.MultiplyAdd(byInner, scaled, byTail) + upstreamLogDet;
                    V.Store((V.MultiplyAdd(byInner, tail, -(upstreamLogDet * LaneCalls<V, LaneMath<V>>.Tanh(outer)))) / LaneCalls<V, LaneMath<V>>.Cosh(outer), ref g);
                }

                Unsafe.Add(ref gradient, row) += V.Sum(bySkewness);
                Unsafe.Add(ref gradient, size + row) += V.Sum(byTail);
                upstream = ref Unsafe.Add(ref upstream, separate ? lanes : 0);
            }
        }
    }
}
