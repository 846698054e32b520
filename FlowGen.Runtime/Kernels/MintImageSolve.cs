using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>The coordinates of an image one after the other in the order of the triangle, each by Newton steps inside a bracket; paths are the lanes.</summary>
/// <param name="planes">The layer's shape.</param>
/// <param name="weights">Where its prepared weights start.</param>
internal readonly struct MintImageSolve<TOp>(MintPlanes planes, int weights)
    where TOp : struct, ISmoothActivation
{
    private const int MostSteps = 120;

    // From here on every third step is a halving.
    private const int Patience = 12;

    /// <summary>Two units in the last place.</summary>
    private const float Resolution = 2.4e-7f;

    /// <summary>Solves for the planes of x, from where they are; returns the work in evaluations of the whole layer, rounded up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Run(ref Tile t)
    {
        int width = planes.Sequence.Width;
        long steps = Vector512.IsHardwareAccelerated && width % Vec512.Count == 0 ? Solve<Vec512>(ref t)
            : Vector256.IsHardwareAccelerated && width % Vec256.Count == 0 ? Solve<Vec256>(ref t)
            : Vector128.IsHardwareAccelerated ? Solve<Vec128>(ref t)
            : Solve<VecScalar>(ref t);

        return planes.Sequence.Evaluations(steps);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private long Solve<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var sequence = planes.Sequence;
        var shape = planes.Shape;
        int channels = planes.Channels;
        int width = sequence.Width;
        int paths = planes.Paths;
        nint stride = channels * width;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights + planes.SequenceWeights);
        ref float tapWeights = ref Unsafe.Add(ref prepared, channels * sequence.ChannelFloats);
        ref float bias3 = ref Unsafe.Add(ref t.Weights, weights + planes.Convolution3);
        ref float slopes = ref Unsafe.Add(ref t.Weights, weights);
        ref float scratch = ref Unsafe.Add(ref t.Work, planes.WorkFloats);
        ref float rows = ref scratch;
        ref float a = ref Unsafe.Add(ref scratch, 6 * width);
        ref float c = ref Unsafe.Add(ref a, shape.Floats(1) * stride);
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref scratch, sequence.ScratchFloats).Clear();
        ref float before1 = ref rows;
        ref float before2 = ref Unsafe.Add(ref rows, width);
        long steps = 0;
        foreach (int coordinate in sequence.Order)
        {
            int pixels = shape.Height * shape.Width;
            (int channel, int pixel) = Math.DivRem(coordinate, pixels);
            (int row, int column) = Math.DivRem(pixel, shape.Width);
            int position = (row * shape.Stride) + column;
            ref float mine = ref Unsafe.Add(ref prepared, channel * sequence.ChannelFloats);
            for (int p = 0; p < width; p += V.Count)
            {
                V.Store(V.Load(ref mine, p), ref before1, p);
                V.Store(V.Load(ref mine, width + p), ref before2, p);
            }

            // What the coordinates before it contribute; those out of the image are zero.
            V outer = V.Zero;
            for (int n = sequence.Starts[channel]; n < sequence.Starts[channel + 1]; n++)
            {
                Tap tap = sequence.Taps[n];
                int from = shape.Lead + position + (tap.Row * shape.Stride) + tap.Column;
                ref float w = ref Unsafe.Add(ref tapWeights, n * (nint)sequence.TapFloats);
                ref float hidden = ref Unsafe.Add(ref a, (from * stride) + (tap.Plane * width));
                ref float second = ref Unsafe.Add(ref c, (from * stride) + (tap.Plane * width));
                V x = V.Create(Unsafe.Add(ref t.Work, planes.X + (tap.Plane * shape.Size) + from));
                ref float w3 = ref Unsafe.Add(ref w, (1 + paths) * width);
                for (int p = 0; p < width; p += V.Count)
                {
                    V.Store(V.MultiplyAdd(V.Load(ref w, p), x, V.Load(ref before1, p)), ref before1, p);
                    outer = V.MultiplyAdd(V.Load(ref w3, p), V.Load(ref second, p), outer);
                    Multiply<V>(ref Unsafe.Add(ref w, width + p), ref hidden, width, paths, ref Unsafe.Add(ref before2, p));
                }
            }

            nint place = shape.Lead + (channel * (nint)shape.Size) + position;
            nint at = ((shape.Lead + position) * stride) + (channel * width);
            ref float root = ref Unsafe.Add(ref t.Work, planes.X + place);
            var state = new Coordinate
            {
                Slope = Unsafe.Add(ref slopes, (channel * shape.Lanes) + position),
                Target = Unsafe.Add(ref t.Work, planes.Z + place),
                Rest = Unsafe.Add(ref bias3, channel) + V.Sum(outer),
            };
            (root, int taken) = Root<V>(state, root, ref mine, ref rows, ref Unsafe.Add(ref a, at), ref Unsafe.Add(ref c, at));
            steps += taken;
        }

        return steps;
    }

    /// <summary>sum += matrix hidden: row j of the matrix times hidden[j], in four chains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<V>(ref float matrix, ref float hidden, int width, int paths, ref float sum)
        where V : struct, IVec<V>
    {
        V s0 = V.Load(ref sum);
        V s1 = V.Zero;
        V s2 = V.Zero;
        V s3 = V.Zero;
        int j = 0;
        for (; j <= paths - 4; j += 4)
        {
            s0 = V.MultiplyAdd(V.Load(ref matrix, j * width), V.Create(Unsafe.Add(ref hidden, j)), s0);
            s1 = V.MultiplyAdd(V.Load(ref matrix, (j + 1) * width), V.Create(Unsafe.Add(ref hidden, j + 1)), s1);
            s2 = V.MultiplyAdd(V.Load(ref matrix, (j + 2) * width), V.Create(Unsafe.Add(ref hidden, j + 2)), s2);
            s3 = V.MultiplyAdd(V.Load(ref matrix, (j + 3) * width), V.Create(Unsafe.Add(ref hidden, j + 3)), s3);
        }

        for (; j < paths; j++)
        {
            s0 = V.MultiplyAdd(V.Load(ref matrix, j * width), V.Create(Unsafe.Add(ref hidden, j)), s0);
        }

        V.Store((s0 + s1) + (s2 + s3), ref sum);
    }

    /// <summary>The root of one coordinate, and the values of its units there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float X, int Steps) Root<V>(Coordinate state, float x, ref float mine, ref float rows, ref float a, ref float c)
        where V : struct, IVec<V>
    {
        float low = float.NegativeInfinity;
        float high = float.PositiveInfinity;
        int step = 0;
        while (step < MostSteps)
        {
            float value = Value<V>(state, x, ref mine, ref rows, ref a, ref c, out float d);
            float excess = value - state.Target;
            float noise = Resolution * (Math.Abs(state.Target) + Math.Abs(state.Slope * x) + Math.Abs(state.Rest));
            step++;
            if (!(Math.Abs(excess) > noise))
            {
                return (x, step);
            }

            float far = x - (excess / state.Slope);
            high = Math.Min(high, excess > 0 ? x : far);
            low = Math.Max(low, excess > 0 ? far : x);
            float next = x - (excess / d);
            if (!(next > low && next < high) || (step > Patience && step % 3 == 0))
            {
                next = low + (0.5f * (high - low));
            }

            bool still = !(Math.Abs(next - x) > Resolution * Math.Abs(x));
            x = next;
            if (still)
            {
                break;
            }
        }

        _ = Value<V>(state, x, ref mine, ref rows, ref a, ref c, out _);
        return (x, step + 1);
    }

    /// <summary>The layer's value at one coordinate, and its slope, as functions of that coordinate alone; leaves the values of its units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Value<V>(Coordinate state, float x, ref float mine, ref float rows, ref float a, ref float c, out float d)
        where V : struct, IVec<V>
    {
        int width = planes.Sequence.Width;
        int paths = planes.Paths;
        ref float w1 = ref Unsafe.Add(ref mine, 2 * width);
        ref float w3 = ref Unsafe.Add(ref mine, 3 * width);
        ref float slopes = ref Unsafe.Add(ref rows, 2 * width);
        ref float second = ref Unsafe.Add(ref rows, 3 * width);
        ref float inner = ref Unsafe.Add(ref rows, 4 * width);
        V at = V.Create(x);
        for (int p = 0; p < width; p += V.Count)
        {
            V w = V.Load(ref w1, p);
            V h = TOp.Apply(V.MultiplyAdd(w, at, V.Load(ref rows, p)));
            V.Store(h, ref a, p);
            V.Store(TOp.Derivative(h) * w, ref slopes, p);
        }

        V sum = V.Zero;
        V slope = V.Zero;
        for (int p = 0; p < width; p += V.Count)
        {
            V.Store(V.Load(ref rows, width + p), ref second, p);
            V.Store(V.Zero, ref inner, p);
            ref float w2 = ref Unsafe.Add(ref mine, (4 * width) + p);
            Multiply<V>(ref w2, ref a, width, paths, ref Unsafe.Add(ref second, p));
            Multiply<V>(ref w2, ref slopes, width, paths, ref Unsafe.Add(ref inner, p));
            V h = TOp.Apply(V.Load(ref second, p));
            V.Store(h, ref c, p);
            V outer = V.Load(ref w3, p);
            sum = V.MultiplyAdd(outer, h, sum);
            slope = V.MultiplyAdd(outer * TOp.Derivative(h), V.Load(ref inner, p), slope);
        }

        d = state.Slope + V.Sum(slope);
        return float.MultiplyAddEstimate(state.Slope, x, state.Rest) + V.Sum(sum);
    }

    /// <summary>What is known of a coordinate when its turn comes.</summary>
    private struct Coordinate
    {
        public float Slope;
        public float Target;
        public float Rest;
    }
}
