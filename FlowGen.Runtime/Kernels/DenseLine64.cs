using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>
/// A <see cref="DenseLine"/> of up to 64 units in both layers and two outputs, as most couplings on the plane have, where a vector holds 16 numbers and there are 32
/// registers: breakpoints, the last layer and its gradient stay in them from sample to sample. The same operations in the same order as for other sizes.
/// </summary>
internal static class DenseLine64
{
    /// <summary>Whether layers are of this size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Applies<V>(in DenseLineShape shape)
        where V : struct, IVec<V> => V.Count == DenseLineForward.Chains && shape.Outputs == 2 && shape.Width == 64 && shape.Points == 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Forward<V, TOp>(ref float prepared, in DenseLineShape shape, ref float x, nint samples, ref float y, nint lanes)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        ref float anchors = ref Unsafe.Add(ref prepared, shape.Anchors);
        ref float rows = ref Unsafe.Add(ref prepared, shape.Rows);
        ref float last = ref Unsafe.Add(ref prepared, shape.Last);
        ref float bias = ref Unsafe.Add(ref prepared, shape.Bias);
        float b0 = bias;
        float b1 = Unsafe.Add(ref bias, 1);
        V p0 = V.Load(ref prepared), p1 = V.Load(ref prepared, 16), p2 = V.Load(ref prepared, 32), p3 = V.Load(ref prepared, 48);
        V l0 = V.Load(ref last), l1 = V.Load(ref last, 16), l2 = V.Load(ref last, 32), l3 = V.Load(ref last, 48);
        V m0 = V.Load(ref last, 64), m1 = V.Load(ref last, 80), m2 = V.Load(ref last, 96), m3 = V.Load(ref last, 112);
        for (nint i = 0; i < samples; i++)
        {
            float at = Unsafe.Add(ref x, i);
            nint piece = Piece(p0, p1, p2, p3, V.Create(at));
            V way = V.Create(at - Unsafe.Add(ref anchors, piece));
            ref float row = ref Unsafe.Add(ref rows, piece * 128);
            V h0 = TOp.Apply(Second(ref row, 0, way));
            V h1 = TOp.Apply(Second(ref row, 16, way));
            V h2 = TOp.Apply(Second(ref row, 32, way));
            V h3 = TOp.Apply(Second(ref row, 48, way));
            V c = V.MultiplyAdd(h3, l3, V.MultiplyAdd(h2, l2, V.MultiplyAdd(h1, l1, V.MultiplyAdd(h0, l0, V.Zero))));
            V d = V.MultiplyAdd(h3, m3, V.MultiplyAdd(h2, m2, V.MultiplyAdd(h1, m1, V.MultiplyAdd(h0, m0, V.Zero))));
            Unsafe.Add(ref y, i) = DenseLineForward.Sum(DenseLineForward.Quarter(c)) + b0;
            Unsafe.Add(ref y, lanes + i) = DenseLineForward.Sum(DenseLineForward.Quarter(d)) + b1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Backward<V, TOp>(
        ref float prepared, in DenseLineShape shape, ref float x, ref float byX, ref float upstream, nint lanes, ref float bins, ref float byBias)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        ref float anchors = ref Unsafe.Add(ref prepared, shape.Anchors);
        ref float rows = ref Unsafe.Add(ref prepared, shape.Rows);
        ref float last = ref Unsafe.Add(ref prepared, shape.Last);
        ref float byLast = ref Unsafe.Add(ref bins, shape.SumsOfLast);
        V p0 = V.Load(ref prepared), p1 = V.Load(ref prepared, 16), p2 = V.Load(ref prepared, 32), p3 = V.Load(ref prepared, 48);
        V l0 = V.Load(ref last), l1 = V.Load(ref last, 16), l2 = V.Load(ref last, 32), l3 = V.Load(ref last, 48);
        V m0 = V.Load(ref last, 64), m1 = V.Load(ref last, 80), m2 = V.Load(ref last, 96), m3 = V.Load(ref last, 112);
        V c0 = V.Load(ref byLast), c1 = V.Load(ref byLast, 16), c2 = V.Load(ref byLast, 32), c3 = V.Load(ref byLast, 48);
        V d0 = V.Load(ref byLast, 64), d1 = V.Load(ref byLast, 80), d2 = V.Load(ref byLast, 96), d3 = V.Load(ref byLast, 112);
        float b0 = 0;
        float b1 = 0;
        for (nint i = 0; i < lanes; i++)
        {
            float at = Unsafe.Add(ref x, i);
            nint piece = Piece(p0, p1, p2, p3, V.Create(at));
            V way = V.Create(at - Unsafe.Add(ref anchors, piece));
            ref float row = ref Unsafe.Add(ref rows, piece * 128);
            ref float sum = ref Unsafe.Add(ref bins, piece * 128);
            float up0 = Unsafe.Add(ref upstream, i);
            float up1 = Unsafe.Add(ref upstream, lanes + i);
            b0 += up0;
            b1 += up1;
            V u0 = V.Create(up0);
            V u1 = V.Create(up1);
            V along = V.Zero;
            Part<V, TOp>(ref row, ref sum, 0, way, u0, u1, l0, m0, ref c0, ref d0, ref along);
            Part<V, TOp>(ref row, ref sum, 16, way, u0, u1, l1, m1, ref c1, ref d1, ref along);
            Part<V, TOp>(ref row, ref sum, 32, way, u0, u1, l2, m2, ref c2, ref d2, ref along);
            Part<V, TOp>(ref row, ref sum, 48, way, u0, u1, l3, m3, ref c3, ref d3, ref along);
            Unsafe.Add(ref byX, i) += DenseLineForward.Sum(DenseLineForward.Quarter(along));
        }

        V.Store(c0, ref byLast);
        V.Store(c1, ref byLast, 16);
        V.Store(c2, ref byLast, 32);
        V.Store(c3, ref byLast, 48);
        V.Store(d0, ref byLast, 64);
        V.Store(d1, ref byLast, 80);
        V.Store(d2, ref byLast, 96);
        V.Store(d3, ref byLast, 112);
        byBias += b0;
        Unsafe.Add(ref byBias, 1) += b1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Piece<V>(V p0, V p1, V p2, V p3, V at)
        where V : struct, IVec<V> =>
        (V.CountLess(p0, at) + V.CountLess(p1, at)) + (V.CountLess(p2, at) + V.CountLess(p3, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Second<V>(ref float row, nint k, V way)
        where V : struct, IVec<V> => V.MultiplyAdd(way, V.Load(ref row, 64 + k), V.Load(ref row, k));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Part<V, TOp>(ref float row, ref float sum, nint k, V way, V u0, V u1, V l, V m, ref V c, ref V d, ref V along)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        V slope = V.Load(ref row, 64 + k);
        V h = TOp.Apply(V.MultiplyAdd(way, slope, V.Load(ref row, k)));
        V.Accumulate(ref c, h, u0);
        V.Accumulate(ref d, h, u1);
        V g = V.MultiplyAdd(u1, m, u0 * l) * TOp.Derivative(h);
        V.Store(V.Load(ref sum, k) + g, ref sum, k);
        V.Store(V.MultiplyAdd(g, way, V.Load(ref sum, 64 + k)), ref sum, 64 + k);
        V.Accumulate(ref along, slope, g);
    }
}
