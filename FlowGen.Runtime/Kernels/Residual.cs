using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The sum of a residual block on work rows: to = from + branch.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Residual
{
    /// <summary>Work[to + i] = Work[from + i] + Work[branch + i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int from, int branch, int to, int count)
    {
        var kernel = new Sum(from, branch, to, count);
        if (t.Lanes == 1)
        {
            KernelWidth.OverCoordinates(ref t, ref kernel);
        }
        else
        {
            KernelWidth.OverLanes(ref t, ref kernel);
        }
    }

    /// <summary>The gradient of the sum goes to both: as it is to <paramref name="from"/>, times the derivative of the branch's activation to <paramref name="branch"/>.</summary>
    /// <param name="t">The tile, after the forward pass.</param>
    /// <param name="from">The first row of the block's input.</param>
    /// <param name="branch">The first row of the branch's output.</param>
    /// <param name="to">The first row of the sum.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="activation">The activation that made the branch.</param>
    /// <param name="branchPreActivation">The first row of that activation's input, for those whose derivative needs it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int from, int branch, int to, int count, Activation activation, int branchPreActivation = -1)
    {
        var kernel = new Split(from, branch, to, count);
        KernelWidth.OverLanes(ref t, ref kernel);
        Activations.Backward(ref t, branch, count, activation, branchPreActivation);
    }

    private readonly struct Sum(int from, int branch, int to, int count) : IWideKernel
    {
        // With one lane the last vector reaches into the rows that pad the block.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint length = count * lanes;
            ref float left = ref Unsafe.Add(ref t.Work, from * lanes);
            ref float right = ref Unsafe.Add(ref t.Work, branch * lanes);
            ref float sum = ref Unsafe.Add(ref t.Work, to * lanes);
            for (nint i = 0; i < length; i += V.Count)
            {
                V.Store(V.Load(ref left, i) + V.Load(ref right, i), ref sum, i);
            }
        }
    }

    private readonly struct Split(int from, int branch, int to, int count) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint length = count * lanes;
            ref float left = ref Unsafe.Add(ref t.GradWork, from * lanes);
            ref float right = ref Unsafe.Add(ref t.GradWork, branch * lanes);
            ref float sum = ref Unsafe.Add(ref t.GradWork, to * lanes);
            for (nint i = 0; i < length; i += V.Count)
            {
                V g = V.Load(ref sum, i);
                V.Store(g, ref left, i);
                V.Store(g, ref right, i);
            }
        }
    }
}
