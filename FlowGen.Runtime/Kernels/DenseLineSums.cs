using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowGen.Kernels;

/// <summary>The gradients of a <see cref="DenseLine"/>'s parameters, from sums over the samples on each piece.</summary>
/// <remarks>
/// Let G be the sum of the gradients g at the second layer over the samples for which unit i is active, and X that of g x. Then the gradients are
/// dW2[., i] = w1[i] X + b1[i] G, dw1[i] = W2[., i] . X and db1[i] = W2[., i] . G. A unit is active on one side of its breakpoint, so that G and X are sums over the
/// pieces from either end, which are never subtracted from each other.
/// </remarks>
internal static class DenseLineSums
{
    // G and X of a piece for sixteen units of the second layer.
    private const int PieceSize = 32;

    /// <summary>Adds the gradients.</summary>
    /// <param name="shape">The layers.</param>
    /// <param name="parameters">Their parameters.</param>
    /// <param name="slope">The slope of the activation below 0.</param>
    /// <param name="prepared">Their prepared weights.</param>
    /// <param name="sums">The sums.</param>
    /// <param name="gradient">The gradients of the parameters.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Finish(
        in DenseLineShape shape, ReadOnlySpan<float> parameters, double slope, ReadOnlySpan<float> prepared, ReadOnlySpan<float> sums, Span<float> gradient)
    {
        int hidden = shape.Hidden;
        int width = shape.Width;
        int columns = Columns(shape);
        int turnedStride = Dense.Pad(hidden) | 16;
        var order = MemoryMarshal.Cast<float, int>(prepared.Slice(shape.Order, hidden));
        float[] floats = ArrayPool<float>.Shared.Rent((2 * hidden * columns) + (width * turnedStride));
        double[] doubles = ArrayPool<double>.Shared.Rent((8 * hidden) + (shape.RowCount * PieceSize));
        var dots = doubles.AsSpan(0, 8 * hidden);
        ref float w2 = ref MemoryMarshal.GetArrayDataReference(floats);
        var products = floats.AsSpan(hidden * columns, hidden * columns);
        DenseTurn.Turn(ref Unsafe.AsRef(in parameters[shape.SecondWeight]), hidden, shape.Second, hidden, ref w2, columns);
        dots.Clear();

        int bends = 0;
        while (bends < hidden && prepared[bends] < float.PositiveInfinity)
        {
            bends++;
        }

        Unit[] units = ArrayPool<Unit>.Shared.Rent(hidden);
        for (int position = 0; position < hidden; position++)
        {
            int unit = order[position] < 0 ? ~order[position] : order[position];
            float w = parameters[unit];
            double right = position < bends ? (w > 0 ? 1 : slope) : order[position] >= 0 ? 1 : slope;
            double left = position < bends ? (w > 0 ? slope : 1) : 0;
            units[position] = new Unit(unit, w, parameters[shape.FirstBias + unit], right, left);
        }

        for (int output = 0; output < width; output += 16)
        {
            Sixteen(
                units.AsSpan(0, bends), units.AsSpan(bends, hidden - bends), prepared.Slice(shape.Anchors, bends + 1), shape, Math.Min(16, shape.Second - output),
                ref Unsafe.AsRef(in sums[output]), ref doubles[8 * hidden], ref Unsafe.Add(ref w2, output), ref products[output], ref MemoryMarshal.GetArrayDataReference(doubles),
                gradient[(shape.SecondBias + output)..]);
        }

        for (int i = 0; i < hidden; i++)
        {
            var dot = dots.Slice(8 * i, 8);
            gradient[i] += (float)((dot[0] + dot[1]) + (dot[2] + dot[3]));
            gradient[shape.FirstBias + i] += (float)((dot[4] + dot[5]) + (dot[6] + dot[7]));
        }

        var turned = floats.AsSpan(2 * hidden * columns);
        DenseTurn.Turn(ref MemoryMarshal.GetReference(products), columns, hidden, width, ref MemoryMarshal.GetReference(turned), turnedStride);
        for (int output = 0; output < shape.Second; output++)
        {
            Add(turned.Slice(output * turnedStride, hidden), gradient.Slice(shape.SecondWeight + (output * hidden), hidden));
        }

        for (int output = 0; output < shape.Outputs; output++)
        {
            Add(sums.Slice(shape.SumsOfLast + (output * width), shape.Second), gradient.Slice(shape.LastWeight + (output * shape.Second), shape.Second));
        }

        ArrayPool<Unit>.Shared.Return(units);
        ArrayPool<double>.Shared.Return(doubles);
        ArrayPool<float>.Shared.Return(floats);
    }

    // For sixteen units of the second layer: products[i, o] = the gradient of W2[o, i], dots[i] += the gradients of w1[i] and b1[i], as four parts each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sixteen(
        ReadOnlySpan<Unit> bending, ReadOnlySpan<Unit> straight, ReadOnlySpan<float> anchors, in DenseLineShape shape, int outputs,
        ref float sums, ref double pieces, ref float w2, ref float products, ref double dots, Span<float> bias)
    {
        nint columns = Columns(shape);
        FromRight(bending, straight, anchors, shape.Width, shape.RowStride, columns, ref sums, ref pieces, ref w2, ref products, ref dots, bias[..outputs]);
        FromLeft(bending, columns, ref pieces, ref w2, ref products, ref dots);
    }

    // G and X of more and more pieces from the right; a unit takes them when its breakpoint is reached, those without one take all. Keeps those of each piece.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FromRight(
        ReadOnlySpan<Unit> bending, ReadOnlySpan<Unit> straight, ReadOnlySpan<float> anchors, nint width, nint stride, nint columns,
        ref float sums, ref double pieces, ref float w2, ref float products, ref double dots, Span<float> bias)
    {
        Vector256<double> g0, g1, g2, g3, x0, x1, x2, x3;
        g0 = g1 = g2 = g3 = x0 = x1 = x2 = x3 = Vector256<double>.Zero;
        for (int piece = anchors.Length - 1; piece >= 0; piece--)
        {
            ref float sum = ref Unsafe.Add(ref sums, piece * stride);
            ref double kept = ref Unsafe.Add(ref pieces, piece * (nint)PieceSize);
            DenseLineTable.Load(ref sum, out Vector256<double> s0, out Vector256<double> s1, out Vector256<double> s2, out Vector256<double> s3);
            s0.StoreUnsafe(ref kept);
            s1.StoreUnsafe(ref kept, 4);
            s2.StoreUnsafe(ref kept, 8);
            s3.StoreUnsafe(ref kept, 12);
            g0 += s0;
            g1 += s1;
            g2 += s2;
            g3 += s3;
            var anchor = Vector256.Create((double)anchors[piece]);
            DenseLineTable.Load(ref Unsafe.Add(ref sum, width), out Vector256<double> m0, out Vector256<double> m1, out Vector256<double> m2, out Vector256<double> m3);
            m0 = Vector256.MultiplyAddEstimate(anchor, s0, m0);
            m1 = Vector256.MultiplyAddEstimate(anchor, s1, m1);
            m2 = Vector256.MultiplyAddEstimate(anchor, s2, m2);
            m3 = Vector256.MultiplyAddEstimate(anchor, s3, m3);
            m0.StoreUnsafe(ref kept, 16);
            m1.StoreUnsafe(ref kept, 20);
            m2.StoreUnsafe(ref kept, 24);
            m3.StoreUnsafe(ref kept, 28);
            x0 += m0;
            x1 += m1;
            x2 += m2;
            x3 += m3;

            // The breakpoint at the left end of the piece.
            if (piece > 0 && bending[piece - 1].Right != 0)
            {
                ref readonly var unit = ref bending[piece - 1];
                Take(unit, unit.Right, more: false, g0, g1, g2, g3, x0, x1, x2, x3, ref Unsafe.Add(ref w2, unit.Index * columns), ref Unsafe.Add(ref products, unit.Index * columns), ref Unsafe.Add(ref dots, 8 * unit.Index));
            }
        }

        foreach (ref readonly var unit in straight)
        {
            Take(unit, unit.Right, more: false, g0, g1, g2, g3, x0, x1, x2, x3, ref Unsafe.Add(ref w2, unit.Index * columns), ref Unsafe.Add(ref products, unit.Index * columns), ref Unsafe.Add(ref dots, 8 * unit.Index));
        }

        for (int i = 0; i < bias.Length; i++)
        {
            var quarter = (i >> 2) switch { 0 => g0, 1 => g1, 2 => g2, _ => g3 };
            bias[i] += (float)quarter.GetElement(i & 3);
        }
    }

    // The same from the left, for units that are active there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FromLeft(ReadOnlySpan<Unit> bending, nint columns, ref double pieces, ref float w2, ref float products, ref double dots)
    {
        Vector256<double> g0, g1, g2, g3, x0, x1, x2, x3;
        g0 = g1 = g2 = g3 = x0 = x1 = x2 = x3 = Vector256<double>.Zero;
        foreach (ref readonly var unit in bending)
        {
            g0 += Vector256.LoadUnsafe(ref pieces);
            g1 += Vector256.LoadUnsafe(ref pieces, 4);
            g2 += Vector256.LoadUnsafe(ref pieces, 8);
            g3 += Vector256.LoadUnsafe(ref pieces, 12);
            x0 += Vector256.LoadUnsafe(ref pieces, 16);
            x1 += Vector256.LoadUnsafe(ref pieces, 20);
            x2 += Vector256.LoadUnsafe(ref pieces, 24);
            x3 += Vector256.LoadUnsafe(ref pieces, 28);
            pieces = ref Unsafe.Add(ref pieces, PieceSize);
            if (unit.Left != 0)
            {
                Take(unit, unit.Left, more: unit.Right != 0, g0, g1, g2, g3, x0, x1, x2, x3, ref Unsafe.Add(ref w2, unit.Index * columns), ref Unsafe.Add(ref products, unit.Index * columns), ref Unsafe.Add(ref dots, 8 * unit.Index));
            }
        }
    }

    // What the samples on one side of its breakpoint add to the gradients of a unit, to more that is there or not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(
        in Unit unit, double factor, bool more,
        Vector256<double> g0, Vector256<double> g1, Vector256<double> g2, Vector256<double> g3, Vector256<double> x0, Vector256<double> x1, Vector256<double> x2, Vector256<double> x3,
        ref float w2, ref float product, ref double dot)
    {
        var w = Vector256.Create(factor * unit.W);
        var b = Vector256.Create(factor * unit.B);
        Vector256<double> p0 = b * g0;
        Vector256<double> p1 = b * g1;
        Vector256<double> p2 = b * g2;
        Vector256<double> p3 = b * g3;
        if (more)
        {
            DenseLineTable.Load(ref product, out Vector256<double> q0, out Vector256<double> q1, out Vector256<double> q2, out Vector256<double> q3);
            p0 += q0;
            p1 += q1;
            p2 += q2;
            p3 += q3;
        }

        p0 = Vector256.MultiplyAddEstimate(w, x0, p0);
        p1 = Vector256.MultiplyAddEstimate(w, x1, p1);
        p2 = Vector256.MultiplyAddEstimate(w, x2, p2);
        p3 = Vector256.MultiplyAddEstimate(w, x3, p3);
        DenseLineTable.Store(p0, p1, p2, p3, ref product);

        DenseLineTable.Load(ref w2, out Vector256<double> c0, out Vector256<double> c1, out Vector256<double> c2, out Vector256<double> c3);
        var along = Vector256.Create(factor);
        Vector256<double> x = Vector256.MultiplyAddEstimate(c0, x0, c1 * x1) + Vector256.MultiplyAddEstimate(c2, x2, c3 * x3);
        Vector256<double> g = Vector256.MultiplyAddEstimate(c0, g0, c1 * g1) + Vector256.MultiplyAddEstimate(c2, g2, c3 * g3);
        Vector256.MultiplyAddEstimate(along, x, Vector256.LoadUnsafe(ref dot)).StoreUnsafe(ref dot);
        Vector256.MultiplyAddEstimate(along, g, Vector256.LoadUnsafe(ref dot, 4)).StoreUnsafe(ref dot, 4);
    }

    // From one unit of the first layer to the next: an odd number of cache lines, or they would share few cache sets.
    private static int Columns(in DenseLineShape shape) => shape.Width | 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(ReadOnlySpan<float> source, Span<float> destination)
    {
        int width = System.Numerics.Vector<float>.Count;
        int i = 0;
        for (; i <= source.Length - width; i += width)
        {
            var sum = new System.Numerics.Vector<float>(destination[i..]) + new System.Numerics.Vector<float>(source[i..]);
            sum.CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
        {
            destination[i] += source[i];
        }
    }

    /// <summary>A unit of the first layer, with the slopes of its activation right and left of its breakpoint, or everywhere, as that on the right.</summary>
    private readonly record struct Unit(int Index, double W, double B, double Right, double Left);
}
