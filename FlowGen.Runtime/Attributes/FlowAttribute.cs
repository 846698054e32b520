namespace FlowGen;

/// <summary>
/// Declares a normalizing flow: the layers are the attributes that follow, in source order, the first acting first on the data.
/// The class must be partial; the generator completes it with <see cref="IFlow{TSelf}"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FlowAttribute : Attribute
{
    /// <summary>A flow on vectors <c>[D]</c>.</summary>
    /// <param name="dimensions">D, the number of coordinates of one sample.</param>
    public FlowAttribute(int dimensions) => Shape = EventShape.Vector(dimensions);

    /// <summary>A flow on images <c>[C, H, W]</c>.</summary>
    /// <param name="channels">C, the number of channels.</param>
    /// <param name="height">H, the number of rows.</param>
    /// <param name="width">W, the number of columns.</param>
    public FlowAttribute(int channels, int height, int width) => Shape = EventShape.Image(channels, height, width);

    /// <summary>The shape of one sample.</summary>
    public EventShape Shape { get; }

    /// <summary>The density of the latent.</summary>
    public Prior Prior { get; set; }
}
