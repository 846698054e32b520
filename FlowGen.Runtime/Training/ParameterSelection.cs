namespace FlowGen;

/// <summary>The trainable parameters that a training moves: contiguous parts, cut into chunks that fit in cache and can be shared between threads.</summary>
internal sealed class ParameterSelection
{
    /// <summary>The parameters of a chunk.</summary>
    public const int ChunkLength = 8192;

    private ParameterSelection(List<Range> chunks) => Chunks = [.. chunks];

    /// <summary>Non-empty ranges of the trainable parameters, in ascending order.</summary>
    public Range[] Chunks { get; }

    /// <summary>All trainable parameters but the frozen ones.</summary>
    /// <exception cref="ArgumentException">A name fits no trainable tensor, or nothing is left to train.</exception>
    public static ParameterSelection Create(FlowDescription description, IReadOnlyList<string> frozen)
    {
        var trainables = description.Tensors.Where(static tensor => tensor.IsTrainable).ToList();
        var fixedOnes = new HashSet<TensorDescription>();
        foreach (string pattern in frozen)
        {
            var fitting = trainables.Where(tensor => Fits(pattern, tensor.Name)).ToList();
            if (fitting.Count == 0)
            {
                throw new ArgumentException(
                    $"{nameof(FitOptions.Frozen)} names '{pattern}', but {description.Name} has no trainable tensor of that name. " +
                    $"Its trainable tensors are: {string.Join(", ", trainables.Take(12).Select(static tensor => tensor.Name))}{(trainables.Count > 12 ? ", ..." : "")}.",
                    nameof(frozen));
            }

            fixedOnes.UnionWith(fitting);
        }

        var chunks = new List<Range>();
        int start = 0;
        int end = 0;
        foreach (var tensor in trainables.Where(tensor => !fixedOnes.Contains(tensor)))
        {
            if (tensor.Offset != end)
            {
                Cut(chunks, start, end);
                start = tensor.Offset;
            }

            end = tensor.Offset + tensor.Count;
        }

        Cut(chunks, start, end);
        return chunks.Count > 0
            ? new ParameterSelection(chunks)
            : throw new ArgumentException(
                trainables.Count == 0
                    ? $"{description.Name} has no trainable parameters."
                    : $"{nameof(FitOptions.Frozen)} covers all {trainables.Count} trainable tensors of {description.Name}: nothing is left to train.",
                nameof(frozen));
    }

    private static bool Fits(string pattern, string name) => pattern is [.. var prefix, '*']
        ? name.StartsWith(prefix, StringComparison.Ordinal)
        : name == pattern;

    private static void Cut(List<Range> chunks, int start, int end)
    {
        for (; start < end; start += ChunkLength)
        {
            chunks.Add(start..Math.Min(end, start + ChunkLength));
        }
    }
}
