namespace FlowGen;

/// <summary>Where a training is and what it has come to: with parameters, buffers and optimizer, all that a checkpoint holds.</summary>
internal sealed class FitState
{
    /// <summary>Epochs that ended.</summary>
    public List<FitEpoch> History { get; } = [];

    /// <summary>Steps of the current epoch that are done.</summary>
    public int Step { get; set; }

    /// <summary>Steps of all epochs.</summary>
    public long TotalSteps { get; set; }

    /// <summary>The weighted sum of this epoch's losses.</summary>
    public double LossSum { get; set; }

    /// <summary>The sum of the weights of this epoch's rows so far.</summary>
    public double WeightSum { get; set; }

    /// <summary>The sum of the norms of this epoch's gradients.</summary>
    public double NormSum { get; set; }

    /// <summary>The learning rate of the last step.</summary>
    public double LearningRate { get; set; }

    /// <summary>The norm of the last gradient.</summary>
    public double GradientNorm { get; set; }

    /// <summary>The epoch of the lowest loss, counted from 1; 0 if none has ended.</summary>
    public int BestEpoch { get; set; }

    /// <summary>The trainable parameters of the best epoch; before the first has ended, those that training started from.</summary>
    public required float[] BestParameters { get; init; }

    /// <summary>The buffers that go with <see cref="BestParameters"/>.</summary>
    public required float[] BestBuffers { get; init; }

    /// <summary>Tiles of gradients that were done again.</summary>
    public long RecomputedTiles { get; set; }

    /// <summary>The time that earlier calls took.</summary>
    public TimeSpan Before { get; set; }

    /// <summary>The current epoch, counted from 1.</summary>
    public int Epoch => History.Count + 1;

    /// <summary>The lowest loss of an epoch; NaN if none has ended.</summary>
    public double BestLoss => BestEpoch == 0 ? double.NaN : History[BestEpoch - 1].Loss;

    /// <summary>The mean loss of this epoch so far.</summary>
    public double TrainingLoss => LossSum / WeightSum;
}
