using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>The resolved layers before one, and the shapes on the way to it.</summary>
/// <param name="input">The shape of a sample.</param>
/// <param name="prior">The density of the latent.</param>
internal sealed class StackPrefix(EventShape input, Prior prior)
{
    private readonly List<EventShape> shapes = [input];

    /// <summary>The layers.</summary>
    public List<LayerModel> Layers { get; } = [];

    /// <summary>The density of the latent.</summary>
    public Prior Prior => prior;

    /// <summary>The shape of what the next layer takes in.</summary>
    public EventShape Shape => shapes[shapes.Count - 1];

    /// <summary>The shapes that led to it, each once.</summary>
    public string Path => string.Join(" -> ", shapes);

    /// <summary>Appends a layer.</summary>
    public void Add(LayerModel layer)
    {
        var output = layer.Output(Shape);
        Layers.Add(layer);
        if (output != Shape)
        {
            shapes.Add(output);
        }
    }
}
