using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>A kernel with its arguments, to be run with the vector that fits the tile.</summary>
internal interface IWideKernel
{
    /// <summary>Runs the kernel on the whole tile.</summary>
    void Run<V>(ref Tile t)
        where V : struct, IVec<V>;
}
