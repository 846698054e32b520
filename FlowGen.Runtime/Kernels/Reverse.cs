using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Reverses the order of the coordinates: z[i] = x[D - 1 - i]; log-det 0; its own inverse.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Reverse
{
    /// <summary>x to z in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size) => Swap(ref t, size, ofGradient: false);

    /// <summary>z to x in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size) => Swap(ref t, size, ofGradient: false);

    /// <summary>dL/dz to dL/dx in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size) => Swap(ref t, size, ofGradient: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Swap(ref Tile t, int size, bool ofGradient)
    {
        if (t.Lanes == 1)
        {
            MemoryMarshal.CreateSpan(ref ofGradient ? ref t.GradState : ref t.State, size).Reverse();
        }
        else
        {
            var kernel = new RowSwap(size, ofGradient);
            KernelWidth.OverLanes(ref t, ref kernel);
        }
    }

    private readonly struct RowSwap(int size, bool ofGradient) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            nint pairs = size / 2;
            ref float upper = ref ofGradient ? ref t.GradState : ref t.State;
            ref float lower = ref Unsafe.Add(ref upper, (size - 1) * lanes);
            for (nint pair = 0; pair < pairs; pair++)
            {
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V first = V.Load(ref upper, lane);
                    V.Store(V.Load(ref lower, lane), ref upper, lane);
                    V.Store(first, ref lower, lane);
                }

                upper = ref Unsafe.Add(ref upper, lanes);
                lower = ref Unsafe.Subtract(ref lower, lanes);
            }
        }
    }
}
