using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The sum of two modules whose Jacobians are triangular in one order (Song, Meng and Ermon, 2019, proposition 1): z = a A(x) + b B(x) with positive a and b;
/// log-det is the sum of log(a d_A + b d_B), d the positive diagonals of the modules.
/// </summary>
/// <remarks>
/// The layers of the modules are the usual kernels, which leave the logarithms of their diagonals in <see cref="Tile.LogDetRows"/>. Inverted by Newton steps on all
/// coordinates at once, each inside a bracket when its turn in the order of the triangle comes (<see cref="SumInverse"/>).
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Sum
{
    /// <summary>x to z in place.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="size">Its rows.</param>
    /// <param name="first">a.</param>
    /// <param name="second">b.</param>
    /// <param name="weights">Where the prepared weights start.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<TSum>(ref Tile t, int size, float first, float second, int weights)
        where TSum : struct, ISum
    {
        Evaluate<TSum>(ref t, size, weights);
        Run(ref t, new SumTotal(size, first, second, forInverse: false));
        Run(ref t, new SumLogDet(size, inverse: false));
    }

    /// <summary>z to x in place.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="size">Its rows.</param>
    /// <param name="triangle">Which side of the diagonal the Jacobian fills.</param>
    /// <param name="order">The order of an image's coordinates in which it does.</param>
    /// <param name="first">a.</param>
    /// <param name="second">b.</param>
    /// <param name="weights">Where the prepared weights start.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse<TSum>(ref Tile t, int size, Triangle triangle, TriangularOrder order, float first, float second, int weights)
        where TSum : struct, ISum
    {
        var inverse = new SumInverse(ref t, size, triangle, order);
        Span<SumSample> samples = stackalloc SumSample[inverse.Samples];
        inverse.Begin(ref t, samples);
        do
        {
            Evaluate<TSum>(ref t, size, weights);
            Run(ref t, new SumTotal(size, first, second, forInverse: true));
        }
        while (inverse.Continue(ref t, samples));

        inverse.Complete(ref t, samples);
        Run(ref t, new SumLogDet(size, inverse: true));
    }

    /// <summary>dL/dz to dL/dx in place; adds the gradients of the parameters.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="size">Its rows.</param>
    /// <param name="first">a.</param>
    /// <param name="second">b.</param>
    /// <param name="weights">Where the prepared weights start.</param>
    /// <param name="parameters">Where the parameters start.</param>
    /// <param name="sums">Where the sums start.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<TSum>(ref Tile t, int size, float first, float second, int weights, int parameters, int sums)
        where TSum : struct, ISum
    {
        var blocks = new SumBlocks(ref t, size);
        ref float state = ref t.State;
        ref float work = ref t.Work;
        ref float outer = ref t.GradLogDetRows;
        var shares = new SumShares(size, second);
        KernelWidth.OverLanes(ref t, ref shares);

        nint end = blocks.Layers;
        for (int layer = 0; layer < TSum.Layers; layer++)
        {
            end += blocks.Step(TSum.Record(layer));
        }

        t.GradLogDetRows = ref Unsafe.Add(ref work, blocks.Second);
        for (int layer = TSum.Layers - 1; layer >= TSum.First; layer--)
        {
            end -= blocks.Step(TSum.Record(layer));
            t.State = ref Unsafe.Add(ref work, end);
            t.Work = ref Unsafe.Add(ref work, end + blocks.Size);
            TSum.Backward(ref t, layer, weights, parameters, sums);
        }

        // From here on dL/dx by way of the second module waits for that by way of the first.
        t.Work = ref work;
        var turn = new SumTurn(size, first);
        KernelWidth.OverLanes(ref t, ref turn);
        t.GradLogDetRows = ref Unsafe.Add(ref work, blocks.First);
        for (int layer = TSum.First - 1; layer >= 0; layer--)
        {
            end -= blocks.Step(TSum.Record(layer));
            t.State = ref Unsafe.Add(ref work, end);
            t.Work = ref Unsafe.Add(ref work, end + blocks.Size);
            TSum.Backward(ref t, layer, weights, parameters, sums);
        }

        t.State = ref state;
        t.Work = ref work;
        t.GradLogDetRows = ref outer;
        var merge = new SumMerge(size);
        KernelWidth.OverLanes(ref t, ref merge);
    }

    /// <summary>The value of the second module at the state in the state, that of the first in its block, and the logarithms of their diagonals in theirs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Evaluate<TSum>(ref Tile t, int size, int weights)
        where TSum : struct, ISum
    {
        var blocks = new SumBlocks(ref t, size);
        ref float work = ref t.Work;
        ref float outer = ref t.LogDetRows;
        ref float input = ref Unsafe.Add(ref work, blocks.Input);
        RowCopy.Copy(ref t.State, ref input, blocks.Count);
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref work, (int)(2 * blocks.Size)).Clear();
        nint end = blocks.Layers;
        t.LogDetRows = ref Unsafe.Add(ref work, blocks.First);
        for (int layer = 0; layer < TSum.Layers; layer++)
        {
            if (layer == TSum.First)
            {
                RowCopy.Copy(ref t.State, ref Unsafe.Add(ref work, blocks.Value), blocks.Count);
                RowCopy.Copy(ref input, ref t.State, blocks.Count);
                t.LogDetRows = ref Unsafe.Add(ref work, blocks.Second);
            }

            t.Work = ref Unsafe.Add(ref work, end);
            if (t.Recording)
            {
                RowCopy.Copy(ref t.State, ref t.Work, blocks.Count);
                t.Work = ref Unsafe.Add(ref t.Work, blocks.Size);
                end += blocks.Step(TSum.Record(layer));
            }

            TSum.Forward(ref t, layer, weights);
        }

        t.Work = ref work;
        t.LogDetRows = ref outer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TKernel>(ref Tile t, TKernel kernel)
        where TKernel : struct, IWideKernel
    {
        if (t.Lanes == 1)
        {
            KernelWidth.OverCoordinates(ref t, ref kernel);
        }
        else
        {
            KernelWidth.OverLanes(ref t, ref kernel);
        }
    }

    /// <summary>z = a A + b B, and of the diagonal a e^A + b e^B its logarithm, and the first module's share or the diagonal itself.</summary>
    private readonly struct SumTotal(int size, float first, float second, bool forInverse) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            var blocks = new SumBlocks(ref t, size);
            ref float a = ref Unsafe.Add(ref t.Work, blocks.First);
            ref float b = ref Unsafe.Add(ref t.Work, blocks.Second);
            ref float value = ref Unsafe.Add(ref t.Work, blocks.Value);
            V byFirst = V.Create(first);
            V bySecond = V.Create(second);
            V odds = V.Create((float)Math.Log((double)first / second));
            V log = V.Create((float)Math.Log(second));
            for (nint i = 0; i < blocks.Count; i += V.Count)
            {
                V other = V.Load(ref b, i);
                V difference = (V.Load(ref a, i) - other) + odds;
                V sum = (other + log) + VectorMath.Softplus(difference);
                V.Store(V.MultiplyAdd(byFirst, V.Load(ref value, i), bySecond * V.Load(ref t.State, i)), ref t.State, i);
                V.Store(forInverse ? VectorMath.Exp(sum) : VectorMath.Sigmoid(difference), ref a, i);
                V.Store(sum, ref b, i);
            }
        }
    }

    /// <summary>Adds the logarithms of the diagonal to the log-det, or coordinate by coordinate to those of the module around.</summary>
    private readonly struct SumLogDet(int size, bool inverse) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            var blocks = new SumBlocks(ref t, size);
            nint lanes = t.Lanes;
            ref float logs = ref Unsafe.Add(ref t.Work, blocks.Second);
            if (!Unsafe.IsNullRef(ref t.LogDetRows))
            {
                for (nint i = 0; i < blocks.Count; i += V.Count)
                {
                    V.Store(V.Load(ref t.LogDetRows, i) + V.Load(ref logs, i), ref t.LogDetRows, i);
                }

                return;
            }

            ref float sums = ref t.LogDet;
            if (lanes == 1)
            {
                float sum = sums;
                float rest = Unsafe.Add(ref sums, 1);
                for (int row = 0; row < size; row++)
                {
                    float log = Unsafe.Add(ref logs, row);
                    LogDetSum.Add(inverse ? -log : log, ref sum, ref rest);
                }

                sums = sum;
                Unsafe.Add(ref sums, 1) = rest;
                return;
            }

            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V high = V.Load(ref sums, lane);
                V low = V.Load(ref sums, lanes + lane);
                for (int row = 0; row < size; row++)
                {
                    V log = V.Load(ref logs, (row * lanes) + lane);
                    LogDetSum.Add(inverse ? -log : log, ref high, ref low);
                }

                V.Store(high, ref sums, lane);
                V.Store(low, ref sums, lanes + lane);
            }
        }
    }

    /// <summary>From the first module's share to the derivatives by both diagonals' logarithms; dL/dz into its block, and b dL/dz on its way back.</summary>
    private readonly struct SumShares(int size, float second) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            var blocks = new SumBlocks(ref t, size);
            nint lanes = t.Lanes;
            bool separate = !Unsafe.IsNullRef(ref t.GradLogDetRows);
            ref float upstream = ref separate ? ref t.GradLogDetRows : ref t.GradLogDet;
            V weight = V.Create(second);
            for (nint row = 0; row < size; row++)
            {
                ref float a = ref Unsafe.Add(ref t.Work, blocks.First + (row * lanes));
                ref float b = ref Unsafe.Add(ref t.Work, blocks.Second + (row * lanes));
                ref float z = ref Unsafe.Add(ref t.Work, blocks.Value + (row * lanes));
                ref float g = ref Unsafe.Add(ref t.GradState, row * lanes);
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V byLogDet = V.Load(ref upstream, lane);
                    V share = byLogDet * V.Load(ref a, lane);
                    V byLatent = V.Load(ref g, lane);
                    V.Store(share, ref a, lane);
                    V.Store(byLogDet - share, ref b, lane);
                    V.Store(byLatent, ref z, lane);
                    V.Store(weight * byLatent, ref g, lane);
                }

                upstream = ref Unsafe.Add(ref upstream, separate ? lanes : 0);
            }
        }
    }

    /// <summary>Keeps what the second module passed back; a dL/dz on its way.</summary>
    private readonly struct SumTurn(int size, float first) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            var blocks = new SumBlocks(ref t, size);
            ref float z = ref Unsafe.Add(ref t.Work, blocks.Value);
            ref float x = ref Unsafe.Add(ref t.Work, blocks.Input);
            V weight = V.Create(first);
            for (nint i = 0; i < blocks.Count; i += V.Count)
            {
                V.Store(V.Load(ref t.GradState, i), ref x, i);
                V.Store(weight * V.Load(ref z, i), ref t.GradState, i);
            }
        }
    }

    /// <summary>dL/dx = what both modules passed back.</summary>
    private readonly struct SumMerge(int size) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            var blocks = new SumBlocks(ref t, size);
            ref float x = ref Unsafe.Add(ref t.Work, blocks.Input);
            for (nint i = 0; i < blocks.Count; i += V.Count)
            {
                V.Store(V.Load(ref t.GradState, i) + V.Load(ref x, i), ref t.GradState, i);
            }
        }
    }
}
