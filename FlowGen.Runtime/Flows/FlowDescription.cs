using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FlowGen;

/// <summary>A flow as data: its layers, shapes and tensors, and what the compiler proved about it.</summary>
public sealed class FlowDescription
{
    /// <summary>Used by generated code.</summary>
    /// <param name="name">The class's name.</param>
    /// <param name="shape">The shape of one sample.</param>
    /// <param name="prior">The density of the latent.</param>
    /// <param name="facts">What was proved about the whole stack, a sentence each.</param>
    /// <param name="layers">The expanded stack.</param>
    public FlowDescription(string name, EventShape shape, Prior prior, IReadOnlyList<string> facts, IEnumerable<LayerDescription> layers)
    {
        Name = name;
        EventShape = shape;
        Prior = prior;
        Facts = facts;
        Layers = [.. layers];
        int trainables = 0;
        int buffers = 0;
        LatentShape = shape;
        for (int i = 0; i < Layers.Count; i++)
        {
            Layers[i].Bind(i, LatentShape, shape.Size - LatentShape.Size, ref trainables, ref buffers);
            LatentShape = Layers[i].Output(LatentShape);
        }

        Latents = LatentPart.Find(Layers, shape, LatentShape);
        TrainableCount = trainables;
        BufferCount = buffers;
        Tensors = [.. Layers.SelectMany(static layer => layer.Tensors)];
        Hash = ComputeHash();
    }

    /// <summary>The class's name.</summary>
    public string Name { get; }

    /// <summary>The shape of one sample.</summary>
    public EventShape EventShape { get; }

    /// <summary>The shape of what leaves the last layer: the last part of the latent, after those that were split off.</summary>
    public EventShape LatentShape { get; }

    /// <summary>The parts of the latent, in the order in which they stand in it: one of each layer that splits off, and what leaves the last layer.</summary>
    public IReadOnlyList<LatentPart> Latents { get; }

    /// <summary>The density of the latent.</summary>
    public Prior Prior { get; }

    /// <summary>What was proved about the whole stack, a sentence each.</summary>
    public IReadOnlyList<string> Facts { get; }

    /// <summary>The expanded stack: the first layer acts first on the data.</summary>
    public IReadOnlyList<LayerDescription> Layers { get; }

    /// <summary>All tensors, trainable ones and buffers, in storage order.</summary>
    public IReadOnlyList<TensorDescription> Tensors { get; }

    /// <summary>The number of trainable parameters: the length of a gradient.</summary>
    public int TrainableCount { get; }

    /// <summary>The number of buffer elements: running statistics, indices, flags.</summary>
    public int BufferCount { get; }

    /// <summary>A hash of the declaration (shape, prior, layers and their options): parameter files carry it, so that a file of another flow is refused.</summary>
    public string Hash { get; }

    /// <summary>The number of levels of the data where the first layer is <see cref="DequantizeAttribute"/>; otherwise null.</summary>
    public int? Bins => Layers.Count > 0 ? Layers[0].Bins : null;

    /// <summary>The stack as a table: each layer with the structure of its Jacobian, the rule of its log-det and why it is invertible.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Name}: {EventShape}, {Prior}, {Layers.Count} layers, {TrainableCount} trainable parameters\n");
        foreach (var layer in Layers)
        {
            var c = layer.Certificate;
            text.Append(CultureInfo.InvariantCulture, $"  {layer.Index,3}  {layer.Declaration}\n");
            text.Append(CultureInfo.InvariantCulture, $"       Jacobian {c.Structure}, diagonal {c.Diagonal}; log-det {c.LogDet}; inverse: {c.Inverse}\n");
        }

        foreach (string fact in Facts)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {fact}\n");
        }

        return text.ToString();
    }

    private string ComputeHash()
    {
        string declaration = string.Join('\n', [EventShape.ToString(), Prior.ToString(), .. Layers.Select(static layer => layer.Declaration)]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(declaration)))[..16];
    }
}
