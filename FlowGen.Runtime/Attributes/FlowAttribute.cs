namespace FlowGen;

/// <summary>
/// Declares a normalizing flow: the layers are the attributes that follow, in source order, the first acting first on the data.
/// The class must be partial; the generator completes it with <see cref="IFlow{TSelf}"/>.
/// </summary>
/// <param name="dimensions">D, the number of coordinates of one sample.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FlowAttribute(int dimensions) : Attribute
{
    /// <summary>D, the number of coordinates of one sample.</summary>
    public int Dimensions { get; } = dimensions;

    /// <summary>The density of the latent.</summary>
    public Prior Prior { get; set; }
}
