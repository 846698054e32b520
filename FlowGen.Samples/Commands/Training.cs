using System.Diagnostics;
using System.Globalization;
using FlowGen.Samples.Data;
using FlowGen.Samples.Plots;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>Trains with a progress bar and the live loss.</summary>
internal static class Training
{
    /// <summary>Trains; on a terminal with a progress bar, otherwise with a line now and then.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="data">The training data <c>[N, D]</c>.</param>
    /// <param name="options">How to train.</param>
    /// <param name="limit">The most time to take; null for as long as the epochs take.</param>
    /// <param name="unit">How a loss in nats is shown.</param>
    /// <param name="cancellation">Ends the program's wish to train.</param>
    /// <param name="samples">What a row of the data is called.</param>
    /// <exception cref="OperationCanceledException">Training was cancelled other than by the time limit.</exception>
    public static FitHistory Run(IFlow flow, ReadOnlyMemory<float> data, FitOptions options, TimeSpan? limit, Func<double, string> unit, CancellationToken cancellation, string samples = "samples")
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit is { } most)
        {
            stop.CancelAfter(most);
        }

        FitHistory history;
        var view = new View(unit, samples, limit);
        try
        {
            history = AnsiConsole.Profile.Capabilities.Interactive
                ? RunWithBar(flow, data, options, view, stop.Token)
                : flow.Fit(data, options, new Lines(options.Epochs, view), stop.Token);
        }
        catch (NonFiniteLossException e)
        {
            throw new SampleException($"Training stopped: {e.Message} A lower --learning-rate may help.", e);
        }

        cancellation.ThrowIfCancellationRequested();
        string why = history.StopReason switch
        {
            FitStopReason.Completed => "all epochs done",
            FitStopReason.EarlyStopping => string.Create(CultureInfo.InvariantCulture, $"no better validation loss for {options.Patience} epochs"),
            _ => "time is up",
        };
        string kept = history.BestEpoch == 0 ? "no epoch ended" : string.Create(CultureInfo.InvariantCulture, $"kept the weights of epoch {history.BestEpoch}, {unit(history.BestLoss)}");
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Trained {history.Epochs.Count} epochs, {history.Steps} steps in {history.Elapsed.TotalSeconds:0.0} s ({why}); {kept}."));
        return history;
    }

    /// <summary>The curves of a training.</summary>
    public static IReadOnlyList<CurvePanel.Curve> Curves(FitHistory history, Func<double, double> convert)
    {
        var epochs = history.Epochs.Select(static e => (double)e.Epoch).ToList();
        var curves = new List<CurvePanel.Curve> { new("training", epochs, [.. history.Epochs.Select(e => convert(e.TrainingLoss))]) };
        if (history.Epochs.Any(static e => !double.IsNaN(e.ValidationLoss)))
        {
            curves.Add(new CurvePanel.Curve("validation", epochs, [.. history.Epochs.Select(e => convert(e.ValidationLoss))]));
        }

        return curves;
    }

    private static FitHistory RunWithBar(IFlow flow, ReadOnlyMemory<float> data, FitOptions options, View view, CancellationToken cancellation)
    {
        FitHistory? history = null;
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 })
            .Start(context =>
            {
                var task = context.AddTask("training", maxValue: 1);
                history = flow.Fit(data, options, new Bar(task, view), cancellation);
                task.Value = 1;
            });
        return history!;
    }

    /// <summary>What is told of a training.</summary>
    private sealed class View(Func<double, string> unit, string samples, TimeSpan? limit)
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();

        public string Describe(in FitProgress p)
        {
            // Time may be up before the epochs are done.
            var left = limit is { } most && most - clock.Elapsed < p.Remaining ? most - clock.Elapsed : p.Remaining;
            string validation = double.IsNaN(p.ValidationLoss) ? "-" : unit(p.ValidationLoss);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {p.Epoch,4} of {p.Epochs}, loss {unit(p.TrainingLoss)}, validation {validation}, {p.SamplesPerSecond:N0} {samples}/s, {Time(left)} left");
        }

        private static string Time(TimeSpan left) => left <= TimeSpan.Zero ? "0:00" : left.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)left.TotalHours}:{left.Minutes:00}:{left.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}:{left.Seconds:00}");
    }

    private sealed class Bar(ProgressTask task, View view) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            task.Value = (value.Epoch - 1 + (value.Step / (double)value.Steps)) / value.Epochs;
            task.Description = view.Describe(value).PadRight(84);
        }
    }

    /// <summary>A line for each tenth of the epochs, and one whenever half a minute has passed without.</summary>
    private sealed class Lines(int epochs, View view) : IProgress<FitProgress>
    {
        private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
        private readonly int every = Math.Max(1, epochs / 10);
        private readonly Stopwatch since = Stopwatch.StartNew();

        public void Report(FitProgress value)
        {
            if ((value.IsEpochEnd && (value.Epoch == 1 || value.Epoch % every == 0)) || since.Elapsed > Silence)
            {
                since.Restart();
                AnsiConsole.WriteLine(view.Describe(value) + string.Create(CultureInfo.InvariantCulture, $" after {value.Elapsed.TotalSeconds:0.0} s"));
            }
        }
    }
}
