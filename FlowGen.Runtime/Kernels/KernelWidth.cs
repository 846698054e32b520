using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Chooses the vector that a kernel runs with.</summary>
/// <remarks>
/// Kernels are passed by reference and hold plain numbers: a copy in whole vectors right after the numbers were stored one by
/// one waits until every store before it has left the processor.
/// </remarks>
internal static class KernelWidth
{
    /// <summary>Samples are the vector lanes: the widest vector that the processor has and that divides the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OverLanes<TKernel>(ref Tile t, ref TKernel kernel)
        where TKernel : struct, IWideKernel
    {
        if (Vector512.IsHardwareAccelerated && t.Lanes % Vec512.Count == 0)
        {
            kernel.Run<Vec512>(ref t);
        }
        else if (Vector256.IsHardwareAccelerated && t.Lanes % Vec256.Count == 0)
        {
            kernel.Run<Vec256>(ref t);
        }
        else if (Vector128.IsHardwareAccelerated && t.Lanes % Vec128.Count == 0)
        {
            kernel.Run<Vec128>(ref t);
        }
        else
        {
            kernel.Run<VecScalar>(ref t);
        }
    }

    /// <summary>One sample, whose coordinates are the vector lanes: the widest vector that the processor has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OverCoordinates<TKernel>(ref Tile t, ref TKernel kernel)
        where TKernel : struct, IWideKernel
    {
        if (Vector512.IsHardwareAccelerated)
        {
            kernel.Run<Vec512>(ref t);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            kernel.Run<Vec256>(ref t);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            kernel.Run<Vec128>(ref t);
        }
        else
        {
            kernel.Run<VecScalar>(ref t);
        }
    }
}
