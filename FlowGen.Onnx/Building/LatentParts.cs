namespace FlowGen.Onnx.Building;

/// <summary>The parts of the latent: layers that split off put them in, or take them out on the way back.</summary>
/// <param name="description">The flow.</param>
internal sealed class LatentParts(FlowDescription description)
{
    private readonly Dictionary<LayerDescription, GraphValue> bySource = [];
    private readonly List<GraphValue> emitted = [];

    /// <summary>Appends a part, in the shape that it has in the stack.</summary>
    public void Emit(GraphValue part) => emitted.Add(part);

    /// <summary>The whole latent <c>[N, D]</c>.</summary>
    /// <param name="end">What reached the end of the stack.</param>
    public GraphValue Join(GraphValue end)
    {
        if (emitted.Count == 0 && !description.LatentShape.IsImage)
        {
            return end;
        }

        List<GraphValue> flat = [];
        for (int i = 0; i <= emitted.Count; i++)
        {
            flat.Add((i < emitted.Count ? emitted[i] : end).Reshape(description.Latents[i].Shape.Size));
        }

        return Shaping.Join([.. flat]);
    }

    /// <summary>Divides a latent <c>[N, D]</c>; returns what goes to the end of the stack.</summary>
    public GraphValue Divide(GraphValue z)
    {
        var end = z;
        foreach (var part in description.Latents)
        {
            var (start, length) = (part.Start, part.Shape.Size);
            var value = length == description.EventShape.Size ? z : z.Between(start, start + length);
            value = part.Shape.IsImage ? value.Reshape(part.Shape) : value;
            if (part.Layer is null)
            {
                end = value;
            }
            else
            {
                bySource.Add(part.Layer, value);
            }
        }

        return end;
    }

    /// <summary>The part that a layer sent off.</summary>
    public GraphValue Absorb(LayerDescription layer) => bySource[layer];
}
