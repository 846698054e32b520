namespace FlowGen;

/// <summary>What a training came to. The flow holds the weights of <see cref="BestEpoch"/>.</summary>
public sealed class FitHistory
{
    internal FitHistory(IReadOnlyList<FitEpoch> epochs, int bestEpoch, FitStopReason stopReason, long steps, long recomputedTiles, TimeSpan elapsed)
    {
        Epochs = epochs;
        BestEpoch = bestEpoch;
        StopReason = stopReason;
        Steps = steps;
        RecomputedTiles = recomputedTiles;
        Elapsed = elapsed;
    }

    /// <summary>The epochs that ended, those before a resumed checkpoint included.</summary>
    public IReadOnlyList<FitEpoch> Epochs { get; }

    /// <summary>The epoch whose loss was the lowest, counted from 1; 0 if none ended.</summary>
    public int BestEpoch { get; }

    /// <summary>The lowest loss of an epoch: of validation if there is one, else of training, in nats; NaN if none ended.</summary>
    public double BestLoss => BestEpoch == 0 ? double.NaN : Epochs[BestEpoch - 1].Loss;

    /// <summary>Why it ended.</summary>
    public FitStopReason StopReason { get; }

    /// <summary>Whether it was cancelled.</summary>
    public bool Cancelled => StopReason == FitStopReason.Cancelled;

    /// <summary>Steps of the optimizer.</summary>
    public long Steps { get; }

    /// <summary>How many tiles of gradients in <see cref="MemoryMode.Recompute"/> were done again with stored activations, because their rebuilt input was off.</summary>
    public long RecomputedTiles { get; }

    /// <summary>The time it took, with what a resumed checkpoint had taken before.</summary>
    public TimeSpan Elapsed { get; }

    /// <inheritdoc/>
    public override string ToString() => BestEpoch == 0
        ? FormattableString.Invariant($"{StopReason} after {Steps} steps, before the first epoch ended")
        : FormattableString.Invariant($"{StopReason} after {Epochs.Count} epochs, {Steps} steps, {Elapsed.TotalSeconds:0.0} s; best epoch {BestEpoch} at {BestLoss:0.0000} nats");
}
