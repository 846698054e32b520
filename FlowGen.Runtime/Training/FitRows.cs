using FlowGen.Random;

namespace FlowGen;

/// <summary>
/// The rows of a training: which train and which validate, in what order an epoch visits them, and their noise. All of it is a function of seed, epoch and row, so that a
/// training can be taken up anywhere.
/// </summary>
internal sealed class FitRows
{
    /// <summary>Number 0 of a random stream belongs to what is drawn once; epochs are counted from 1.</summary>
    private const int Once = 0;

    /// <summary>Data-dependent layers look at no more rows than this.</summary>
    private const int InitializationRows = 4096;

    private readonly ReadOnlyMemory<float> data;
    private readonly ReadOnlyMemory<float> validationData;
    private readonly ReadOnlyMemory<float> weights;
    private readonly int size;
    private readonly bool noisy;
    private readonly bool shuffle;
    private readonly bool separate;
    private readonly ulong seed;
    private readonly int[] training;
    private readonly int[] validation;
    private readonly int[] order;

    public FitRows(FlowDescription description, ReadOnlyMemory<float> data, FitOptions options)
    {
        this.data = data;
        separate = !options.ValidationData.IsEmpty;
        validationData = separate ? options.ValidationData : data;
        weights = options.SampleWeights;
        size = description.EventShape.Size;
        noisy = description.Bins is not null;
        shuffle = options.Shuffle;
        seed = options.Seed;
        Count = FitValidation.CheckRows(description, data.Span, nameof(data));
        if (!weights.IsEmpty)
        {
            FitValidation.CheckWeights(weights.Span, Count);
        }

        // Rows without weight would still count in batch statistics.
        int[] rows = [.. Enumerable.Range(0, Count).Where(row => weights.IsEmpty || weights.Span[row] > 0)];
        if (!separate)
        {
            (training, validation) = Split(rows, options.ValidationFraction, description);
        }
        else
        {
            training = rows;
            validation = [.. Enumerable.Range(0, FitValidation.CheckRows(description, validationData.Span, nameof(FitOptions.ValidationData)))];
        }

        var coupled = FitValidation.BatchCoupled(description);
        int needed = coupled is null ? 1 : 2;
        if (training.Length < needed)
        {
            throw new ArgumentException(
                $"{description.Name} trains on at least {needed} row{(needed == 1 ? "" : $"s (layer {coupled!.Index}, {coupled.Kind}, normalises by the statistics of the batch)")}; " +
                $"of the {Count} rows of the data {training.Length} are left for training{(rows.Length < Count ? $" ({Count - rows.Length} have weight zero)" : "")}.",
                nameof(data));
        }

        int steps = (training.Length + options.BatchSize - 1) / options.BatchSize;
        Steps = coupled is null ? steps : Math.Min(steps, training.Length / 2);
        LargestBatch = (training.Length + Steps - 1) / Steps;
        MeanWeight = weights.IsEmpty ? 1 : training.Average(row => (double)weights.Span[row]);
        order = new int[training.Length];
        Description = description;
    }

    public FlowDescription Description { get; }

    /// <summary>The rows of the data.</summary>
    public int Count { get; }

    /// <summary>The rows that train.</summary>
    public int TrainingCount => training.Length;

    /// <summary>The rows that validate.</summary>
    public int ValidationCount => validation.Length;

    public bool IsWeighted => !weights.IsEmpty;

    /// <summary>The mean weight of the training rows.</summary>
    public double MeanWeight { get; }

    /// <summary>Steps of an epoch.</summary>
    public int Steps { get; }

    public int LargestBatch { get; }

    /// <summary>The rows that validate, of the data or of the validation data.</summary>
    public ReadOnlySpan<int> ValidationRows => validation;

    /// <summary>The rows that train.</summary>
    public ReadOnlySpan<int> TrainingRows => training;

    /// <summary>Tells data apart.</summary>
    public string DataHash() => FlowGen.DataHash.Of(data.Span);

    /// <summary>Tells validation data apart.</summary>
    public string ValidationHash() => FlowGen.DataHash.Of(validationData.Span);

    /// <summary>Tells weights apart.</summary>
    public string WeightsHash() => FlowGen.DataHash.Of(weights.Span);

    /// <summary>Puts the rows into the order of an epoch, counted from 1.</summary>
    public void BeginEpoch(int epoch)
    {
        training.CopyTo(order, 0);
        if (shuffle)
        {
            RandomNumbers.Shuffle(order, seed, RandomNumbers.Stream(RandomPurpose.Shuffle, epoch));
        }
    }

    /// <summary>The rows of a step, counted from 0, in the order that was begun.</summary>
    public ReadOnlySpan<int> Batch(int step)
    {
        int start = (int)((long)training.Length * step / Steps);
        int end = (int)((long)training.Length * (step + 1) / Steps);
        return order.AsSpan(start, end - start);
    }

    /// <summary>Writes training rows, with the noise of an epoch, and their weights; returns the sum of the weights.</summary>
    public double Gather(ReadOnlySpan<int> rows, int epoch, Span<float> values, Span<float> rowWeights)
    {
        Gather(data.Span, rows, RandomNumbers.Stream(RandomPurpose.Dequantization, epoch), values);
        return GatherWeights(rows, rowWeights);
    }

    /// <summary>Writes validation rows, with noise that never changes, and their weights.</summary>
    public void GatherValidation(ReadOnlySpan<int> rows, Span<float> values, Span<float> rowWeights)
    {
        Gather(validationData.Span, rows, RandomNumbers.Stream(RandomPurpose.Dequantization, Once), values);
        if (!separate)
        {
            _ = GatherWeights(rows, rowWeights);
        }
        else
        {
            rowWeights[..rows.Length].Fill(1);
        }
    }

    /// <summary>The rows that data-dependent layers start from.</summary>
    public float[] InitializationBatch()
    {
        int[] rows = [.. training];
        RandomNumbers.Shuffle(rows, seed, RandomNumbers.Stream(RandomPurpose.Initialization, Once));
        int count = Math.Min(rows.Length, InitializationRows);
        float[] values = new float[count * size];
        Gather(data.Span, rows.AsSpan(0, count), RandomNumbers.Stream(RandomPurpose.Dequantization, Once), values);
        return values;
    }

    private void Gather(ReadOnlySpan<float> source, ReadOnlySpan<int> rows, uint stream, Span<float> values)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            var from = source.Slice(rows[i] * size, size);
            var to = values.Slice(i * size, size);
            if (!noisy)
            {
                from.CopyTo(to);
                continue;
            }

            RandomNumbers.FillNoise(to, seed, (ulong)rows[i], stream);
            for (int j = 0; j < size; j++)
            {
                to[j] += from[j];
            }
        }
    }

    private double GatherWeights(ReadOnlySpan<int> rows, Span<float> rowWeights)
    {
        if (weights.IsEmpty)
        {
            rowWeights[..rows.Length].Fill(1);
            return rows.Length;
        }

        double sum = 0;
        var all = weights.Span;
        for (int i = 0; i < rows.Length; i++)
        {
            rowWeights[i] = all[rows[i]];
            sum += all[rows[i]];
        }

        return sum;
    }

    private (int[] Training, int[] Validation) Split(int[] rows, double fraction, FlowDescription description)
    {
        if (fraction == 0)
        {
            return (rows, []);
        }

        if (rows.Length < 2)
        {
            throw new ArgumentException(
                $"{description.Name}: {rows.Length} row{(rows.Length == 1 ? "" : "s")} cannot be divided into training and validation; give more data, {nameof(FitOptions.ValidationData)}, or a {nameof(FitOptions.ValidationFraction)} of 0 (it is {fraction}).",
                nameof(data));
        }

        int count = Math.Clamp((int)Math.Round(rows.Length * fraction), 1, rows.Length - 1);
        int[] drawn = [.. rows];
        RandomNumbers.Shuffle(drawn, seed, RandomNumbers.Stream(RandomPurpose.Shuffle, Once));
        return ([.. drawn[count..].Order()], [.. drawn[..count].Order()]);
    }
}
