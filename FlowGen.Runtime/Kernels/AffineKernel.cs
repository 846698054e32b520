using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The loops of the affine coupling: scale, shift and log-det in one pass.</summary>
internal static class AffineKernel
{
    /// <summary>Applies the map to the changed coordinates in place.</summary>
    public static void Apply<TMap>(ref Tile t, Rows changed, int output, float parameter)
        where TMap : struct, IAffineMap
    {
        if (t.Lanes == 1)
        {
            KernelWidth.OverCoordinates(ref t, new Single<TMap>(changed, output, parameter));
        }
        else
        {
            KernelWidth.OverLanes(ref t, new Samples<TMap>(changed, output, parameter));
        }
    }

    /// <summary>From dL/dz to dL/dx and to the gradients of shift, raw output and parameter.</summary>
    public static void Backward<TScale, TForm>(ref Tile t, Rows changed, int output, float parameter, int parameterGradient)
        where TScale : struct, IAffineScale
        where TForm : struct, IAffineForm =>
        KernelWidth.OverLanes(ref t, new Gradients<TScale, TForm>(changed, output, parameter, parameterGradient));

    private readonly struct Samples<TMap>(Rows changed, int output, float parameter) : IWideKernel
        where TMap : struct, IAffineMap
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint rows = changed.Count;
            nint stride = changed.Stride(ref t);
            nint raw = rows * lanes;
            V constant = V.Create(parameter);
            ref float sums = ref t.LogDet;
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V high = V.Load(ref sums, lane);
                V low = V.Load(ref sums, lanes + lane);
                ref float x = ref Unsafe.Add(ref changed.Values(ref t), lane);
                ref float shift = ref Unsafe.Add(ref t.Work, (output * lanes) + lane);
                for (nint row = 0; row < rows; row++)
                {
                    V value = TMap.Apply(V.Load(ref x), V.Load(ref shift), V.Load(ref shift, raw), constant, out V logDet);
                    V.Store(value, ref x);
                    LogDetSum.Add(logDet, ref high, ref low);
                    x = ref Unsafe.Add(ref x, stride);
                    shift = ref Unsafe.Add(ref shift, lanes);
                }

                V.Store(high, ref sums, lane);
                V.Store(low, ref sums, lanes + lane);
            }
        }
    }

    private readonly struct Single<TMap>(Rows changed, int output, float parameter) : IWideKernel
        where TMap : struct, IAffineMap
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint rows = changed.Count;
            ref float x = ref changed.Values(ref t);
            ref float shift = ref Unsafe.Add(ref t.Work, output);
            V constant = V.Create(parameter);
            float high = t.LogDet;
            float low = Unsafe.Add(ref t.LogDet, 1);
            if (rows == 1)
            {
                // Broadcast loads: a vector load at shift + 1 would wait for the store of the conditioner's output.
                V value = TMap.Apply(V.Create(x), V.Create(shift), V.Create(Unsafe.Add(ref shift, 1)), constant, out V logDet);
                x = SingleRows.First(value);
                LogDetSum.Add(SingleRows.First(logDet), ref high, ref low);
            }
            else
            {
                nint step = changed.Step;
                for (nint row = 0; row < rows; row += V.Count)
                {
                    nint count = Math.Min(V.Count, rows - row);
                    ref float first = ref Unsafe.Add(ref x, row * step);
                    V value = SingleRows.Load<V>(ref first, step, count);
                    value = TMap.Apply(value, V.Load(ref shift, row), V.Load(ref shift, rows + row), constant, out V logDet);
                    SingleRows.Store(value, ref first, step, count);
                    LogDetSum.AddInOrder(logDet, count, ref high, ref low);
                }
            }

            t.LogDet = high;
            Unsafe.Add(ref t.LogDet, 1) = low;
        }
    }

    private readonly struct Gradients<TScale, TForm>(Rows changed, int output, float parameter, int parameterGradient) : IWideKernel
        where TScale : struct, IAffineScale
        where TForm : struct, IAffineForm
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint rows = changed.Count;
            nint stride = changed.Stride(ref t);
            nint raw = rows * lanes;
            V constant = V.Create(parameter);
            V sum = V.Zero;
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V upstreamLogDet = V.Load(ref t.GradLogDet, lane);
                ref float x = ref Unsafe.Add(ref changed.Values(ref t), lane);
                ref float g = ref Unsafe.Add(ref changed.Gradients(ref t), lane);
                ref float shift = ref Unsafe.Add(ref t.Work, (output * lanes) + lane);
                ref float gradientShift = ref Unsafe.Add(ref t.GradWork, (output * lanes) + lane);
                for (nint row = 0; row < rows; row++)
                {
                    V upstream = V.Load(ref g);
                    V scale = TScale.Derivatives(V.Load(ref shift, raw), constant, out V byRaw, out V byParameter);
                    V downstream = upstream * scale;
                    V logScale = V.MultiplyAdd(downstream, TForm.Scaled(V.Load(ref x), V.Load(ref shift)), upstreamLogDet);
                    V.Store(downstream, ref g);
                    V.Store(TForm.ShiftGradient(upstream, downstream), ref gradientShift);
                    V.Store(logScale * byRaw, ref gradientShift, raw);
                    sum = V.MultiplyAdd(logScale, byParameter, sum);
                    x = ref Unsafe.Add(ref x, stride);
                    g = ref Unsafe.Add(ref g, stride);
                    shift = ref Unsafe.Add(ref shift, lanes);
                    gradientShift = ref Unsafe.Add(ref gradientShift, lanes);
                }
            }

            if (parameterGradient >= 0)
            {
                Unsafe.Add(ref t.Gradient, parameterGradient) += V.Sum(sum);
            }
        }
    }
}
