using System.Diagnostics;

namespace FlowGen;

/// <summary>One call of <see cref="FlowTraining.Fit"/>.</summary>
internal sealed class FitRun
{
    private const int ValidationFloats = 1 << 20;

    private readonly IFlow flow;
    private readonly FlowParameters parameters;
    private readonly FitRows rows;
    private readonly FitOptions options;
    private readonly IProgress<FitProgress>? progress;
    private readonly GradientOptions gradientOptions;
    private readonly Optimizer optimizer;
    private readonly ParameterSelection selection;
    private readonly int size;
    private readonly float[] batch;
    private readonly float[] batchWeights;
    private readonly float[] gradient;
    private readonly float[] logProb;
    private readonly float[] rawParameters;
    private readonly FitCheckpoint? checkpoint;
    private WeightAverage? average;
    private UpdateWork update = null!;
    private FitState state = null!;
    private long started;
    private long stepsBefore;
    private long reported;
    private long saved;
    private long savedSteps = -1;
    private long recomputedBefore;

    public FitRun(IFlow flow, FitRows rows, FitOptions options, IProgress<FitProgress>? progress)
    {
        this.flow = flow;
        this.rows = rows;
        this.options = options;
        this.progress = progress;
        parameters = flow.Parameters;
        var description = rows.Description;
        selection = ParameterSelection.Create(description, options.Frozen);
        optimizer = options.Optimizer.CopySettings();
        gradientOptions = new GradientOptions
        {
            Memory = options.Memory,
            Mode = FitValidation.BatchCoupled(description) is null ? FlowMode.Evaluation : FlowMode.Training,
        };
        size = description.EventShape.Size;
        int chunk = Math.Min(Math.Max(ValidationFloats / size, 64), Math.Max(rows.ValidationCount, 1));
        batch = new float[checked(Math.Max(rows.LargestBatch, chunk) * size)];
        batchWeights = new float[Math.Max(rows.LargestBatch, chunk)];
        logProb = new float[chunk];
        gradient = new float[description.TrainableCount];
        rawParameters = options.EmaDecay > 0 ? new float[description.TrainableCount] : [];
        if (options.Checkpoint is not null || options.ResumeFrom is not null)
        {
            checkpoint = new FitCheckpoint(description, FitCheckpoint.Describe(rows, options));
        }
    }

    public FitHistory Run(CancellationToken cancellationToken)
    {
        started = saved = Stopwatch.GetTimestamp();
        if (options.ResumeFrom is { } path)
        {
            Resume(path);
        }
        else if (cancellationToken.IsCancellationRequested)
        {
            return new FitHistory([], 0, FitStopReason.Cancelled, 0, 0, TimeSpan.Zero);
        }
        else
        {
            Begin();
        }

        recomputedBefore = flow.Engine.RecomputedTiles - state.RecomputedTiles;
        stepsBefore = state.TotalSteps;
        update = new UpdateWork(selection, optimizer, average);
        try
        {
            var reason = Train(cancellationToken);
            if (options.Checkpoint is not null && savedSteps != state.TotalSteps)
            {
                Save();
            }

            Conclude();
            return new FitHistory([.. state.History], state.BestEpoch, reason, state.TotalSteps, state.RecomputedTiles, Elapsed());
        }
        catch
        {
            RestoreBest();
            throw;
        }
    }

    private void Begin()
    {
        if (!flow.IsInitialized)
        {
            flow.Initialize(rows.InitializationBatch());
        }

        average = options.EmaDecay > 0 ? new WeightAverage(options.EmaDecay, parameters.Trainables) : null;
        state = new FitState { BestParameters = parameters.Trainables.ToArray(), BestBuffers = [.. parameters.MutableBuffers] };
    }

    private void Resume(string path)
    {
        var content = checkpoint!.Read(path, optimizer, averaged: options.EmaDecay > 0);
        content.Parameters.CopyTo(parameters.MutableTrainables, 0);
        content.Buffers.CopyTo(parameters.MutableBuffers, 0);
        parameters.MarkChanged();
        average = content.Average is null ? null : new WeightAverage(options.EmaDecay, content.Average);
        state = content.State;
        savedSteps = Path.GetFullPath(path) == Path.GetFullPath(options.Checkpoint?.Path ?? path) ? state.TotalSteps : -1;
    }

    private FitStopReason Train(CancellationToken cancellationToken)
    {
        while (state.History.Count < options.Epochs)
        {
            if (IsOutOfPatience())
            {
                return FitStopReason.EarlyStopping;
            }

            rows.BeginEpoch(state.Epoch);
            while (state.Step < rows.Steps)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return FitStopReason.Cancelled;
                }

                TakeStep();
                if (state.Step < rows.Steps)
                {
                    ReportStep();
                    if (options.Checkpoint?.Interval is { } interval && Stopwatch.GetElapsedTime(saved) >= interval)
                    {
                        Save();
                    }
                }
            }

            EndEpoch();
        }

        return FitStopReason.Completed;
    }

    private bool IsOutOfPatience() =>
        options.Patience > 0 && rows.ValidationCount > 0 && state.BestEpoch > 0 && state.History.Count - state.BestEpoch >= options.Patience;

    private void TakeStep()
    {
        var batchRows = rows.Batch(state.Step);
        var values = batch.AsSpan(0, batchRows.Length * size);
        var weights = batchWeights.AsSpan(0, batchRows.Length);
        double weightSum = rows.Gather(batchRows, state.Epoch, values, weights);
        double loss = flow.Engine.TrainingStep(values, rows.IsWeighted ? weights : default, gradient, gradientOptions);

        // The loss is the mean over this batch by its own weights; scaled like this, the mean over batches is that over all rows.
        double share = weightSum / (batchRows.Length * rows.MeanWeight);
        double norm = update.Norm(gradient) * share;
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new LossDiagnosis(flow, batchRows.ToArray(), values.ToArray(), options, state).ExplainStep(loss, gradient, optimizer.LearningRate);
        }

        state.LearningRate = optimizer.LearningRate * options.Schedule.Factor(
            new SchedulePosition(state.TotalSteps, rows.Steps, (double)options.Epochs * rows.Steps));
        double scale = options.ClipNorm > 0 && norm > options.ClipNorm ? share * options.ClipNorm / norm : share;
        update.Step(parameters.MutableTrainables, gradient, state.LearningRate, scale);
        parameters.MarkChanged();
        state.LossSum += loss * weightSum;
        state.WeightSum += weightSum;
        state.NormSum += norm;
        state.GradientNorm = norm;
        state.Step++;
        state.TotalSteps++;
        state.RecomputedTiles = flow.Engine.RecomputedTiles - recomputedBefore;
    }

    private void EndEpoch()
    {
        if (average is not null)
        {
            parameters.Trainables.CopyTo(rawParameters);
            average.Values.CopyTo(parameters.MutableTrainables, 0);
            parameters.MarkChanged();
        }

        double trainingLoss = state.TrainingLoss;
        double validationLoss = rows.ValidationCount > 0 ? Validate() : double.NaN;
        var epoch = new FitEpoch(state.Epoch, trainingLoss, validationLoss, state.LearningRate, state.NormSum / rows.Steps, Elapsed());
        if (state.BestEpoch == 0 || epoch.Loss < state.BestLoss)
        {
            parameters.Trainables.CopyTo(state.BestParameters);
            parameters.MutableBuffers.CopyTo(state.BestBuffers, 0);
            state.BestEpoch = epoch.Epoch;
        }

        if (average is not null)
        {
            rawParameters.CopyTo(parameters.MutableTrainables, 0);
            parameters.MarkChanged();
        }

        state.History.Add(epoch);
        state.Step = 0;
        state.LossSum = state.WeightSum = state.NormSum = 0;
        Report(epoch.Epoch, rows.Steps, trainingLoss, isEpochEnd: true);
        if (options.Checkpoint is { Epochs: > 0 } saving && epoch.Epoch % saving.Epochs == 0)
        {
            Save();
        }
    }

    /// <summary>The weighted mean negative log-likelihood of the validation rows, with running statistics.</summary>
    private double Validate()
    {
        double sum = 0;
        double weightSum = 0;
        for (int start = 0; start < rows.ValidationCount; start += logProb.Length)
        {
            var chunk = rows.ValidationRows.Slice(start, Math.Min(logProb.Length, rows.ValidationCount - start));
            var values = batch.AsSpan(0, chunk.Length * size);
            var weights = batchWeights.AsSpan(0, chunk.Length);
            var densities = logProb.AsSpan(0, chunk.Length);
            rows.GatherValidation(chunk, values, weights);
            flow.LogProb(values, densities);
            for (int i = 0; i < densities.Length; i++)
            {
                if (!float.IsFinite(densities[i]))
                {
                    throw new LossDiagnosis(flow, [chunk[i]], values.Slice(i * size, size).ToArray(), options, state).ExplainValidation(densities[i], optimizer.LearningRate);
                }

                sum -= (double)weights[i] * densities[i];
                weightSum += weights[i];
            }
        }

        return sum / weightSum;
    }

    /// <summary>Leaves the flow with the best model; before the first epoch has ended, with the current one.</summary>
    private void Conclude()
    {
        if (state.BestEpoch > 0)
        {
            RestoreBest();
        }
        else if (average is not null && state.TotalSteps > 0)
        {
            average.Values.CopyTo(parameters.MutableTrainables, 0);
            parameters.MarkChanged();
        }
    }

    private void RestoreBest()
    {
        state.BestParameters.CopyTo(parameters.MutableTrainables, 0);
        state.BestBuffers.CopyTo(parameters.MutableBuffers, 0);
        parameters.MarkChanged();
    }

    private void Save()
    {
        checkpoint!.Write(options.Checkpoint!.Path, parameters, optimizer, average, state, Elapsed());
        saved = Stopwatch.GetTimestamp();
        savedSteps = state.TotalSteps;
    }

    private TimeSpan Elapsed() => state.Before + Stopwatch.GetElapsedTime(started);

    private void ReportStep()
    {
        if (progress is not null && Stopwatch.GetElapsedTime(reported) >= options.ProgressInterval)
        {
            Report(state.Epoch, state.Step, state.TrainingLoss, isEpochEnd: false);
        }
    }

    private void Report(int epoch, int step, double trainingLoss, bool isEpochEnd)
    {
        if (progress is null)
        {
            return;
        }

        reported = Stopwatch.GetTimestamp();
        var taken = Stopwatch.GetElapsedTime(started);
        long steps = state.TotalSteps - stepsBefore;
        double remaining = Math.Max(0, ((double)options.Epochs * rows.Steps) - state.TotalSteps);
        progress.Report(new FitProgress(
            epoch,
            options.Epochs,
            step,
            rows.Steps,
            trainingLoss,
            state.History.Count > 0 ? state.History[^1].ValidationLoss : double.NaN,
            state.BestLoss,
            state.LearningRate,
            state.GradientNorm,
            steps * ((double)rows.TrainingCount / rows.Steps) / Math.Max(taken.TotalSeconds, 1e-9),
            state.Before + taken,
            TimeSpan.FromSeconds(Math.Min(taken.TotalSeconds / Math.Max(steps, 1) * remaining, TimeSpan.MaxValue.TotalSeconds / 2)),
            state.RecomputedTiles,
            isEpochEnd));
    }
}
