namespace FlowGen;

/// <summary>Where a training is, reported between steps.</summary>
/// <param name="Epoch">The current epoch, counted from 1.</param>
/// <param name="Epochs">The most epochs there will be.</param>
/// <param name="Step">Steps of this epoch that are done.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="TrainingLoss">The mean loss over this epoch's steps so far, in nats.</param>
/// <param name="ValidationLoss">The last validation loss, in nats; NaN if there was none yet.</param>
/// <param name="BestLoss">The lowest loss of an epoch so far, of validation if there is one, in nats; NaN if no epoch has ended.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="GradientNorm">The norm of the last step's gradient, before clipping.</param>
/// <param name="SamplesPerSecond">Training rows per second, over this call.</param>
/// <param name="Elapsed">The time since training began, with what a checkpoint had taken before.</param>
/// <param name="Remaining">An estimate of the time that the remaining epochs take, if it does not stop early.</param>
/// <param name="RecomputedTiles">How many tiles of gradients in <see cref="MemoryMode.Recompute"/> were done again, because their rebuilt input was off.</param>
/// <param name="IsEpochEnd">Whether the epoch has ended, with its validation.</param>
public readonly record struct FitProgress(
    int Epoch,
    int Epochs,
    int Step,
    int Steps,
    double TrainingLoss,
    double ValidationLoss,
    double BestLoss,
    double LearningRate,
    double GradientNorm,
    double SamplesPerSecond,
    TimeSpan Elapsed,
    TimeSpan Remaining,
    long RecomputedTiles,
    bool IsEpochEnd);
