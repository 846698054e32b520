using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>Where a coupling gets the output of its conditioner from.</summary>
internal interface IOutputSource
{
    /// <summary>The first work row of the output, where it is kept.</summary>
    int Row { get; }

    /// <summary>Hands the output over.</summary>
    void Visit<TUse>(ref Tile t, ref TUse use)
        where TUse : struct, IOutputUse;
}

/// <summary>Output that is there, in work rows.</summary>
/// <param name="row">The first of them.</param>
internal readonly struct RowSource(int row) : IOutputSource
{
    /// <inheritdoc/>
    public int Row => row;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Visit<TUse>(ref Tile t, ref TUse use)
        where TUse : struct, IOutputUse => KernelWidth.OverLanes(ref t, ref use);
}

/// <summary>Output of a convolution that is still to be made.</summary>
/// <param name="output">The convolution.</param>
/// <param name="weights">Where it starts in the prepared weights.</param>
internal readonly struct ConvolutionSource(ConvolutionOutput output, int weights) : IOutputSource
{
    /// <inheritdoc/>
    public int Row => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Visit<TUse>(ref Tile t, ref TUse use)
        where TUse : struct, IOutputUse => output.Visit(ref t, weights, ref use);
}
