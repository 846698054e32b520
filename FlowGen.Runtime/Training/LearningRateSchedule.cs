namespace FlowGen;

/// <summary>
/// How the learning rate changes over training: a factor of <see cref="Optimizer.LearningRate"/> for each step. Immutable; compared by value; schedules nest:
/// <c>LearningRateSchedule.WarmUp(5, LearningRateSchedule.Cosine())</c>.
/// </summary>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>The learning rate as it is.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>Multiplies the rate by a factor after every so many epochs: factor^floor(epoch / every).</summary>
    /// <param name="every">Epochs between changes.</param>
    /// <param name="factor">The factor of each change, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static LearningRateSchedule Step(int every, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        return double.IsFinite(factor) && factor > 0
            ? new StepSchedule(every, factor)
            : throw new ArgumentOutOfRangeException(nameof(factor), factor, "More than 0 was expected, and finite.");
    }

    /// <summary>
    /// Follows half a cosine from 1 to <paramref name="end"/> over the whole training, changing at each step (Loshchilov and Hutter, 2017, equation 5, without restarts):
    /// end + (1 - end) (1 + cos(pi t)) / 2 with t from 0 to 1.
    /// </summary>
    /// <param name="end">The factor that is reached at the end, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The end is not in [0, 1].</exception>
    public static LearningRateSchedule Cosine(double end = 0) => end is >= 0 and <= 1
        ? new CosineSchedule(end)
        : throw new ArgumentOutOfRangeException(nameof(end), end, "A factor from 0 to 1 was expected.");

    /// <summary>Rises in a straight line to 1, then follows another schedule, which begins where the rise ends.</summary>
    /// <param name="epochs">The length of the rise; parts of an epoch are fine. Step s of n has the factor start + (1 - start) (s + 1) / n, so that no step is lost.</param>
    /// <param name="then">What follows; the default is <see cref="Constant"/>.</param>
    /// <param name="start">Where the rise begins, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static LearningRateSchedule WarmUp(double epochs, LearningRateSchedule? then = null, double start = 0)
    {
        if (!double.IsFinite(epochs) || epochs <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(epochs), epochs, "More than 0 epochs were expected, and finitely many.");
        }

        return start is >= 0 and <= 1
            ? new WarmUpSchedule(epochs, then ?? Constant, start)
            : throw new ArgumentOutOfRangeException(nameof(start), start, "A factor from 0 to 1 was expected.");
    }

    /// <summary>The factor of the learning rate at a step.</summary>
    public abstract double Factor(in SchedulePosition position);

    /// <summary>Whether factors depend on how many epochs there will be, so that a training cannot be prolonged later.</summary>
    internal abstract bool DependsOnLength { get; }

    private sealed record ConstantSchedule : LearningRateSchedule
    {
        internal override bool DependsOnLength => false;

        public override double Factor(in SchedulePosition position) => 1;

        public override string ToString() => "Constant";
    }

    private sealed record StepSchedule(int Every, double Decay) : LearningRateSchedule
    {
        internal override bool DependsOnLength => false;

        public override double Factor(in SchedulePosition position) => Math.Pow(Decay, Math.Floor(position.Epoch / Every));

        public override string ToString() => FormattableString.Invariant($"Step({Every}, {Decay:R})");
    }

    private sealed record CosineSchedule(double End) : LearningRateSchedule
    {
        internal override bool DependsOnLength => true;

        public override double Factor(in SchedulePosition position)
        {
            double part = position.TotalSteps <= 0 ? 1 : Math.Clamp(position.Step / position.TotalSteps, 0, 1);
            return End + ((1 - End) * 0.5 * (1 + Math.Cos(Math.PI * part)));
        }

        public override string ToString() => FormattableString.Invariant($"Cosine({End:R})");
    }

    private sealed record WarmUpSchedule(double Length, LearningRateSchedule Then, double Start) : LearningRateSchedule
    {
        internal override bool DependsOnLength => Then.DependsOnLength;

        public override double Factor(in SchedulePosition position)
        {
            double steps = Math.Ceiling(Length * position.StepsPerEpoch);
            return position.Step < steps
                ? Start + ((1 - Start) * Math.Min(1, (position.Step + 1) / steps))
                : Then.Factor(position with { Step = position.Step - steps, TotalSteps = position.TotalSteps - steps });
        }

        public override string ToString() => FormattableString.Invariant($"WarmUp({Length:R}, {Then}, {Start:R})");
    }
}
