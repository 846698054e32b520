using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FlowGen.Serialization;

namespace FlowGen;

/// <summary>
/// Reads and writes the state of a training as one safetensors file: parameters, buffers, average, best model and optimizer as tensors, position, options and losses as
/// metadata, and a checksum over all of it. Bit for bit, so that a resumed training equals one that was never interrupted.
/// </summary>
/// <param name="description">The flow.</param>
/// <param name="settings">What the course of the training depends on, by name.</param>
internal sealed class FitCheckpoint(FlowDescription description, IReadOnlyList<KeyValuePair<string, string>> settings)
{
    private const string Format = "flowgen-checkpoint-1";
    private const string OptimizerPrefix = "optimizer.";
    private const string SettingPrefix = "setting.";
    private const int HistoryColumns = 6;

    /// <summary>What the course of a training depends on. The number of epochs is part of it only where the schedule looks ahead.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Describe(FitRows rows, FitOptions options)
    {
        var settings = new List<KeyValuePair<string, string>>();
        Add("data", $"{rows.Count} rows, {rows.DataHash()}");
        Add("validation", options.ValidationData.IsEmpty ? Text(options.ValidationFraction) : $"{rows.ValidationCount} rows, {rows.ValidationHash()}");
        Add(nameof(FitOptions.SampleWeights), rows.IsWeighted ? rows.WeightsHash() : "none");
        Add(nameof(FitOptions.BatchSize), Text(options.BatchSize));
        Add(nameof(FitOptions.Optimizer), options.Optimizer.ToString());
        Add(nameof(FitOptions.Schedule), options.Schedule.ToString());
        if (options.Schedule.DependsOnLength)
        {
            Add(nameof(FitOptions.Epochs), Text(options.Epochs));
        }

        Add(nameof(FitOptions.ClipNorm), Text(options.ClipNorm));
        Add(nameof(FitOptions.EmaDecay), Text(options.EmaDecay));
        Add(nameof(FitOptions.Memory), options.Memory?.ToString() ?? "default");
        Add(nameof(FitOptions.Seed), options.Seed.ToString(CultureInfo.InvariantCulture));
        Add(nameof(FitOptions.Shuffle), options.Shuffle.ToString());
        Add(nameof(FitOptions.Frozen), string.Join(", ", options.Frozen));
        return settings;

        void Add(string name, string value) => settings.Add(KeyValuePair.Create(name, value));
    }

    /// <summary>Replaces the file as a whole, or not at all.</summary>
    public void Write(string path, FlowParameters parameters, Optimizer optimizer, WeightAverage? average, FitState state, TimeSpan elapsed)
    {
        var momentum = optimizer.SaveState();
        var tensors = new List<(string Name, float[] Values)>
        {
            ("parameters", parameters.MutableTrainables),
            ("buffers", parameters.MutableBuffers),
            ("best.parameters", state.BestParameters),
            ("best.buffers", state.BestBuffers),
        };
        if (average is not null)
        {
            tensors.Add(("average", average.Values));
        }

        foreach (var (name, vector) in momentum.Vectors)
        {
            tensors.Add((OptimizerPrefix + name, vector.ToArray()));
        }

        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = Format,
            ["flow"] = description.Name,
            ["hash"] = description.Hash,
            ["optimizer"] = momentum.Optimizer,
            ["optimizer_steps"] = Text(momentum.Steps),
            ["step"] = Text(state.Step),
            ["total_steps"] = Text(state.TotalSteps),
            ["loss_sum"] = Text(state.LossSum),
            ["weight_sum"] = Text(state.WeightSum),
            ["norm_sum"] = Text(state.NormSum),
            ["learning_rate"] = Text(state.LearningRate),
            ["gradient_norm"] = Text(state.GradientNorm),
            ["best_epoch"] = Text(state.BestEpoch),
            ["recomputed_tiles"] = Text(state.RecomputedTiles),
            ["elapsed_ticks"] = Text(elapsed.Ticks),
        };
        foreach (var (name, value) in settings)
        {
            metadata.Add(SettingPrefix + name, value);
        }

        double[] history = [.. state.History.SelectMany(static epoch =>
            new double[] { epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.LearningRate, epoch.GradientNorm, epoch.Elapsed.Ticks })];
        metadata["checksum"] = Checksum(metadata, tensors, history);
        IEnumerable<SafetensorsContent> contents =
        [
            .. tensors.Select(static tensor => new SafetensorsContent(tensor.Name, [tensor.Values.Length], (ReadOnlyMemory<float>)tensor.Values)),
            new SafetensorsContent("history", [state.History.Count, HistoryColumns], (ReadOnlyMemory<double>)history),
        ];
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, metadata, contents));
    }

    /// <summary>Reads a checkpoint of the same flow, data and options, and puts the optimizer into its state.</summary>
    /// <exception cref="FlowFileException">The file is damaged, or one of something else; nothing has changed.</exception>
    public FitCheckpointContent Read(string path, Optimizer optimizer, bool averaged)
    {
        using var file = SafetensorsFile.Open(path);
        if (Get(file, "format") != Format)
        {
            throw new FlowFileException($"{path} is not a checkpoint of a training: its metadata give the format {FileText.Quote(Get(file, "format"))}; '{Format}' was expected.");
        }

        CheckOrigin(file);
        int trainables = description.TrainableCount;
        float[] parameters = ReadTensor(file, "parameters", trainables);
        float[] buffers = ReadTensor(file, "buffers", description.BufferCount);
        float[] bestParameters = ReadTensor(file, "best.parameters", trainables);
        float[] bestBuffers = ReadTensor(file, "best.buffers", description.BufferCount);
        float[]? average = averaged ? ReadTensor(file, "average", trainables) : null;
        double[] history = ReadHistory(file);
        var vectors = new SortedDictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        foreach (var entry in file.Entries.Where(static entry => entry.Name.StartsWith(OptimizerPrefix, StringComparison.Ordinal)))
        {
            vectors.Add(entry.Name[OptimizerPrefix.Length..], ReadTensor(file, entry.Name, trainables));
        }

        CheckChecksum(file, parameters, buffers, bestParameters, bestBuffers, average, vectors, history);
        var state = new FitState
        {
            Step = Parse<int>(file, "step"),
            TotalSteps = Parse<long>(file, "total_steps"),
            LossSum = Parse<double>(file, "loss_sum"),
            WeightSum = Parse<double>(file, "weight_sum"),
            NormSum = Parse<double>(file, "norm_sum"),
            LearningRate = Parse<double>(file, "learning_rate"),
            GradientNorm = Parse<double>(file, "gradient_norm"),
            BestEpoch = Parse<int>(file, "best_epoch"),
            BestParameters = bestParameters,
            BestBuffers = bestBuffers,
            RecomputedTiles = Parse<long>(file, "recomputed_tiles"),
            Before = TimeSpan.FromTicks(Parse<long>(file, "elapsed_ticks")),
        };
        for (int i = 0; i < history.Length; i += HistoryColumns)
        {
            state.History.Add(new FitEpoch((int)history[i], history[i + 1], history[i + 2], history[i + 3], history[i + 4], TimeSpan.FromTicks((long)history[i + 5])));
        }

        try
        {
            optimizer.RestoreState(new OptimizerState(Get(file, "optimizer"), Parse<long>(file, "optimizer_steps"), vectors));
        }
        catch (ArgumentException e)
        {
            throw new FlowFileException($"{path}: {e.Message}", innerException: e);
        }

        return new FitCheckpointContent(parameters, buffers, average, state);
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(value is double ? "R" : null, CultureInfo.InvariantCulture);

    private static string Get(SafetensorsFile file, string key) => file.Metadata.GetValueOrDefault(key, "");

    private static T Parse<T>(SafetensorsFile file, string key)
        where T : IParsable<T> => T.TryParse(Get(file, key), CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FlowFileException($"{file.Source}: the metadata give {FileText.Quote(Get(file, key))} for '{key}'; a number was expected.");

    private static float[] ReadTensor(SafetensorsFile file, string name, int length)
    {
        if (!file.ByName.TryGetValue(name, out var entry))
        {
            throw new FlowFileException($"{file.Source}: the tensor '{name}' is missing.", name);
        }

        if (entry.Type != SafetensorsType.F32 || entry.Count != length)
        {
            throw new FlowFileException($"{file.Source}: tensor '{name}': F32 [{length}] was expected, found {entry.Form}.", name);
        }

        float[] values = new float[length];
        file.Read(entry, values.AsSpan());
        return values;
    }

    private static double[] ReadHistory(SafetensorsFile file)
    {
        if (!file.ByName.TryGetValue("history", out var entry) || entry.Type != SafetensorsType.F64 || entry.Shape is not [_, HistoryColumns])
        {
            throw new FlowFileException($"{file.Source}: tensor 'history': F64 [epochs, {HistoryColumns}] was expected, found {entry?.Form ?? "nothing"}.", "history");
        }

        double[] values = new double[file.LengthOf(entry)];
        file.Read(entry, values.AsSpan());
        return values;
    }

    private static string Checksum(IEnumerable<KeyValuePair<string, string>> metadata, IEnumerable<(string Name, float[] Values)> tensors, double[] history)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in metadata.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{key.Length}:{key}={value.Length}:{value}\n")));
        }

        foreach (var (name, values) in tensors.OrderBy(static tensor => tensor.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            DataHash.Append(hash, values);
        }

        hash.AppendData(MemoryMarshal.AsBytes(history.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void CheckOrigin(SafetensorsFile file)
    {
        string hash = Get(file, "hash");
        if (hash != description.Hash)
        {
            throw new FlowFileException(
                $"{file.Source} is a checkpoint of another flow: {FileText.Quote(Get(file, "flow"))} with the declaration {FileText.Quote(hash)}; this is {description.Name} with {description.Hash}.");
        }

        var differences = new List<string>();
        foreach (var (name, here) in settings)
        {
            string there = file.Metadata.GetValueOrDefault(SettingPrefix + name, "not given");
            if (there != here)
            {
                differences.Add($"{name} is {here} here and {there} in the checkpoint");
            }
        }

        if (differences.Count > 0)
        {
            throw new FlowFileException($"{file.Source} is a checkpoint of another training: {string.Join("; ", differences)}.");
        }
    }

    private static void CheckChecksum(
        SafetensorsFile file,
        float[] parameters,
        float[] buffers,
        float[] bestParameters,
        float[] bestBuffers,
        float[]? average,
        IEnumerable<KeyValuePair<string, ReadOnlyMemory<float>>> vectors,
        double[] history)
    {
        List<(string Name, float[] Values)> tensors =
        [
            ("parameters", parameters), ("buffers", buffers), ("best.parameters", bestParameters), ("best.buffers", bestBuffers),
            .. vectors.Select(static pair => (OptimizerPrefix + pair.Key, pair.Value.ToArray())),
        ];
        if (average is not null)
        {
            tensors.Add(("average", average));
        }

        string found = Checksum(file.Metadata.Where(static pair => pair.Key != "checksum"), tensors, history);
        if (found != Get(file, "checksum"))
        {
            throw new FlowFileException($"{file.Source} is damaged: the checksum of its content is {found}, it should be {FileText.Quote(Get(file, "checksum"))}.");
        }
    }
}
