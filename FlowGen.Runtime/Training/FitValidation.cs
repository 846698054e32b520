using System.Numerics;

namespace FlowGen;

/// <summary>Refuses options and data that cannot be trained with, naming what was expected and what was found.</summary>
internal static class FitValidation
{
    /// <summary>Options alone and with the flow.</summary>
    public static void Check(FlowDescription description, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Optimizer, nameof(options) + "." + nameof(FitOptions.Optimizer));
        ArgumentNullException.ThrowIfNull(options.Schedule, nameof(options) + "." + nameof(FitOptions.Schedule));
        ArgumentNullException.ThrowIfNull(options.Frozen, nameof(options) + "." + nameof(FitOptions.Frozen));
        AtLeast(options.Epochs, 1, nameof(FitOptions.Epochs));
        AtLeast(options.BatchSize, 1, nameof(FitOptions.BatchSize));
        AtLeast(options.Patience, 0, nameof(FitOptions.Patience));
        Within(options.ValidationFraction, 0, 1, nameof(FitOptions.ValidationFraction), "the training rows are what is left");
        Within(options.EmaDecay, 0, 1, nameof(FitOptions.EmaDecay), "0 averages nothing and values near 1 average over many steps");
        if (!(options.ClipNorm >= 0))
        {
            throw new ArgumentException($"{nameof(FitOptions.ClipNorm)} is {options.ClipNorm}; the largest norm of a gradient is positive, or 0 for no limit.", nameof(options));
        }

        if (options.Memory is { } memory && !Enum.IsDefined(memory))
        {
            throw new ArgumentException($"{nameof(FitOptions.Memory)} is {options.Memory}; it is one of {string.Join(", ", Enum.GetNames<MemoryMode>())}.", nameof(options));
        }

        if (options.Checkpoint is { } checkpoint)
        {
            ArgumentException.ThrowIfNullOrEmpty(checkpoint.Path, nameof(options) + "." + nameof(FitOptions.Checkpoint));
            AtLeast(checkpoint.Epochs, 0, $"{nameof(FitOptions.Checkpoint)}.{nameof(CheckpointOptions.Epochs)}");
            string directory = Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path)) ?? "/";
            if (!Directory.Exists(directory))
            {
                // Said now, and not when the first hours of training are to be saved.
                throw new DirectoryNotFoundException($"Checkpoints are to be saved to {checkpoint.Path}, but the directory {directory} does not exist.");
            }
        }

        if (options.BatchSize < 2 && BatchCoupled(description) is { } layer)
        {
            throw new ArgumentException(
                $"{nameof(FitOptions.BatchSize)} is {options.BatchSize}, but layer {layer.Index} ({layer.Kind}) of {description.Name} normalises by the statistics of the batch: at least 2 rows are needed.",
                nameof(options));
        }
    }

    /// <summary>The first layer with batch statistics, if any.</summary>
    public static LayerDescription? BatchCoupled(FlowDescription description) => description.Layers.FirstOrDefault(static layer => layer is IBatchCoupledLayer);

    /// <summary>The number of rows of a table, all of whose values are fit to be trained on.</summary>
    public static int CheckRows(FlowDescription description, ReadOnlySpan<float> data, string name)
    {
        int size = description.EventShape.Size;
        (int count, int rest) = Math.DivRem(data.Length, size);
        if (rest != 0)
        {
            throw new ArgumentException($"{description.Name} takes rows of {size} numbers; {name} holds {data.Length} numbers, which is not a multiple of that.", name);
        }

        int bad = description.Bins is { } bins ? FindOffLevel(data, bins) : FindNonFinite(data);
        return bad < 0
            ? count
            : throw new ArgumentException(
                $"{name}: the value in row {bad / size}, column {bad % size} is {data[bad]}; " +
                (description.Bins is { } levels ? $"{description.Name} takes whole numbers in [0, {levels})." : "finite numbers are needed."),
                name);
    }

    /// <summary>Weights of rows: as many, not negative, finite, not all zero.</summary>
    public static void CheckWeights(ReadOnlySpan<float> weights, int rows)
    {
        if (weights.Length != rows)
        {
            throw new ArgumentException($"{nameof(FitOptions.SampleWeights)} holds {weights.Length} weights; the data has {rows} rows.", nameof(FitOptions.SampleWeights));
        }

        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0) || !float.IsFinite(weights[i]))
            {
                throw new ArgumentException(
                    $"{nameof(FitOptions.SampleWeights)}: the weight of row {i} is {weights[i]}; weights are 0 or more, and finite.", nameof(FitOptions.SampleWeights));
            }
        }
    }

    private static void AtLeast(int value, int least, string name)
    {
        if (value < least)
        {
            throw new ArgumentException($"{name} is {value}; it is at least {least}.", "options");
        }
    }

    private static void Within(double value, double least, double end, string name, string meaning)
    {
        if (!(value >= least && value < end))
        {
            throw new ArgumentException($"{name} is {value}; it is at least {least} and less than {end}: {meaning}.", "options");
        }
    }

    private static int FindNonFinite(ReadOnlySpan<float> data)
    {
        int i = 0;
        for (; i <= data.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            // x - x is 0, but NaN for infinities and NaN.
            var values = new Vector<float>(data.Slice(i, Vector<float>.Count));
            if (!Vector.EqualsAll(values - values, Vector<float>.Zero))
            {
                break;
            }
        }

        for (; i < data.Length; i++)
        {
            if (!float.IsFinite(data[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static int FindOffLevel(ReadOnlySpan<float> data, int bins)
    {
        for (int i = 0; i < data.Length; i++)
        {
            if (!(data[i] >= 0 && data[i] < bins) || data[i] != MathF.Floor(data[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
