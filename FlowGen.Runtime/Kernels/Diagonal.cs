using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// z = (x + offset) scale in each coordinate, with a log-det that is the same for every sample: what ActNorm, Rescale, BatchNorm
/// and Standardize have in common.
/// </summary>
/// <remarks>Prepared: offset, scale and 1 / scale, each padded to 16, then the log-det in two floats.</remarks>
internal static class Diagonal
{
    /// <summary>The floats that one layer takes in the prepared weights.</summary>
    public static int PreparedSize(int size) => (3 * Pad(size)) + 16;

    /// <summary>Writes the weights of one coordinate.</summary>
    public static void Write(Span<float> prepared, int size, int coordinate, double offset, double scale, double inverseScale)
    {
        int padded = Pad(size);
        prepared[coordinate] = (float)offset;
        prepared[padded + coordinate] = (float)scale;
        prepared[(2 * padded) + coordinate] = (float)inverseScale;
    }

    /// <summary>Writes the log-det, and the padding, which is computed with and dropped.</summary>
    public static void Complete(Span<float> prepared, int size, double logDet)
    {
        int padded = Pad(size);
        prepared[size..padded].Clear();
        prepared[(padded + size)..(2 * padded)].Fill(1);
        prepared[((2 * padded) + size)..(3 * padded)].Fill(1);
        float high = (float)logDet;
        prepared[3 * padded] = high;
        prepared[(3 * padded) + 1] = (float)(logDet - high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size, int weights)
    {
        CoordinateKernel.Apply(ref t, size, new ScaleMap(Pad(size)), weights);
        if (!Unsafe.IsNullRef(ref t.LogDetRows))
        {
            LogDetRows.AddLogarithms(ref t, size, ref Unsafe.Add(ref t.Weights, weights + Pad(size)));
            return;
        }

        ref float logDet = ref Unsafe.Add(ref t.Weights, weights + (3 * Pad(size)));
        LogDetSum.AddConstant(ref t, logDet, Unsafe.Add(ref logDet, 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size, int weights)
    {
        CoordinateKernel.Apply(ref t, size, new UnscaleMap(Pad(size)), weights);
        ref float logDet = ref Unsafe.Add(ref t.Weights, weights + (3 * Pad(size)));
        LogDetSum.AddConstant(ref t, -logDet, -Unsafe.Add(ref logDet, 1));
    }

    /// <summary>dL/dx = dL/dz scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, int weights) =>
        CoordinateKernel.Backward(ref t, size, new ScaleGradient(Pad(size)), weights);

    /// <summary>
    /// The same, and the gradients of a scale e^s, dL/ds = sum (dL/dz z + dL/dlog-det), and of the offset, sum dL/dx, where
    /// they are wanted: -1 for those that are not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, int weights, int offset, int logScale)
    {
        var kernel = new ParameterGradients(size, weights, offset, logScale);
        KernelWidth.OverLanes(ref t, ref kernel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pad(int size) => (size + 15) & ~15;

    private readonly struct ScaleMap(int padded) : ICoordinateMap
    {
        public static bool Changes => true;

        public static bool Measures => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            logDet = V.Zero;
            return (x + TPlace.Load<V>(ref weights, row)) * TPlace.Load<V>(ref weights, padded + row);
        }
    }

    private readonly struct UnscaleMap(int padded) : ICoordinateMap
    {
        public static bool Changes => true;

        public static bool Measures => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            logDet = V.Zero;
            return V.MultiplyAdd(x, TPlace.Load<V>(ref weights, (2 * padded) + row), -TPlace.Load<V>(ref weights, row));
        }
    }

    private readonly struct ScaleGradient(int padded) : ICoordinateGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x, V gradient, V gradientLogDet, ref float weights, nint row)
            where V : struct, IVec<V> => gradient * V.Create(Unsafe.Add(ref weights, padded + row));
    }

    private readonly struct ParameterGradients(int size, int weights, int offset, int logScale) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint rows = size;
            nint padded = Pad(size);
            ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
            ref float x = ref t.State;
            ref float g = ref t.GradState;
            bool separate = !Unsafe.IsNullRef(ref t.GradLogDetRows);
            float gradientLogDet = separate ? 0 : Total<V>(ref t.GradLogDet, lanes);
            for (nint row = 0; row < rows; row++)
            {
                if (separate)
                {
                    gradientLogDet = Total<V>(ref Unsafe.Add(ref t.GradLogDetRows, row * lanes), lanes);
                }

                V shift = V.Create(Unsafe.Add(ref prepared, row));
                V scale = V.Create(Unsafe.Add(ref prepared, padded + row));
                V sum = V.Zero;
                V sumScaled = V.Zero;
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V downstream = V.Load(ref g, lane) * scale;
                    sum += downstream;
                    sumScaled = V.MultiplyAdd(downstream, V.Load(ref x, lane) + shift, sumScaled);
                    V.Store(downstream, ref g, lane);
                }

                if (offset >= 0)
                {
                    Unsafe.Add(ref t.Gradient, offset + row) += V.Sum(sum);
                }

                Unsafe.Add(ref t.Gradient, logScale + row) += V.Sum(sumScaled) + gradientLogDet;
                x = ref Unsafe.Add(ref x, lanes);
                g = ref Unsafe.Add(ref g, lanes);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static float Total<V>(ref float row, nint lanes)
            where V : struct, IVec<V>
        {
            V total = V.Zero;
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                total += V.Load(ref row, lane);
            }

            return V.Sum(total);
        }
    }
}
