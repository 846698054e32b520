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
        var order = MemoryMarshal.Cast<float, int>(prepared.Slice(shape.Order, hidden));
        float[] floats = ArrayPool<float>.Shared.Rent((2 * hidden * width) + (width * Dense.Pad(hidden)));
        double[] dots = ArrayPool<double>.Shared.Rent(8 * hidden);
        ref float w2 = ref MemoryMarshal.GetArrayDataReference(floats);
        var products = floats.AsSpan(hidden * width, hidden * width);
        DenseTurn.Turn(ref Unsafe.AsRef(in parameters[shape.SecondWeight]), hidden, shape.Second, hidden, ref w2, width);
        products.Clear();
        dots.AsSpan(0, 8 * hidden).Clear();

        int bends = 0;
        while (bends < hidden && prepared[bends] < float.PositiveInfinity)
        {
            bends++;
        }

        Units[] units = ArrayPool<Units>.Shared.Rent(hidden);
        for (int position = 0; position < hidden; position++)
        {
            int unit = order[position] < 0 ? ~order[position] : order[position];
            float w = parameters[unit];
            double right = position < bends ? (w > 0 ? 1 : slope) : order[position] >= 0 ? 1 : slope;
            double left = position < bends ? (w > 0 ? slope : 1) : 0;
            units[position] = new Units(unit, w, parameters[shape.FirstBias + unit], right, left);
        }

        for (int output = 0; output < width; output += 16)
        {
            Sixteen(
                units.AsSpan(0, bends), units.AsSpan(bends, hidden - bends), prepared.Slice(shape.Anchors, bends + 1), width, Math.Min(16, shape.Second - output),
                ref Unsafe.AsRef(in sums[output]), ref Unsafe.Add(ref w2, output), ref products[output], ref MemoryMarshal.GetArrayDataReference(dots),
                gradient[(shape.SecondBias + output)..]);
        }

        for (int i = 0; i < hidden; i++)
        {
            var dot = dots.AsSpan(8 * i, 8);
            gradient[i] += (float)((dot[0] + dot[1]) + (dot[2] + dot[3]));
            gradient[shape.FirstBias + i] += (float)((dot[4] + dot[5]) + (dot[6] + dot[7]));
        }

        var turned = floats.AsSpan(2 * hidden * width);
        DenseTurn.Turn(ref MemoryMarshal.GetReference(products), width, hidden, width, ref MemoryMarshal.GetReference(turned), Dense.Pad(hidden));
        for (int output = 0; output < shape.Second; output++)
        {
            Add(turned.Slice(output * Dense.Pad(hidden), hidden), gradient.Slice(shape.SecondWeight + (output * hidden), hidden));
        }

        for (int output = 0; output < shape.Outputs; output++)
        {
            Add(sums.Slice(shape.SumsOfLast + (output * width), shape.Second), gradient.Slice(shape.LastWeight + (output * shape.Second), shape.Second));
        }

        ArrayPool<Units>.Shared.Return(units);
        ArrayPool<double>.Shared.Return(dots);
        ArrayPool<float>.Shared.Return(floats);
    }

    // For sixteen units of the second layer: products[i, o] += the gradient of W2[o, i], dots[i] += the gradients of w1[i] and b1[i], as four parts each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sixteen(
        ReadOnlySpan<Units> bending, ReadOnlySpan<Units> straight, ReadOnlySpan<float> anchors, nint width, int outputs,
        ref float sums, ref float w2, ref float products, ref double dots, Span<float> bias)
    {
        var total = Pieces(bending, anchors, width, fromRight: true, ref sums, ref w2, ref products, ref dots);
        _ = Pieces(bending, anchors, width, fromRight: false, ref sums, ref w2, ref products, ref dots);
        foreach (ref readonly var unit in straight)
        {
            if (unit.Right != 0)
            {
                Unit(unit, unit.Right, total, width, ref w2, ref products, ref dots);
            }
        }

        for (int i = 0; i < outputs; i++)
        {
            var part = (i >> 2) switch { 0 => total.G0, 1 => total.G1, 2 => total.G2, _ => total.G3 };
            bias[i] += (float)part.GetElement(i & 3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Totals Pieces(
        ReadOnlySpan<Units> bending, ReadOnlySpan<float> anchors, nint width, bool fromRight, ref float sums, ref float w2, ref float products, ref double dots)
    {
        var totals = default(Totals);
        for (int step = 0; step < anchors.Length; step++)
        {
            int piece = fromRight ? anchors.Length - 1 - step : step;
            ref float sum = ref Unsafe.Add(ref sums, piece * 2 * width);
            var anchor = Vector256.Create((double)anchors[piece]);
            DenseLineTable.Load(ref sum, out Vector256<double> g0, out Vector256<double> g1, out Vector256<double> g2, out Vector256<double> g3);
            DenseLineTable.Load(ref Unsafe.Add(ref sum, width), out Vector256<double> x0, out Vector256<double> x1, out Vector256<double> x2, out Vector256<double> x3);
            totals.G0 += g0;
            totals.G1 += g1;
            totals.G2 += g2;
            totals.G3 += g3;
            totals.X0 += Vector256.MultiplyAddEstimate(anchor, g0, x0);
            totals.X1 += Vector256.MultiplyAddEstimate(anchor, g1, x1);
            totals.X2 += Vector256.MultiplyAddEstimate(anchor, g2, x2);
            totals.X3 += Vector256.MultiplyAddEstimate(anchor, g3, x3);

            // From the right, the breakpoint at the left end of the piece; from the left, that at its right end.
            int position = fromRight ? piece - 1 : piece;
            if ((uint)position < (uint)bending.Length)
            {
                ref readonly var unit = ref bending[position];
                double factor = fromRight ? unit.Right : unit.Left;
                if (factor != 0)
                {
                    Unit(unit, factor, totals, width, ref w2, ref products, ref dots);
                }
            }
        }

        return totals;
    }

    // What the samples on one side of its breakpoint add to the gradients of a unit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unit(in Units unit, double factor, in Totals totals, nint width, ref float w2, ref float products, ref double dots)
    {
        var w = Vector256.Create(factor * unit.W);
        var b = Vector256.Create(factor * unit.B);
        ref float product = ref Unsafe.Add(ref products, unit.Index * width);
        DenseLineTable.Load(ref product, out Vector256<double> p0, out Vector256<double> p1, out Vector256<double> p2, out Vector256<double> p3);
        p0 += Vector256.MultiplyAddEstimate(w, totals.X0, b * totals.G0);
        p1 += Vector256.MultiplyAddEstimate(w, totals.X1, b * totals.G1);
        p2 += Vector256.MultiplyAddEstimate(w, totals.X2, b * totals.G2);
        p3 += Vector256.MultiplyAddEstimate(w, totals.X3, b * totals.G3);
        DenseLineTable.Store(p0, p1, p2, p3, ref product);

        DenseLineTable.Load(ref Unsafe.Add(ref w2, unit.Index * width), out Vector256<double> c0, out Vector256<double> c1, out Vector256<double> c2, out Vector256<double> c3);
        var along = Vector256.Create(factor);
        ref double dot = ref Unsafe.Add(ref dots, 8 * unit.Index);
        Vector256<double> x = Vector256.MultiplyAddEstimate(c0, totals.X0, c1 * totals.X1) + Vector256.MultiplyAddEstimate(c2, totals.X2, c3 * totals.X3);
        Vector256<double> g = Vector256.MultiplyAddEstimate(c0, totals.G0, c1 * totals.G1) + Vector256.MultiplyAddEstimate(c2, totals.G2, c3 * totals.G3);
        Vector256.MultiplyAddEstimate(along, x, Vector256.LoadUnsafe(ref dot)).StoreUnsafe(ref dot);
        Vector256.MultiplyAddEstimate(along, g, Vector256.LoadUnsafe(ref dot, 4)).StoreUnsafe(ref dot, 4);
    }

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
    private readonly record struct Units(int Index, double W, double B, double Right, double Left);

    /// <summary>Sums of g and of g x for sixteen units of the second layer.</summary>
    private struct Totals
    {
        public Vector256<double> G0, G1, G2, G3, X0, X1, X2, X3;
    }
}
