namespace FlowGen;

/// <summary>How <see cref="FlowTraining.Fit"/> trains. Every default trains; <c>with</c> makes variations.</summary>
public sealed record FitOptions
{
    /// <summary>The most passes over the training rows. The default is 100.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>
    /// The most rows of one step. An epoch of N rows has ceil(N / BatchSize) steps over batches whose sizes differ by one at most, so that no step sees a handful of
    /// rows. The default is 256.
    /// </summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>The optimizer's settings: training works on a copy that starts without state. The default is <see cref="Adam"/> with a learning rate of 1e-3.</summary>
    public Optimizer Optimizer { get; init; } = new Adam();

    /// <summary>How the learning rate changes. The default is <see cref="LearningRateSchedule.Constant"/>.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>The part of the rows that validates instead of training, drawn by the seed; 0 for none. Not used with <see cref="ValidationData"/>. The default is 0.1.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Rows <c>[N, D]</c> that validate, apart from the training data; empty to split off <see cref="ValidationFraction"/>.</summary>
    public ReadOnlyMemory<float> ValidationData { get; init; }

    /// <summary>Training stops after this many epochs without a lower validation loss; 0 never stops early. Nothing stops early without validation. The default is 20.</summary>
    public int Patience { get; init; } = 20;

    /// <summary>Gradients whose Euclidean norm over all trained parameters is larger are scaled down to it; 0 for never. The default is 100, as in Real NVP.</summary>
    public double ClipNorm { get; init; } = 100;

    /// <summary>
    /// The decay of an exponential moving average of the weights (Polyak), such as 0.999; 0 for none. With it, validation, the best model and the returned weights
    /// are the averaged ones. Step t decays by min(EmaDecay, (1 + t) / (10 + t)). Running statistics are not averaged again. The default is 0.
    /// </summary>
    public double EmaDecay { get; init; }

    /// <summary>What gradients keep of the forward pass; null for what suits the flow: see <see cref="MemoryMode"/>.</summary>
    public MemoryMode? Memory { get; init; }

    /// <summary>What the order of the rows, the validation split and the dequantization noise are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each epoch visits the rows in an order of its own, fixed by seed and epoch. The default is true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Tensors that keep their values: exact names, or prefixes with an asterisk, such as <c>layers.0.*</c>. Empty for none.</summary>
    public IReadOnlyList<string> Frozen { get; init; } = [];

    /// <summary>
    /// A weight for each row of the data <c>[N]</c>, not negative; losses are weighted means. Rows of weight zero take no part in anything. Empty for equal weights.
    /// Rows of <see cref="ValidationData"/> weigh the same.
    /// </summary>
    public ReadOnlyMemory<float> SampleWeights { get; init; }

    /// <summary>Where and how often to save the state of the training; null for never.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>
    /// A checkpoint file to continue from; null to begin anew. The result equals that of a training that was never interrupted, to the last bit on one instruction set.
    /// Data, flow, and the options that shape the course of training must be those of the checkpoint; <see cref="Epochs"/> may differ unless the schedule depends on it.
    /// </summary>
    public string? ResumeFrom { get; init; }

    /// <summary>The least time between reports of steps; the end of each epoch is always reported. Zero reports every step. The default is 50 ms.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(50);
}
