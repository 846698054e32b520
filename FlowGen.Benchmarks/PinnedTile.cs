using FlowGen.Kernels;

namespace FlowGen.Benchmarks;

/// <summary>The memory of a tile of vectors in pinned blocks, laid out as the engine does it.</summary>
/// <param name="lanes">The samples in the tile: 1, or a multiple of the vector width.</param>
internal sealed class PinnedTile(int lanes)
{
    /// <summary>Samples, and what kernels may touch behind them.</summary>
    public required PinnedBlock State { get; init; }

    /// <summary>Gradients by the samples.</summary>
    public required PinnedBlock GradState { get; init; }

    /// <summary>Scratch.</summary>
    public required PinnedBlock Work { get; init; }

    /// <summary>Gradients by the scratch.</summary>
    public required PinnedBlock GradWork { get; init; }

    /// <summary>Prepared weights of the forward pass.</summary>
    public required PinnedBlock Weights { get; init; }

    /// <summary>Gradients by the parameters, then sums.</summary>
    public required PinnedBlock Gradient { get; init; }

    /// <summary>Prepared weights of the backward pass, if they are others.</summary>
    public PinnedBlock TransposedWeights { get; init; } = new([]);

    /// <summary>The parameters, for what reads them as they are.</summary>
    public PinnedBlock Parameters { get; init; } = new([]);

    /// <summary>Room for rows that are turned over, if any are.</summary>
    public PinnedBlock Turned { get; init; } = new([]);

    /// <summary>The floats behind a block that kernels may touch.</summary>
    public static int Slack(int lanes) => 16 * Math.Max(lanes, 16);

    /// <summary>The tile.</summary>
    public Tile Tile() => new()
    {
        Lanes = lanes,
        State = ref State.Start,
        Work = ref Work.Start,
        GradState = ref GradState.Start,
        GradWork = ref GradWork.Start,
        Turned = ref Turned.Start,
        Weights = ref Weights.Start,
        TransposedWeights = ref TransposedWeights.Start,
        Parameters = ref Parameters.Start,
        Gradient = ref Gradient.Start,
    };
}
