namespace FlowGen.Verification;

/// <summary>A layer's tensors in double precision, by their name within the layer, for the reference interpreter.</summary>
internal sealed class ReferenceWeights(LayerDescription layer, double[] trainables, double[] buffers)
{
    private readonly int prefix = layer.Prefix.Length;

    /// <summary>Those of a layer within the layer.</summary>
    public ReferenceWeights Of(LayerDescription member) => new(member, trainables, buffers);

    /// <summary>The tensor called <c>layers.N.</c><paramref name="name"/>.</summary>
    public ReadOnlySpan<double> this[string name]
    {
        get
        {
            foreach (var tensor in layer.Tensors)
            {
                if (tensor.Name.AsSpan(prefix).SequenceEqual(name))
                {
                    return (tensor.IsTrainable ? trainables : buffers).AsSpan(tensor.Offset, tensor.Count);
                }
            }

            throw new ArgumentException($"Layer {layer.Index} ({layer.Kind}) has no tensor {name}.", nameof(name));
        }
    }
}
