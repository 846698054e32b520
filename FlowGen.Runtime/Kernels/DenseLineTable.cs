using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowGen.Kernels;

/// <summary>Makes the table of a <see cref="DenseLine"/>.</summary>
internal static class DenseLineTable
{
    private const int Free = int.MinValue;

    /// <summary>Fills the prepared weights.</summary>
    /// <param name="shape">The layers.</param>
    /// <param name="parameters">Their parameters.</param>
    /// <param name="slope">The slope of the activation below 0.</param>
    /// <param name="prepared">Where to write.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Make(in DenseLineShape shape, ReadOnlySpan<float> parameters, double slope, Span<float> prepared)
    {
        int hidden = shape.Hidden;
        var w1 = parameters[..hidden];
        var b1 = parameters.Slice(shape.FirstBias, hidden);
        var points = prepared[..shape.Points];
        var anchors = prepared.Slice(shape.Anchors, shape.RowCount);
        var order = MemoryMarshal.Cast<float, int>(prepared.Slice(shape.Order, hidden));
        var rows = prepared.Slice(shape.Rows, shape.RowCount * shape.RowStride);
        PackLast(shape, parameters, prepared);
        prepared[..shape.Anchors].Fill(float.PositiveInfinity);
        if (!IsFinite(parameters[..shape.LastWeight]))
        {
            // One piece, and nothing is known of it.
            anchors[0] = 0;
            rows[..(2 * shape.Width)].Fill(float.NaN);
            for (int i = 0; i < hidden; i++)
            {
                order[i] = i;
            }

            return;
        }

        int bends = Sort(w1, b1, points, order);
        for (int i = 0; i < shape.Blocks - 1; i++)
        {
            prepared[shape.Coarse + i] = points[(16 * i) + 15];
        }

        int middle = 0;
        while (middle < bends && points[middle] < 0)
        {
            middle++;
        }

        for (int piece = 0; piece <= bends; piece++)
        {
            anchors[piece] = piece < middle ? points[piece] : piece > middle ? points[piece - 1] : 0;
        }

        Step[] steps = ArrayPool<Step>.Shared.Rent(2 * hidden);
        int columns = shape.Width | 16;
        float[] turned = ArrayPool<float>.Shared.Rent(hidden * columns);
        var crossings = steps.AsSpan(hidden, bends);
        var active = steps.AsSpan(0, hidden);
        int actives = 0;
        for (int position = 0; position < hidden; position++)
        {
            int unit = order[position];
            bool isActive = position < bends ? w1[unit] > 0 == position < middle : unit >= 0;
            unit = unit < 0 ? ~unit : unit;
            double w = w1[unit];
            double b = b1[unit];
            double factor = isActive ? 1 : slope;
            if (factor != 0)
            {
                active[actives++] = new Step(unit, 0, factor * b, factor * w);
            }

            if (position < bends)
            {
                // From left to right the slope of the unit grows by this, whatever the sign of w; the value by what the breakpoint lost when it was rounded.
                double at = points[position];
                double from = anchors[position];
                double to = anchors[position + 1];
                crossings[position] = new Step(unit, to - from, (1 - slope) * Math.Sign(w) * ((w * at) + b), (1 - slope) * Math.Abs(w));
            }
        }

        ref float w2 = ref MemoryMarshal.GetArrayDataReference(turned);
        DenseTurn.Turn(ref Unsafe.AsRef(in parameters[shape.SecondWeight]), hidden, shape.Second, hidden, ref w2, columns);
        Span<double> bias = stackalloc double[16];
        for (int output = 0; output < shape.Width; output += 16)
        {
            for (int i = 0; i < 16; i++)
            {
                bias[i] = output + i < shape.Second ? parameters[shape.SecondBias + output + i] : 0;
            }

            var start = Start(active[..actives], ref Unsafe.Add(ref w2, output), columns, ref MemoryMarshal.GetReference(bias));
            ref float row = ref Unsafe.Add(ref MemoryMarshal.GetReference(rows), output);
            Right(start, crossings, middle, ref Unsafe.Add(ref w2, output), columns, ref row, shape.Width, shape.RowStride);
            Left(start, crossings[..middle], ref Unsafe.Add(ref w2, output), columns, ref row, shape.Width, shape.RowStride);
        }

        ArrayPool<Step>.Shared.Return(steps);
        ArrayPool<float>.Shared.Return(turned);
    }

    /// <summary>
    /// Breakpoints in order and the units that they belong to; behind them the units that never bend, i if active, ~i if not. Returns how many bend.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Sort(ReadOnlySpan<float> w1, ReadOnlySpan<float> b1, Span<float> points, Span<int> order)
    {
        int bends = 0;
        int end = order.Length;
        for (int i = 0; i < w1.Length; i++)
        {
            // + 0 makes no difference but to -0. Where the quotient overflows, no number is beyond it.
            float point = (float)(-(double)b1[i] / w1[i]) + 0f;
            if (w1[i] == 0)
            {
                order[--end] = b1[i] > 0 ? i : ~i;
            }
            else if (float.IsInfinity(point))
            {
                order[--end] = point > 0 == w1[i] < 0 ? i : ~i;
            }
            else
            {
                points[bends] = point;
                order[bends++] = i;
            }
        }

        Place(points, order, bends);
        return bends;
    }

    // As many as are smaller go before a breakpoint: counting them, in whole vectors, is faster than a sort that the processor cannot predict.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Place(Span<float> points, Span<int> order, int bends)
    {
        float[] given = ArrayPool<float>.Shared.Rent(points.Length);
        int[] units = ArrayPool<int>.Shared.Rent(Math.Max(1, bends));
        points.CopyTo(given);
        order[..bends].CopyTo(units);
        order[..bends].Fill(Free);
        ref float first = ref MemoryMarshal.GetArrayDataReference(given);
        for (int i = 0; i < bends; i++)
        {
            float point = given[i];
            var at = Vector256.Create(point);
            int place = 0;
            for (int j = 0; j < bends; j += Vector256<float>.Count)
            {
                place += BitOperations.PopCount(Vector256.LessThan(Vector256.LoadUnsafe(ref first, (nuint)j), at).ExtractMostSignificantBits());
            }

            while (order[place] != Free)
            {
                place++;
            }

            order[place] = units[i];
            points[place] = point;
        }

        ArrayPool<float>.Shared.Return(given);
        ArrayPool<int>.Shared.Return(units);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsFinite(ReadOnlySpan<float> values)
    {
        // 0 times what is not finite is not a number.
        var sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sum += new Vector<float>(values[i..]) * Vector<float>.Zero;
        }

        float rest = Vector.Sum(sum);
        for (; i < values.Length; i++)
        {
            rest += values[i] * 0f;
        }

        return rest == 0;
    }

    private static void PackLast(in DenseLineShape shape, ReadOnlySpan<float> parameters, Span<float> prepared)
    {
        prepared[shape.Bias..].Clear();
        parameters.Slice(shape.LastBias, shape.Outputs).CopyTo(prepared[shape.Bias..]);
        for (int output = 0; output < shape.Outputs; output++)
        {
            parameters.Slice(shape.LastWeight + (output * shape.Second), shape.Second).CopyTo(prepared[(shape.Last + (output * shape.Width))..]);
        }
    }

    // Value and slope at 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Sixteen Start(ReadOnlySpan<Step> active, ref float w2, nint columns, ref double bias)
    {
        Vector256<double> v0 = Vector256.LoadUnsafe(ref bias);
        Vector256<double> v1 = Vector256.LoadUnsafe(ref bias, 4);
        Vector256<double> v2 = Vector256.LoadUnsafe(ref bias, 8);
        Vector256<double> v3 = Vector256.LoadUnsafe(ref bias, 12);
        Vector256<double> s0, s1, s2, s3;
        s0 = s1 = s2 = s3 = Vector256<double>.Zero;
        foreach (ref readonly var step in active)
        {
            Load(ref Unsafe.Add(ref w2, step.Unit * columns), out Vector256<double> c0, out Vector256<double> c1, out Vector256<double> c2, out Vector256<double> c3);
            var value = Vector256.Create(step.Value);
            v0 = Vector256.MultiplyAddEstimate(c0, value, v0);
            v1 = Vector256.MultiplyAddEstimate(c1, value, v1);
            v2 = Vector256.MultiplyAddEstimate(c2, value, v2);
            v3 = Vector256.MultiplyAddEstimate(c3, value, v3);
            var slope = Vector256.Create(step.Slope);
            s0 = Vector256.MultiplyAddEstimate(c0, slope, s0);
            s1 = Vector256.MultiplyAddEstimate(c1, slope, s1);
            s2 = Vector256.MultiplyAddEstimate(c2, slope, s2);
            s3 = Vector256.MultiplyAddEstimate(c3, slope, s3);
        }

        return new Sixteen { V0 = v0, V1 = v1, V2 = v2, V3 = v3, S0 = s0, S1 = s1, S2 = s2, S3 = s3 };
    }

    // The piece around 0, and those right of it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Right(in Sixteen start, ReadOnlySpan<Step> crossings, int middle, ref float w2, nint columns, ref float rows, nint width, nint stride)
    {
        Vector256<double> v0 = start.V0, v1 = start.V1, v2 = start.V2, v3 = start.V3, s0 = start.S0, s1 = start.S1, s2 = start.S2, s3 = start.S3;
        rows = ref Unsafe.Add(ref rows, middle * stride);
        Store(v0, v1, v2, v3, ref rows);
        Store(s0, s1, s2, s3, ref Unsafe.Add(ref rows, width));
        for (int i = middle; i < crossings.Length; i++)
        {
            ref readonly var step = ref crossings[i];
            Load(ref Unsafe.Add(ref w2, step.Unit * columns), out Vector256<double> c0, out Vector256<double> c1, out Vector256<double> c2, out Vector256<double> c3);
            var way = Vector256.Create(step.Way);
            var value = Vector256.Create(step.Value);
            v0 = Vector256.MultiplyAddEstimate(s0, way, Vector256.MultiplyAddEstimate(c0, value, v0));
            v1 = Vector256.MultiplyAddEstimate(s1, way, Vector256.MultiplyAddEstimate(c1, value, v1));
            v2 = Vector256.MultiplyAddEstimate(s2, way, Vector256.MultiplyAddEstimate(c2, value, v2));
            v3 = Vector256.MultiplyAddEstimate(s3, way, Vector256.MultiplyAddEstimate(c3, value, v3));
            var slope = Vector256.Create(step.Slope);
            s0 = Vector256.MultiplyAddEstimate(c0, slope, s0);
            s1 = Vector256.MultiplyAddEstimate(c1, slope, s1);
            s2 = Vector256.MultiplyAddEstimate(c2, slope, s2);
            s3 = Vector256.MultiplyAddEstimate(c3, slope, s3);
            rows = ref Unsafe.Add(ref rows, stride);
            Store(v0, v1, v2, v3, ref rows);
            Store(s0, s1, s2, s3, ref Unsafe.Add(ref rows, width));
        }
    }

    // The pieces left of the one around 0: each crossing the other way.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Left(in Sixteen start, ReadOnlySpan<Step> crossings, ref float w2, nint columns, ref float rows, nint width, nint stride)
    {
        Vector256<double> v0 = start.V0, v1 = start.V1, v2 = start.V2, v3 = start.V3, s0 = start.S0, s1 = start.S1, s2 = start.S2, s3 = start.S3;
        rows = ref Unsafe.Add(ref rows, crossings.Length * stride);
        for (int i = crossings.Length - 1; i >= 0; i--)
        {
            ref readonly var step = ref crossings[i];
            Load(ref Unsafe.Add(ref w2, step.Unit * columns), out Vector256<double> c0, out Vector256<double> c1, out Vector256<double> c2, out Vector256<double> c3);
            var way = Vector256.Create(-step.Way);
            var value = Vector256.Create(-step.Value);
            v0 = Vector256.MultiplyAddEstimate(s0, way, Vector256.MultiplyAddEstimate(c0, value, v0));
            v1 = Vector256.MultiplyAddEstimate(s1, way, Vector256.MultiplyAddEstimate(c1, value, v1));
            v2 = Vector256.MultiplyAddEstimate(s2, way, Vector256.MultiplyAddEstimate(c2, value, v2));
            v3 = Vector256.MultiplyAddEstimate(s3, way, Vector256.MultiplyAddEstimate(c3, value, v3));
            var slope = Vector256.Create(-step.Slope);
            s0 = Vector256.MultiplyAddEstimate(c0, slope, s0);
            s1 = Vector256.MultiplyAddEstimate(c1, slope, s1);
            s2 = Vector256.MultiplyAddEstimate(c2, slope, s2);
            s3 = Vector256.MultiplyAddEstimate(c3, slope, s3);
            rows = ref Unsafe.Subtract(ref rows, stride);
            Store(v0, v1, v2, v3, ref rows);
            Store(s0, s1, s2, s3, ref Unsafe.Add(ref rows, width));
        }
    }

    /// <summary>Sixteen numbers in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Load(ref float source, out Vector256<double> c0, out Vector256<double> c1, out Vector256<double> c2, out Vector256<double> c3)
    {
        if (Avx.IsSupported)
        {
            c0 = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref source));
            c1 = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref source, 4));
            c2 = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref source, 8));
            c3 = Avx.ConvertToVector256Double(Vector128.LoadUnsafe(ref source, 12));
            return;
        }

        (c0, c1) = Vector256.Widen(Vector256.LoadUnsafe(ref source));
        (c2, c3) = Vector256.Widen(Vector256.LoadUnsafe(ref source, 8));
    }

    /// <summary>Rounds sixteen numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(Vector256<double> c0, Vector256<double> c1, Vector256<double> c2, Vector256<double> c3, ref float destination)
    {
        if (Avx.IsSupported)
        {
            Avx.ConvertToVector128Single(c0).StoreUnsafe(ref destination);
            Avx.ConvertToVector128Single(c1).StoreUnsafe(ref destination, 4);
            Avx.ConvertToVector128Single(c2).StoreUnsafe(ref destination, 8);
            Avx.ConvertToVector128Single(c3).StoreUnsafe(ref destination, 12);
            return;
        }

        Vector256.Narrow(c0, c1).StoreUnsafe(ref destination);
        Vector256.Narrow(c2, c3).StoreUnsafe(ref destination, 8);
    }

    /// <summary>What a unit of the first layer adds, times its column of W2: to the value at 0 and to the slope there, or when its breakpoint is crossed.</summary>
    private readonly record struct Step(int Unit, double Way, double Value, double Slope);

    private struct Sixteen
    {
        public Vector256<double> V0, V1, V2, V3, S0, S1, S2, S3;
    }
}
