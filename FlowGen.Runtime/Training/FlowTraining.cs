namespace FlowGen;

/// <summary>Trains every flow by maximum likelihood.</summary>
public static class FlowTraining
{
    /// <summary>
    /// Fits the flow to data: minimises the mean negative log-likelihood, in nats, by steps over batches in a random order. Part of the rows validate; the model of the
    /// epoch with the lowest loss is kept, and the flow holds it at the end. Data-dependent layers are initialised where nothing has yet; layers with batch statistics
    /// train on them and gather running ones; a flow that begins with <see cref="DequantizeAttribute"/> sees fresh noise in each epoch.
    /// </summary>
    /// <remarks>
    /// <para>The result is fixed to the last bit by flow, data and options on one instruction set, whatever the number of threads. Training is exclusive with every other use of
    /// the flow.</para>
    /// <para>Cancelling is not an error: training stops between two steps, saves a checkpoint if asked for, keeps the best model so far (the current one before the first epoch
    /// has ended), and the history says so.</para>
    /// <para>Where an exception ends it, the flow holds the best model so far, or what it started from.</para>
    /// </remarks>
    /// <param name="flow">The flow.</param>
    /// <param name="data">Rows <c>[N, D]</c>; they are not copied, and must not change meanwhile.</param>
    /// <param name="options">How to train; every default trains.</param>
    /// <param name="progress">Is told of steps and epochs, on the calling thread.</param>
    /// <param name="cancellationToken">Stops the training between two steps.</param>
    /// <returns>The losses of each epoch, the best one, and why training ended.</returns>
    /// <exception cref="ArgumentException">Data or options do not fit the flow or each other: the message names what was expected and what was found.</exception>
    /// <exception cref="NonFiniteLossException">A loss or a gradient was infinite or not a number: the message names the epoch, the step and the layer.</exception>
    /// <exception cref="DegenerateDataException">A layer cannot be initialised from the data.</exception>
    /// <exception cref="FlowFileException">The checkpoint to resume from is damaged, or one of another flow, other data or other options.</exception>
    /// <exception cref="IOException">A checkpoint could not be read or written.</exception>
    public static FitHistory Fit(
        this IFlow flow,
        ReadOnlyMemory<float> data,
        FitOptions? options = null,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(flow);
        options ??= new FitOptions();
        FitValidation.Check(flow.Engine.Description, options);
        var rows = new FitRows(flow.Engine.Description, data, options);
        return new FitRun(flow, rows, options, progress).Run(cancellationToken);
    }
}
