namespace FlowGen;

/// <summary>
/// Moves parameters against a gradient. Element i of the result depends on element i of parameters, gradient and state alone, so it is the
/// same to the last bit at any vector width with or without threads.
/// </summary>
/// <remarks>
/// Given to <see cref="FitOptions.Optimizer"/> it is a set of settings: <c>Fit</c> works on a copy of it that starts without state. In a loop of
/// one's own, <see cref="Step(Span{float}, ReadOnlySpan{float})"/> is called after each gradient.
/// </remarks>
public abstract class Optimizer
{
    private float[][] moments = [];
    private OptimizerStep? step;
    private int count = -1;
    private double learningRateSetting = 1e-3;
    private double weightDecaySetting;

    private protected Optimizer()
    {
    }

    /// <summary>The step size before any schedule. The default is 1e-3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double LearningRate
    {
        get => learningRateSetting;
        init => learningRateSetting = NonNegative(value, nameof(LearningRate));
    }

    /// <summary>
    /// How strongly parameters are pulled to zero: an L2 term of the loss, whose gradient is WeightDecay times the parameter, in <see cref="Adam"/> and
    /// <see cref="Adamax"/>; a shrinking by LearningRate times WeightDecay apart from the gradient in <see cref="AdamW"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double WeightDecay
    {
        get => weightDecaySetting;
        init => weightDecaySetting = NonNegative(value, nameof(WeightDecay));
    }

    /// <summary>How many steps were taken.</summary>
    public long Steps { get; private set; }

    /// <summary>The names of the state vectors, which files use.</summary>
    private protected abstract ReadOnlySpan<string> MomentNames { get; }

    /// <summary>Takes a step with <see cref="LearningRate"/>.</summary>
    /// <param name="parameters">The parameters, changed in place.</param>
    /// <param name="gradient">The gradient of the loss by each.</param>
    /// <exception cref="ArgumentException">The lengths differ from each other, or from those of the steps before.</exception>
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradient) => Step(parameters, gradient, LearningRate);

    /// <summary>Takes a step with a learning rate of its own, as schedules need.</summary>
    /// <param name="parameters">The parameters, changed in place.</param>
    /// <param name="gradient">The gradient of the loss by each.</param>
    /// <param name="learningRate">The step size, not negative.</param>
    /// <exception cref="ArgumentException">The lengths differ from each other, or from those of the steps before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative or not finite.</exception>
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradient, double learningRate)
    {
        if (gradient.Length != parameters.Length)
        {
            throw new ArgumentException($"There are {parameters.Length} parameters and {gradient.Length} gradient elements.", nameof(gradient));
        }

        BeginStep(parameters.Length, NonNegative(learningRate, nameof(learningRate)), gradientScale: 1);
        if (FlowThreads.Maximum > 1 && parameters.Length > OptimizerStep.WorthSharing)
        {
            step ??= new OptimizerStep(this);
            step.Run(parameters, gradient);
        }
        else
        {
            UpdatePart(parameters, gradient, 0);
        }
    }

    /// <summary>A copy of the state, to be continued from with <see cref="RestoreState"/>.</summary>
    public OptimizerState SaveState()
    {
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        for (int i = 0; i < moments.Length; i++)
        {
            vectors.Add(MomentNames[i], moments[i].ToArray());
        }

        return new OptimizerState(GetType().Name, Steps, vectors);
    }

    /// <summary>Continues from a saved state: the steps that follow equal those of an optimizer that never stopped, to the last bit.</summary>
    /// <exception cref="ArgumentException">The state is that of another kind of optimizer, or of other settings; nothing is changed.</exception>
    public void RestoreState(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Optimizer != GetType().Name)
        {
            throw new ArgumentException($"The state is that of {state.Optimizer}; this is {GetType().Name}.", nameof(state));
        }

        if (state.Vectors.Count == 0 && state.Steps == 0)
        {
            Forget();
            return;
        }

        var names = MomentNames;
        var restored = new float[names.Length][];
        int length = -1;
        for (int i = 0; i < names.Length; i++)
        {
            if (!state.Vectors.TryGetValue(names[i], out var vector) || state.Vectors.Count != names.Length)
            {
                throw new ArgumentException(
                    $"{this} keeps {string.Join(", ", names.ToArray())}; the state holds {(state.Vectors.Count == 0 ? "nothing" : string.Join(", ", state.Vectors.Keys.Order(StringComparer.Ordinal)))}.", nameof(state));
            }

            if (length >= 0 && vector.Length != length)
            {
                throw new ArgumentException($"The state's vectors differ in length: {names[i]} has {vector.Length} elements, {names[0]} has {length}.", nameof(state));
            }

            length = vector.Length;
            restored[i] = vector.ToArray();
        }

        ArgumentOutOfRangeException.ThrowIfNegative(state.Steps, nameof(state));
        moments = restored;
        count = length;
        Steps = state.Steps;
    }

    /// <summary>The settings in one line: <c>Adam(LearningRate = 0.001, Beta1 = 0.9, ...)</c>.</summary>
    public abstract override string ToString();

    /// <summary>The same settings without state.</summary>
    internal Optimizer CopySettings()
    {
        var copy = (Optimizer)MemberwiseClone();
        copy.step = null;
        copy.Forget();
        return copy;
    }

    /// <summary>Opens a step over <paramref name="length"/> parameters; calls of <see cref="UpdatePart"/> that cover them follow, in any order and on any threads.</summary>
    /// <param name="length">The number of all parameters.</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="gradientScale">What each gradient element is multiplied by first: clipping without a pass of its own.</param>
    internal void BeginStep(int length, double learningRate, double gradientScale)
    {
        if (count != length)
        {
            if (count >= 0)
            {
                throw new ArgumentException($"The steps before were over {count} parameters; this one is over {length}.", nameof(length));
            }

            count = length;
            moments = new float[MomentNames.Length][];
            for (int i = 0; i < moments.Length; i++)
            {
                moments[i] = new float[length];
            }
        }

        Steps++;
        Prepare(learningRate, gradientScale);
    }

    /// <summary>Moves some of the parameters.</summary>
    /// <param name="parameters">These parameters.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="start">The place of the first among all parameters.</param>
    internal abstract void UpdatePart(Span<float> parameters, ReadOnlySpan<float> gradient, int start);

    /// <summary>Computes what a step's elements share; <see cref="Steps"/> counts this step already.</summary>
    private protected abstract void Prepare(double learningRate, double gradientScale);

    /// <summary>A part of a state vector.</summary>
    private protected Span<float> Moment(int index, int start, int length) => moments[index].AsSpan(start, length);

    private protected static double NonNegative(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "0 or more was expected, and finite.");

    private void Forget()
    {
        moments = [];
        count = -1;
        Steps = 0;
    }
}
