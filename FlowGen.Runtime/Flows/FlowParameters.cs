using System.Collections;

namespace FlowGen;

/// <summary>Changes trainable parameters in place.</summary>
/// <param name="trainables">All trainable parameters <c>[TrainableCount]</c>.</param>
public delegate void ParameterUpdate(Span<float> trainables);

/// <summary>
/// The named tensors of a flow. Read through read-only spans and written through <see cref="Set"/> or <see cref="Update"/>, so that what the flow
/// derives from them (packed weights, log-determinants) is known to be current. Writing is exclusive with inference.
/// </summary>
public sealed class FlowParameters : IReadOnlyList<FlowTensor>
{
    private readonly FlowDescription description;
    private readonly Dictionary<string, FlowTensor> byName = new(StringComparer.Ordinal);
    private readonly List<FlowTensor> tensors = [];
    private readonly float[] trainables;
    private readonly float[] buffers;
    private long version = 1;

    internal FlowParameters(FlowDescription description)
    {
        this.description = description;
        trainables = new float[description.TrainableCount];
        buffers = new float[description.BufferCount];
        foreach (var tensor in description.Tensors)
        {
            var entry = new FlowTensor(this, tensor);
            tensors.Add(entry);
            byName.Add(tensor.Name, entry);
        }
    }

    /// <summary>The number of tensors.</summary>
    public int Count => tensors.Count;

    /// <summary>The number of trainable parameters: the length of a gradient.</summary>
    public int TrainableCount => trainables.Length;

    /// <summary>All trainable parameters, tensor after tensor, in the order of the gradient.</summary>
    public ReadOnlySpan<float> Trainables => trainables;

    /// <summary>Rises with every write.</summary>
    public long Version => Volatile.Read(ref version);

    /// <summary>The tensor at a position in storage order.</summary>
    public FlowTensor this[int index] => tensors[index];

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists the names nearest to it.</exception>
    public FlowTensor this[string name] => byName.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"{description.Name} has no tensor {name}. Its tensors are: {string.Join(", ", byName.Keys.Take(12))}{(byName.Count > 12 ? ", ..." : "")}.");

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>Replaces the values of one tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="values">As many as it has, finite, row-major in PyTorch's layout.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="ArgumentException">The count differs, or a value is not finite; nothing is changed.</exception>
    public void Set(string name, ReadOnlySpan<float> values)
    {
        var tensor = this[name].Description;
        if (values.Length != tensor.Count)
        {
            throw new ArgumentException($"{tensor} has {tensor.Count} elements; {values.Length} values were given.", nameof(values));
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"{tensor}: the value at {i} is {values[i]}, not a finite number.", nameof(values));
            }
        }

        values.CopyTo((tensor.IsTrainable ? trainables : buffers).AsSpan(tensor.Offset));
        MarkChanged();
    }

    /// <summary>Changes the trainable parameters in place, in the order of the gradient.</summary>
    public void Update(ParameterUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        try
        {
            update(trainables);
        }
        finally
        {
            MarkChanged();
        }
    }

    /// <summary>Says that the written weights are final: data-dependent layers are then taken as initialised.</summary>
    public void MarkInitialized()
    {
        foreach (var flag in description.Tensors.Where(static tensor => tensor.Element == TensorElement.Flag))
        {
            buffers[flag.Offset] = 1;
        }

        MarkChanged();
    }

    /// <inheritdoc/>
    public IEnumerator<FlowTensor> GetEnumerator() => tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The trainable parameters, to be written by this assembly; <see cref="MarkChanged"/> follows.</summary>
    internal float[] MutableTrainables => trainables;

    /// <summary>The buffers, to be written by this assembly; <see cref="MarkChanged"/> follows.</summary>
    internal float[] MutableBuffers => buffers;

    /// <summary>A layer's trainable parameters and its buffers, to be written by this assembly.</summary>
    internal LayerTensors LayerParts(LayerDescription layer)
    {
        var own = layer.Tensors.Where(static tensor => tensor.IsTrainable).ToList();
        var state = layer.Tensors.Where(static tensor => !tensor.IsTrainable).ToList();
        return new LayerTensors(
            own.Count == 0 ? default : trainables.AsSpan(own[0].Offset, own.Sum(static tensor => tensor.Count)),
            state.Count == 0 ? default : buffers.AsSpan(state[0].Offset, state.Sum(static tensor => tensor.Count)));
    }

    internal void MarkChanged() => Interlocked.Increment(ref version);

    internal ReadOnlySpan<float> Read(TensorDescription tensor) =>
        (tensor.IsTrainable ? trainables : buffers).AsSpan(tensor.Offset, tensor.Count);
}
