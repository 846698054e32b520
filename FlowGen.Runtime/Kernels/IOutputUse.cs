using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>What becomes of a conditioner's output: as a kernel it takes all of it from the work rows that it knows.</summary>
internal interface IOutputUse : IWideKernel
{
    /// <summary>Takes a piece. Pieces come with channels in ascending order, each lane of a channel once.</summary>
    void Run<V>(ref Tile t, scoped ref OutputPiece piece)
        where V : struct, IVec<V>;
}
