using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The loops of the affine coupling: scale, shift and log-det in one pass.</summary>
internal static class AffineKernel
{
    /// <summary>Applies the map to the changed coordinates in place: those of the rows whose lanes the mask has, or all with a mask of -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Apply<TMap, TSource>(ref Tile t, Rows changed, TSource output, float parameter, int mask)
        where TMap : struct, IAffineMap
        where TSource : struct, IOutputSource
    {
        if (mask >= 0)
        {
            var kernel = new Samples<TMap, MaskedLanes>(changed, output.Row, parameter, mask);
            output.Visit(ref t, ref kernel);
        }
        else if (t.Lanes == 1 && changed.Count == 1)
        {
            var kernel = new One<TMap>(changed, output.Row, parameter);
            KernelWidth.OverCoordinates(ref t, ref kernel);
        }
        else if (t.Lanes == 1)
        {
            var kernel = new Single<TMap>(changed, output.Row, parameter);
            KernelWidth.OverCoordinates(ref t, ref kernel);
        }
        else
        {
            var kernel = new Samples<TMap, AllLanes>(changed, output.Row, parameter, 0);
            output.Visit(ref t, ref kernel);
        }
    }

    /// <summary>From dL/dz to dL/dx and to the gradients of shift, raw output and parameter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward<TScale, TForm>(ref Tile t, Rows changed, int output, float parameter, int parameterGradient, int mask)
        where TScale : struct, IAffineScale
        where TForm : struct, IAffineForm
    {
        if (mask >= 0)
        {
            var kernel = new Gradients<TScale, TForm, MaskedLanes>(changed, output, parameter, parameterGradient, mask);
            KernelWidth.OverLanes(ref t, ref kernel);
        }
        else
        {
            var kernel = new Gradients<TScale, TForm, AllLanes>(changed, output, parameter, parameterGradient, 0);
            KernelWidth.OverLanes(ref t, ref kernel);
        }
    }

    // Rows and lanes for which the first half of the work is done before the second.
    private const int BlockRows = 8;
    private const int BlockLanes = 64;

    private readonly struct Samples<TMap, TChoice>(Rows changed, int output, float parameter, int mask) : IOutputUse
        where TMap : struct, IAffineMap
        where TChoice : struct, ILaneChoice
    {
        private readonly int start = changed.Start;
        private readonly int step = changed.Step;
        private readonly int count = changed.Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            OutputPiece piece = new() { Rows = ref Unsafe.Add(ref t.Work, output * lanes), Kind = count * lanes, Count = count, To = lanes };
            Run<V>(ref t, ref piece);
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t, scoped ref OutputPiece piece)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint rows = piece.Count;
            nint stride = step * lanes;
            nint raw = piece.Kind;
            nint to = piece.To;
            bool isMeasured = !t.Unmeasured;
            V constant = V.Create(parameter);
            ref float choice = ref Unsafe.Add(ref t.Weights, mask);
            Span<float> buffer = stackalloc float[BlockRows * BlockLanes];
            ref float begun = ref MemoryMarshal.GetReference(buffer);
            ref float x = ref Unsafe.Add(ref t.State, (start * lanes) + (piece.First * stride));
            ref float shift = ref piece.Rows;
            for (nint row = 0; row < rows; row += BlockRows)
            {
                nint blockRows = Math.Min(BlockRows, rows - row);
                for (nint lane = piece.From; lane < to; lane += BlockLanes)
                {
                    nint blockLanes = Math.Min(BlockLanes, to - lane);
                    ref float u = ref Unsafe.Add(ref shift, raw + lane);
                    ref float next = ref begun;
                    for (nint i = 0; i < blockRows; i++)
                    {
                        for (nint j = 0; j < blockLanes; j += V.Count)
                        {
                            V.Store(TMap.Begin(V.Load(ref u, j), constant), ref next, j);
                        }

                        u = ref Unsafe.Add(ref u, lanes);
                        next = ref Unsafe.Add(ref next, BlockLanes);
                    }

                    for (nint j = 0; j < blockLanes; j += V.Count)
                    {
                        ref float sums = ref Unsafe.Add(ref t.LogDet, lane + j);
                        V high = V.Load(ref sums);
                        V low = V.Load(ref sums, lanes);
                        ref float value = ref Unsafe.Add(ref x, lane + j);
                        ref float addend = ref Unsafe.Add(ref shift, lane + j);
                        next = ref Unsafe.Add(ref begun, j);
                        for (nint i = 0; i < blockRows; i++)
                        {
                            V before = V.Load(ref value);
                            V result = TMap.Finish(before, V.Load(ref addend), V.Load(ref next), V.Load(ref addend, raw), out V logDet);
                            V.Store(TChoice.Choose(result, before, ref choice, lane + j), ref value);
                            if (isMeasured)
                            {
                                LogDetSum.Add(TChoice.Only(logDet, ref choice, lane + j), ref high, ref low);
                            }

                            value = ref Unsafe.Add(ref value, stride);
                            addend = ref Unsafe.Add(ref addend, lanes);
                            next = ref Unsafe.Add(ref next, BlockLanes);
                        }

                        V.Store(high, ref sums);
                        V.Store(low, ref sums, lanes);
                    }
                }

                x = ref Unsafe.Add(ref x, BlockRows * stride);
                shift = ref Unsafe.Add(ref shift, BlockRows * lanes);
            }
        }
    }

    // One coordinate of one sample, of which a coupling on the plane has nothing else. Broadcast loads: a vector load of the raw
    // output, one float behind the shift, would wait for the store of the conditioner's output.
    private readonly struct One<TMap>(Rows changed, int output, float parameter) : IWideKernel
        where TMap : struct, IAffineMap
    {
        private readonly int start = changed.Start;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            ref float x = ref Unsafe.Add(ref t.State, start);
            ref float shift = ref Unsafe.Add(ref t.Work, output);
            V u = V.Create(Unsafe.Add(ref shift, 1));
            V value = TMap.Finish(V.Create(x), V.Create(shift), TMap.Begin(u, V.Create(parameter)), u, out V logDet);
            x = SingleRows.First(value);
            LogDetSum.Add(SingleRows.First(logDet), ref t.LogDet, ref Unsafe.Add(ref t.LogDet, 1));
        }
    }

    private readonly struct Single<TMap>(Rows changed, int output, float parameter) : IWideKernel
        where TMap : struct, IAffineMap
    {
        private readonly int start = changed.Start;
        private readonly int step = changed.Step;
        private readonly int count = changed.Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint rows = count;
            nint stride = step;
            ref float x = ref Unsafe.Add(ref t.State, start);
            ref float shift = ref Unsafe.Add(ref t.Work, output);
            V constant = V.Create(parameter);
            float high = t.LogDet;
            float low = Unsafe.Add(ref t.LogDet, 1);
            for (nint row = 0; row < rows; row += V.Count)
            {
                nint lanes = Math.Min(V.Count, rows - row);
                ref float first = ref Unsafe.Add(ref x, row * stride);
                V value = SingleRows.Load<V>(ref first, stride, lanes);
                V u = V.Load(ref shift, rows + row);
                value = TMap.Finish(value, V.Load(ref shift, row), TMap.Begin(u, constant), u, out V logDet);
                SingleRows.Store(value, ref first, stride, lanes);
                if (!t.Unmeasured)
                {
                    LogDetSum.AddInOrder(logDet, lanes, ref high, ref low);
                }
            }

            t.LogDet = high;
            Unsafe.Add(ref t.LogDet, 1) = low;
        }
    }

    private readonly struct Gradients<TScale, TForm, TChoice>(Rows changed, int output, float parameter, int parameterGradient, int mask) : IWideKernel
        where TScale : struct, IAffineScale
        where TForm : struct, IAffineForm
        where TChoice : struct, ILaneChoice
    {
        private readonly int start = changed.Start;
        private readonly int step = changed.Step;
        private readonly int count = changed.Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint rows = count;
            nint stride = step * lanes;
            nint raw = rows * lanes;
            V constant = V.Create(parameter);
            V sum = V.Zero;
            ref float choice = ref Unsafe.Add(ref t.Weights, mask);
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V upstreamLogDet = V.Load(ref t.GradLogDet, lane);
                ref float x = ref Unsafe.Add(ref t.State, (start * lanes) + lane);
                ref float g = ref Unsafe.Add(ref t.GradState, (start * lanes) + lane);
                ref float shift = ref Unsafe.Add(ref t.Work, (output * lanes) + lane);
                ref float gradientShift = ref Unsafe.Add(ref t.GradWork, (output * lanes) + lane);
                for (nint row = 0; row < rows; row++)
                {
                    V upstream = V.Load(ref g);
                    V scale = TScale.Derivatives(V.Load(ref shift, raw), constant, out V byRaw, out V byParameter);
                    V downstream = upstream * scale;
                    V logScale = V.MultiplyAdd(downstream, TForm.Scaled(V.Load(ref x), V.Load(ref shift)), upstreamLogDet);
                    V.Store(TChoice.Choose(downstream, upstream, ref choice, lane), ref g);
                    V.Store(TChoice.Only(TForm.ShiftGradient(upstream, downstream), ref choice, lane), ref gradientShift);
                    V.Store(TChoice.Only(logScale * byRaw, ref choice, lane), ref gradientShift, raw);
                    sum = V.MultiplyAdd(TChoice.Only(logScale, ref choice, lane), byParameter, sum);
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
