using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Additive coupling (NICE, section 3.2): z = x + t on the changed coordinates, with t from the others; log-det 0.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AdditiveCoupling
{
    /// <summary>x to z in place.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="shift">The first work row of the conditioner's output, a row for each of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, Rows changed, int shift) => Run<Plus, RowSource>(ref t, changed, new RowSource(shift), -1);

    /// <summary>z to x in place.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="shift">The first work row of the conditioner's output, a row for each of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, Rows changed, int shift) => Run<Minus, RowSource>(ref t, changed, new RowSource(shift), -1);

    /// <summary>x to z in place, while the last convolution of the conditioner is made.</summary>
    /// <param name="t">The tile, with the input of that convolution in its planes.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="shift">The last convolution of the conditioner.</param>
    /// <param name="shiftWeights">Where it starts in the prepared weights.</param>
    /// <param name="mask">Where the mask of the pixels that change is in the prepared weights, or -1 for whole rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, Rows changed, ConvolutionOutput shift, int shiftWeights, int mask = -1) =>
        Run<Plus, ConvolutionSource>(ref t, changed, new ConvolutionSource(shift, shiftWeights), mask);

    /// <summary>z to x in place, while the last convolution of the conditioner is made.</summary>
    /// <param name="t">The tile, with the input of that convolution in its planes.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="shift">The last convolution of the conditioner.</param>
    /// <param name="shiftWeights">Where it starts in the prepared weights.</param>
    /// <param name="mask">Where the mask of the pixels that change is in the prepared weights, or -1 for whole rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, Rows changed, ConvolutionOutput shift, int shiftWeights, int mask = -1) =>
        Run<Minus, ConvolutionSource>(ref t, changed, new ConvolutionSource(shift, shiftWeights), mask);

    /// <summary>dL/dt = dL/dz, into the rows of the work area's gradient; dL/dx of the changed coordinates is dL/dz as it is.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="shift">The first work row of the conditioner's output, a row for each of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, Rows changed, int shift) => BackwardRows(ref t, changed, shift, -1);

    /// <summary>dL/dt = dL/dz, into the first rows of the work area's gradient; dL/dx of the changed coordinates is dL/dz as it is.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="shift">The last convolution of the conditioner.</param>
    /// <param name="mask">Where the mask of the pixels that change is in the prepared weights, or -1 for whole rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, Rows changed, ConvolutionOutput shift, int mask = -1)
    {
        ArgumentNullException.ThrowIfNull(shift);
        BackwardRows(ref t, changed, 0, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BackwardRows(ref Tile t, Rows changed, int shift, int mask)
    {
        if (mask >= 0)
        {
            var kernel = new Gradients<MaskedLanes>(changed, shift, mask);
            KernelWidth.OverLanes(ref t, ref kernel);
        }
        else
        {
            var kernel = new Gradients<AllLanes>(changed, shift, 0);
            KernelWidth.OverLanes(ref t, ref kernel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TSign, TSource>(ref Tile t, Rows changed, TSource shift, int mask)
        where TSign : struct, ISign
        where TSource : struct, IOutputSource
    {
        if (mask >= 0)
        {
            var kernel = new Samples<TSign, MaskedLanes>(changed, shift.Row, mask);
            shift.Visit(ref t, ref kernel);
        }
        else if (t.Lanes == 1)
        {
            var kernel = new Single<TSign>(changed, shift.Row);
            KernelWidth.OverCoordinates(ref t, ref kernel);
        }
        else
        {
            var kernel = new Samples<TSign, AllLanes>(changed, shift.Row, 0);
            shift.Visit(ref t, ref kernel);
        }
    }

    private interface ISign
    {
        static abstract V Apply<V>(V x, V shift)
            where V : struct, IVec<V>;
    }

    private readonly struct Plus : ISign
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x, V shift)
            where V : struct, IVec<V> => x + shift;
    }

    private readonly struct Minus : ISign
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x, V shift)
            where V : struct, IVec<V> => x - shift;
    }

    private readonly struct Samples<TSign, TChoice>(Rows changed, int shift, int mask) : IOutputUse
        where TSign : struct, ISign
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
            OutputPiece piece = new() { Rows = ref Unsafe.Add(ref t.Work, shift * lanes), Count = count, To = lanes };
            Run<V>(ref t, ref piece);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t, scoped ref OutputPiece piece)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint stride = step * lanes;
            nint to = piece.To;
            ref float x = ref Unsafe.Add(ref t.State, (start * lanes) + (piece.First * stride));
            ref float addend = ref piece.Rows;
            ref float choice = ref Unsafe.Add(ref t.Weights, mask);
            for (int row = 0; row < piece.Count; row++)
            {
                for (nint lane = piece.From; lane < to; lane += V.Count)
                {
                    V before = V.Load(ref x, lane);
                    V.Store(TChoice.Choose(TSign.Apply(before, V.Load(ref addend, lane)), before, ref choice, lane), ref x, lane);
                }

                x = ref Unsafe.Add(ref x, stride);
                addend = ref Unsafe.Add(ref addend, lanes);
            }
        }
    }

    private readonly struct Single<TSign>(Rows changed, int shift) : IWideKernel
        where TSign : struct, ISign
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
            ref float addend = ref Unsafe.Add(ref t.Work, shift);
            for (nint row = 0; row < rows; row += V.Count)
            {
                nint lanes = Math.Min(V.Count, rows - row);
                ref float first = ref Unsafe.Add(ref x, row * stride);
                V value = TSign.Apply(SingleRows.Load<V>(ref first, stride, lanes), V.Load(ref addend, row));
                SingleRows.Store(value, ref first, stride, lanes);
            }
        }
    }

    private readonly struct Gradients<TChoice>(Rows changed, int shift, int mask) : IWideKernel
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
            ref float g = ref Unsafe.Add(ref t.GradState, start * lanes);
            ref float gradientShift = ref Unsafe.Add(ref t.GradWork, shift * lanes);
            ref float choice = ref Unsafe.Add(ref t.Weights, mask);
            for (nint row = 0; row < rows; row++)
            {
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V.Store(TChoice.Only(V.Load(ref g, lane), ref choice, lane), ref gradientShift, lane);
                }

                g = ref Unsafe.Add(ref g, stride);
                gradientShift = ref Unsafe.Add(ref gradientShift, lanes);
            }
        }
    }
}
