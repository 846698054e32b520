namespace FlowGen;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="TrainingLoss">The mean loss over its steps, each before its update, in nats.</param>
/// <param name="ValidationLoss">The loss of the validation rows at its end, in nats; NaN without validation.</param>
/// <param name="LearningRate">The learning rate of its last step.</param>
/// <param name="GradientNorm">The mean norm of its gradients, before clipping.</param>
/// <param name="Elapsed">The time from the beginning of the training to its end.</param>
public sealed record FitEpoch(int Epoch, double TrainingLoss, double ValidationLoss, double LearningRate, double GradientNorm, TimeSpan Elapsed)
{
    /// <summary>The loss that the best model is chosen by: that of validation if there is one, else that of training.</summary>
    public double Loss => double.IsNaN(ValidationLoss) ? TrainingLoss : ValidationLoss;
}
