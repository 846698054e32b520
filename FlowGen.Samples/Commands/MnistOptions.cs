using System.CommandLine;

namespace FlowGen.Samples.Commands;

/// <summary>The options that commands on MNIST share.</summary>
internal sealed class MnistOptions
{
    private readonly Option<DirectoryInfo> data = new("--data") { Description = "The directory with the files of MNIST, train-images-idx3-ubyte and so on, plain or .gz.", HelpName = "DIR", Required = true };
    private readonly Option<int> epochs;
    private readonly Option<double> minutes;
    private readonly Option<int> batch = Options.Count("--batch", "The number of images of a step.", 32);
    private readonly Option<double> rate = Options.Number("--learning-rate", "Adam's step size, after half an epoch in which it rises.", 1e-3);
    private readonly Option<int> seed = Options.Seed("weights, order, noise and samples", 1);
    private readonly Option<DirectoryInfo> directory = Options.Out();

    /// <param name="command">Receives the options.</param>
    /// <param name="epochCount">The epochs by default.</param>
    /// <param name="minuteCount">The minutes by default.</param>
    public MnistOptions(Command command, int epochCount, double minuteCount)
    {
        epochs = Options.Count("--epochs", "The most passes over the images.", epochCount);
        minutes = Options.Number("--minutes", "The most minutes to train; what was reached by then is kept.", minuteCount);
        foreach (Option option in new Option[] { data, epochs, minutes, batch, rate, seed, directory })
        {
            command.Add(option);
        }
    }

    /// <summary>Where the files of MNIST are.</summary>
    public string Source(ParseResult parsed) => parsed.GetValue(data)!.ToString();

    /// <summary>Where results go; it is created.</summary>
    public string Target(ParseResult parsed) => Options.CreateDirectory(parsed.GetValue(directory)!);

    /// <summary>The most time to train.</summary>
    public TimeSpan Limit(ParseResult parsed) => TimeSpan.FromMinutes(parsed.GetValue(minutes));

    /// <summary>How to train: a warm-up, and an average of the weights in the place of a falling rate, which would have to know when time is up.</summary>
    public FitOptions Fit(ParseResult parsed) => new()
    {
        Epochs = parsed.GetValue(epochs),
        BatchSize = parsed.GetValue(batch),
        Optimizer = new Adam { LearningRate = parsed.GetValue(rate) },
        Schedule = LearningRateSchedule.WarmUp(0.5),
        EmaDecay = 0.999,
        Patience = 0,
        ValidationFraction = 1 / 12.0,
        Seed = (ulong)parsed.GetValue(seed),
    };
}
